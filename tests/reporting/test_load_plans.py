"""`load_plans`: what the database holds after it, and what it does to edits."""

import shutil
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db.models import Count

from budget.models import CreditAmount, CreditLine, StatedFigure
from ibzplan.core.models import HistoryEntry
from ibzplan.core.selectors import last_instant, last_rewritten
from ibzplan.core.services import record_change
from objectives.security.models import (
    AttentionPoint,
    EnablingCondition,
    EnablingConditionPoint,
    FrameworkMention,
    KivDimension,
    PolicyFramework,
    SecurityObjective,
    SecurityObjectivePoint,
    SecurityTheme,
    ThemeKivLink,
)
from objectives.strategy.models import (
    CommunicationAction,
    Goal,
    Mission,
    Plan,
    PlanElement,
    StrategicObjective,
    Werf,
    WerfElement,
    WerfUnit,
)
from personnel.models import (
    MinisterUnit,
    OfficeHolder,
    OrganisationUnit,
    StaffingFigure,
    StaffingLine,
    SupervisingMinister,
    UnitName,
    User,
)
from reporting.plans.loader import InvalidFixtures, fixtures_read, plans_load
from reporting.plans.merge import Outcome, merge
from reporting.plans.reader import Entry, Problem
from reporting.plans.report import LoadReport
from reporting.plans.tables import NAMESPACE

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
SOURCES = Path(settings.BASE_DIR).parent / "shared" / "sources"

TITLED = (
    Plan,
    PlanElement,
    Mission,
    StrategicObjective,
    Goal,
    Werf,
    WerfElement,
    CommunicationAction,
    KivDimension,
    SecurityTheme,
    SecurityObjective,
    SecurityObjectivePoint,
    AttentionPoint,
    PolicyFramework,
    EnablingCondition,
    EnablingConditionPoint,
    OrganisationUnit,
    SupervisingMinister,
    CreditLine,
    StaffingLine,
    StatedFigure,
)

Edit = Callable[[str, str, str], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the fixtures that a test may change."""
    return Path(shutil.copytree(FIXTURES, tmp_path / "fixtures"))


@pytest.fixture
def edit(folder: Path) -> Edit:
    """Replace a text that stands once in a fixture of the copy."""

    def replace(file: str, old: str, new: str) -> None:
        path = folder / f"{file}.yaml"
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}.yaml"
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replace


@pytest.fixture
def loaded(db: None) -> LoadReport:
    return plans_load(folder=FIXTURES)


@pytest.fixture
def planner(db: None) -> User:
    return User.objects.create(username="planner")


# --- what the database holds -------------------------------------------------------------------


def test_the_strategic_plan_has_the_parts_that_it_prints(loaded: LoadReport) -> None:
    assert list(Plan.objects.values_list("code", "kind")) == [
        ("SP2025", "strategic"),
        ("NVP2026", "security"),
    ]
    assert Mission.objects.count() == 3
    assert list(
        StrategicObjective.objects.annotate(goals_count=Count("goals"))
        .order_by("order")
        .values_list("code", "goals_count", "coalition_line__code")
    ) == [("1", 8, "C1"), ("2", 8, "C2"), ("3", 9, "C3"), ("4", 4, "C4")]
    assert list(
        StrategicObjective.objects.annotate(werven_count=Count("werven"))
        .order_by("order")
        .values_list("code", "werven_count")
    ) == [("1", 6), ("2", 8), ("3", 4), ("4", 5)]
    assert Counter(WerfElement.objects.values_list("werf__code", "kind")) == {
        ("1.3", "commitment"): 6,
        ("4.2", "pillar"): 4,
    }


def test_the_elements_of_the_strategic_plan_by_kind(loaded: LoadReport) -> None:
    assert Counter(
        PlanElement.objects.filter(plan__code="SP2025").values_list("kind", flat=True)
    ) == {
        "mission_statement": 1,
        "vision": 1,
        "guiding_principle": 2,
        "coalition_line": 4,
        "value": 5,
        "stakeholder_group": 4,
        "pestel": 6,
        "swot": 4,
        "planning_rule": 18,
        "addendum": 1,
    }
    group = PlanElement.objects.get(code="SH3")
    assert len(group.attributes["members"]) == 25
    assert group.attributes["members"][0]["nl"] == "IOM"
    assert "11bis" in PlanElement.objects.get(code="R01").attributes["law"]["fr"]
    assert PlanElement.objects.get(code="ADD1").is_open


def test_the_communication_plan_keeps_its_open_dates_open(loaded: LoadReport) -> None:
    rows = list(CommunicationAction.objects.all())
    assert len(rows) == 9
    assert [row.code for row in rows if row.is_date_open] == ["CP4", "CP5", "CP7"]
    assert {row.date for row in rows} == {None}
    assert rows[3].date_printed == "**-**-****"
    assert rows[0].timing["nl"] == "Na ondertekening"
    assert rows[6].audience == {}


def test_the_security_plan_has_the_parts_that_it_prints(loaded: LoadReport) -> None:
    assert SecurityTheme.objects.filter(parent=None).count() == 7
    assert SecurityTheme.objects.exclude(parent=None).count() == 9
    assert SecurityTheme.objects.filter(is_block=True).count() == 15
    assert list(SecurityTheme.objects.filter(is_block=False).values_list("code", flat=True)) == [
        "6"
    ]
    assert Counter(SecurityObjective.objects.values_list("level", flat=True)) == {
        "federal": 58,
        "local": 17,
        "integrated": 8,
    }
    assert set(
        SecurityObjective.objects.filter(level="integrated").values_list("theme__code", flat=True)
    ) == {"7"}
    assert SecurityObjectivePoint.objects.count() == 25
    assert AttentionPoint.objects.filter(is_general=False).count() == 34
    assert AttentionPoint.objects.filter(is_general=True).count() == 3
    assert EnablingCondition.objects.count() == 11
    assert Counter(EnablingConditionPoint.objects.values_list("condition__code", flat=True)) == {
        "8.4": 6
    }


def test_frameworks_and_kiv_dimensions_are_linked_as_printed(loaded: LoadReport) -> None:
    assert PolicyFramework.objects.count() == 57
    assert FrameworkMention.objects.count() == 93
    assert KivDimension.objects.count() == 6
    assert ThemeKivLink.objects.count() == 11
    assert list(
        SecurityTheme.objects.filter(is_kiv_transversal=True).values_list("code", flat=True)
    ) == ["1"]
    named = set(KivDimension.objects.exclude(themes=None).values_list("code", flat=True))
    assert named == {"PERS", "MAAT", "ECON", "OPEN", "DIGI"}
    # Every link to a dimension stands on a line that also mentions the framework note itself.
    mentions = FrameworkMention.objects.exclude(dimension=None)
    assert set(mentions.values_list("theme", "dimension", "source_line")) == set(
        ThemeKivLink.objects.values_list("theme", "dimension", "source_line")
    )


def test_the_elements_of_the_security_plan_by_kind(loaded: LoadReport) -> None:
    # The list in the source prints 83 abbreviations, although the commissioning text says 84.
    assert Counter(
        PlanElement.objects.filter(plan__code="NVP2026").values_list("kind", flat=True)
    ) == {
        "theme_mission": 13,
        "regular_theme": 8,
        "emphasis": 3,
        "figure": 6,
        "plan_reference": 1,
        "reform": 4,
        "pillar": 3,
        "reinforcement": 8,
        "condition": 3,
        "milestone": 2,
        "follow_up": 3,
        "evaluation": 4,
        "abbreviation": 83,
    }
    figure = PlanElement.objects.get(code="FIG4")
    assert figure.attributes["value"] == "13879"
    assert figure.attributes["as_of"] == "2025-01-31"
    assert figure.attributes["printed"] == "13.879 medewerkers"
    assert PlanElement.objects.get(code="FIG5").attributes["approximate"] is True
    assert PlanElement.objects.get(code="R1").attributes == {"open_ended": True}
    assert PlanElement.objects.get(code="1-M1").attributes["theme"] == "1"
    assert PlanElement.objects.get(code="MS1").attributes["date"] == "2026-02-27"
    assert list(
        PlanElement.objects.filter(plan__code="NVP2026", is_open=True).values_list(
            "code", flat=True
        )
    ) == ["MS2"]


def test_units_carry_their_names_as_each_place_prints_them(loaded: LoadReport) -> None:
    assert OrganisationUnit.objects.count() == 26
    assert Counter(UnitName.objects.values_list("where", flat=True)) == {
        "text": 29,
        "fte_table": 21,
        "headcount_table": 14,
        "organogram": 12,
    }
    crisis = UnitName.objects.filter(unit__code="NCCN")
    assert list(crisis.values_list("where", "printed")) == [
        ("text", "Nationaal Crisiscentrum"),
        ("organogram", "Nationaal Crisiscentrum"),
        ("text", "Nationaal Crisiscentrum (NCCN)"),
        ("fte_table", "NCCN"),
        ("headcount_table", "Crisiscentrum"),
    ]
    assert OrganisationUnit.objects.get(code="VZ-CORP").parent == OrganisationUnit.objects.get(
        code="VZ"
    )


def test_ministers_have_their_units_holders_and_plans(loaded: LoadReport) -> None:
    units: dict[str, set[str]] = {code: set() for code in ("VBZ", "AM", "JUS")}
    for minister, unit in MinisterUnit.objects.values_list("minister__code", "unit__code"):
        units[minister].add(unit)
    assert units == {
        "VBZ": {"INTOND", "PO", "BB", "ADDIO", "ADCV", "NCCN", "ADVP", "ADIB", "PROV", "OCAD"},
        "AM": {"DVZ", "CGVS", "RVV"},
        "JUS": set(),
    }
    assert set(
        OfficeHolder.objects.values_list("minister__code", "name", "holds_from", "holds_to")
    ) == {
        ("VBZ", "Bernard Quintin", None, None),
        ("AM", "Anneleen Van Bossuyt", None, None),
        ("JUS", "Annelies Verlinden", None, None),
        (None, "Laura Szabo", None, None),
    }
    president = OfficeHolder.objects.get(minister=None)
    assert president.office["nl"] == "Voorzitster van het directiecomité"
    assert list(SupervisingMinister.objects.values_list("code", "plan_codes")) == [
        ("VBZ", ["SP2025", "NVP2026"]),
        ("AM", ["SP2025"]),
        ("JUS", ["NVP2026"]),
    ]


def test_each_werf_has_its_working_units_lead_first(loaded: LoadReport) -> None:
    assert not Werf.objects.filter(units=None).exists()
    reading = fixtures_read(folder=FIXTURES)
    for entry in reading.entries("werven"):
        werf = Werf.objects.get(code=entry.code)
        assert [link.unit.code for link in werf.unit_links.select_related("unit")] == [
            below.values["unit"] for below in entry.children["units"]
        ]


@pytest.mark.parametrize("model", TITLED)
def test_every_title_is_dutch_and_unofficially_french(loaded: LoadReport, model: Any) -> None:
    for row in model.objects.all():
        assert (row.title.state("nl"), row.title.state("fr")) == ("approved", "unofficial"), row
        if getattr(row, "description", None):
            assert row.description.state("nl") == row.description.state("fr") == "unofficial", row


def test_search_keys_hold_code_and_all_languages_folded(loaded: LoadReport) -> None:
    werf = Werf.objects.get(code="1.6")
    assert werf.search_key.startswith("1.6 duidelijk, transparant")
    assert "procedure d’asile" in werf.search_key
    assert werf.search_key == werf.search_key.casefold()
    assert OrganisationUnit.objects.filter(search_key__contains="office des etrangers").exists()


def test_every_row_says_where_it_stands_in_its_source(loaded: LoadReport) -> None:
    for model in (*TITLED, UnitName, OfficeHolder, MinisterUnit, CreditAmount, StaffingFigure):
        assert not model.objects.filter(source_first_line=None).exists()
        assert not model.objects.filter(source_file="").exists()
    werf = Werf.objects.get(code="1.3")
    assert (werf.source_file, werf.source_first_line, werf.source_last_line) == (
        "000_c14960591bf45b9c.txt",
        582,
        645,
    )
    assert Plan.objects.get(code="NVP2026").source_file == "004_97ca88a594413ef5.txt"


def test_identities_are_the_same_in_every_database(loaded: LoadReport) -> None:
    assert Werf.objects.get(code="1.3").uuid == uuid.uuid5(NAMESPACE, "strategy.werf:SP2025/1/1.3")
    assert PlanElement.objects.get(code="V1").uuid == uuid.uuid5(
        NAMESPACE, "strategy.planelement:SP2025/value/V1"
    )
    assert SecurityObjectivePoint.objects.get(code="1-F4.1").uuid == uuid.uuid5(
        NAMESPACE, "security.securityobjectivepoint:NVP2026/1/1-F4/1-F4.1"
    )


# --- the sources -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def source_lines() -> dict[str, list[str]]:
    if not SOURCES.is_dir():
        pytest.skip("the source texts of the two plans are not beside this copy of the product")
    return {
        path.name: path.read_text(encoding="utf-8").split("\n") for path in SOURCES.glob("*.txt")
    }


def printed_claims(entry: Entry) -> Iterator[tuple[str, int, int]]:
    """Yield (text, first line, last line) for all that an entry says is printed."""
    if entry.match:
        yield entry.match, entry.first_line, entry.last_line
    if isinstance(entry.values.get("printed"), str):
        yield entry.values["printed"], entry.first_line, entry.last_line
    for variant in entry.values.get("printed_variants") or ():
        yield variant["printed"], variant["line"], variant["line"]


def is_printed(text: str, lines: list[str], first: int, last: int) -> bool:
    """Tell whether `text` begins on one of the lines; it may run on over the next ones."""
    wanted = text.casefold()
    if any(wanted in line.casefold() for line in lines[first - 1 : last]):
        return True
    # The asterisks around words in italics are the markup of the source, not part of a name.
    plain = [" ".join(line.replace("*", "").split()).casefold() for line in lines]
    begin = " ".join(line for line in plain[first - 1 : last] if line)
    return (
        0
        <= f"{begin} {' '.join(' '.join(plain[last : last + 12]).split())}".find(wanted)
        <= len(begin)
    )


def test_every_entry_is_found_at_the_lines_it_cites(source_lines: dict[str, list[str]]) -> None:
    reading = fixtures_read(folder=FIXTURES)
    entries = [below for top in reading.lists.values() for entry in top for below in entry.walk()]
    missing = [
        f"{entry.file} {entry.parent_code} {entry.code}: {text!r} is not at {first}-{last}"
        for entry in entries
        for text, first, last in printed_claims(entry)
        if not is_printed(text, source_lines[entry.source], first, last)
    ]
    assert not missing, "\n".join(missing)
    # Every list entry cites something; sub-entries too, except bare links to units and dimensions.
    silent = {entry.file for entry in entries if not list(printed_claims(entry))}
    assert silent == {"ministers", "security_themes", "werven"}


def test_links_to_a_kiv_dimension_stand_where_its_name_is_printed() -> None:
    reading = fixtures_read(folder=FIXTURES)
    printed = {
        (entry.code, variant["line"])
        for entry in reading.entries("kiv_dimensions")
        for variant in entry.values["printed_variants"]
    }
    linked = {
        (link.values["kiv"], link.first_line)
        for theme in reading.entries("security_themes")
        for link in theme.children["kiv"]
    }
    assert linked == printed


# --- loading again -----------------------------------------------------------------------------


def test_the_first_load_leaves_one_history_entry_a_plan(loaded: LoadReport) -> None:
    entries = {entry.target_uuid: entry for entry in HistoryEntry.objects.all()}
    assert set(entries) == set(Plan.objects.values_list("uuid", flat=True))
    assert {entry.action for entry in entries.values()} == {"loaded"}
    strategic = entries[Plan.objects.get(code="SP2025").uuid]
    assert strategic.changes["goals"] == [0, 29]
    assert strategic.changes["werven"] == [0, 23]
    security = entries[Plan.objects.get(code="NVP2026").uuid]
    assert security.changes["security objectives"] == [0, 83]


def test_a_second_load_changes_nothing(
    loaded: LoadReport, django_assert_max_num_queries: Any
) -> None:
    written = {
        model: list(model.objects.order_by("pk").values())
        for model in (*TITLED, MinisterUnit, CreditAmount, StaffingFigure)
    }
    links = list(FrameworkMention.objects.order_by("pk").values())
    # One query for each of the 26 tables and the 3 join tables, the transaction (2), and the
    # record clock (2), which is locked before any table.
    with django_assert_max_num_queries(33):
        report = plans_load(folder=FIXTURES)
    assert report.is_unchanged
    assert (report.kept_edits, report.conflicts, report.vanished) == ([], [], [])
    for model, rows in written.items():
        assert list(model.objects.order_by("pk").values()) == rows
    assert list(FrameworkMention.objects.order_by("pk").values()) == links
    assert HistoryEntry.objects.count() == 2


def test_the_first_load_takes_few_queries(db: None, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(92):
        plans_load(folder=FIXTURES)


def test_an_untouched_value_follows_the_fixture(
    loaded: LoadReport, folder: Path, edit: Edit, planner: User
) -> None:
    edit("werven", 'nl: "Moderniseren van identiteitsmiddelen"', 'nl: "Identiteit moderniseren"')
    report = plans_load(folder=folder, actor=planner)
    assert (report.new, report.changed) == (0, 1)
    werf = Werf.objects.get(code="1.2")
    assert werf.title["nl"] == "Identiteit moderniseren"
    assert werf.version == 2
    assert "identiteit moderniseren" in werf.search_key
    entry = HistoryEntry.objects.get(target_uuid=werf.uuid)
    assert (entry.action, entry.actor) == ("loaded", planner)
    old, new = entry.changes["title"]
    assert old["nl"] == "Moderniseren van identiteitsmiddelen"
    assert new["nl"] == "Identiteit moderniseren"
    assert plans_load(folder=folder).is_unchanged


def test_only_a_load_that_changes_something_ends_what_was_followed(
    loaded: LoadReport, folder: Path, edit: Edit
) -> None:
    before = last_rewritten()
    assert plans_load(folder=folder).is_unchanged
    assert last_rewritten() == before is not None
    edit("werven", 'nl: "Moderniseren van identiteitsmiddelen"', 'nl: "Identiteit moderniseren"')
    plans_load(folder=folder)
    assert last_rewritten() == last_instant() != before


def test_what_a_load_brings_is_known_right_after_it(loaded: LoadReport) -> None:
    known_at = last_instant()
    assert known_at is not None
    for model in (*TITLED, MinisterUnit, CreditAmount, StaffingFigure):
        assert not model.objects.filter(created_at__gt=known_at).exists()


def user_edits_title(row: Any, planner: User, text: str) -> None:
    title = row.title.edited({"nl": text})
    record_change(actor=planner, target=row, values={"title": title})


def test_an_edit_is_kept_and_reported_at_every_load(loaded: LoadReport, planner: User) -> None:
    user_edits_title(Werf.objects.get(code="1.2"), planner, "Onze eigen titel")
    for _run in range(2):
        report = plans_load(folder=FIXTURES)
        assert report.is_unchanged
        assert report.conflicts == []
        (kept,) = report.kept_edits
        assert (kept.record, kept.field) == ("Werf SP2025/1/1.2", "title")
        assert kept.stored["nl"] == "Onze eigen titel"
        assert kept.fixture["nl"] == kept.loaded["nl"] == "Moderniseren van identiteitsmiddelen"
        assert Werf.objects.get(code="1.2").title["nl"] == "Onze eigen titel"


def test_an_edit_against_a_changed_fixture_is_a_conflict(
    loaded: LoadReport, folder: Path, edit: Edit, planner: User
) -> None:
    user_edits_title(Werf.objects.get(code="1.2"), planner, "Onze eigen titel")
    edit("werven", 'nl: "Moderniseren van identiteitsmiddelen"', 'nl: "Identiteit moderniseren"')
    for _run in range(2):  # it comes back until someone makes the two agree
        report = plans_load(folder=folder)
        assert report.is_unchanged
        assert report.kept_edits == []
        (conflict,) = report.conflicts
        assert (conflict.record, conflict.field) == ("Werf SP2025/1/1.2", "title")
        assert conflict.stored["nl"] == "Onze eigen titel"
        assert conflict.loaded["nl"] == "Moderniseren van identiteitsmiddelen"
        assert conflict.fixture["nl"] == "Identiteit moderniseren"
        assert Werf.objects.get(code="1.2").title["nl"] == "Onze eigen titel"


def test_an_edit_leaves_the_other_fields_of_its_row_to_the_fixture(
    loaded: LoadReport, folder: Path, edit: Edit, planner: User
) -> None:
    user_edits_title(Goal.objects.get(code="1.a"), planner, "Onze eigen titel")
    goal = Goal.objects.get(code="1.a")
    edit("goals", goal.description["nl"], "Anders omschreven.")
    report = plans_load(folder=folder)
    assert (report.changed, len(report.kept_edits)) == (1, 1)
    goal.refresh_from_db()
    assert (goal.title["nl"], goal.description["nl"]) == ("Onze eigen titel", "Anders omschreven.")


def test_a_fixture_that_agrees_with_an_edit_ends_it(
    loaded: LoadReport, folder: Path, edit: Edit, planner: User
) -> None:
    goal = Goal.objects.get(code="1.a")
    record_change(actor=planner, target=goal, values={"order": 7})
    edit("goals", '    order: 1\n\n  - code: "1.b"', '    order: 7\n\n  - code: "1.b"')
    report = plans_load(folder=folder)
    assert (report.changed, report.kept_edits, report.conflicts) == (0, [], [])
    edit("goals", '    order: 7\n\n  - code: "1.b"', '    order: 9\n\n  - code: "1.b"')
    assert plans_load(folder=folder).changed == 1
    goal.refresh_from_db()
    assert goal.order == 9


def test_the_units_of_a_werf_follow_the_fixture_until_someone_changes_them(
    loaded: LoadReport, folder: Path
) -> None:
    code = "1.2"
    before = 'code: "1.2"'
    path = folder / "werven.yaml"
    head, tail = path.read_text(encoding="utf-8").split(before)
    tail = tail.replace('units: ["ADIB"]', 'units: ["NCCN", "ADIB"]', 1)
    path.write_text(head + before + tail, encoding="utf-8")
    assert plans_load(folder=folder).changed == 1
    werf = Werf.objects.get(code=code)
    assert list(werf.unit_links.values_list("unit__code", flat=True)) == ["NCCN", "ADIB"]

    WerfUnit.objects.filter(werf=werf, unit__code="NCCN").delete()
    report = plans_load(folder=folder)
    (kept,) = report.kept_edits
    assert (kept.record, kept.field) == ("Werf SP2025/1/1.2", "units")
    assert kept.stored == [{"unit": "ADIB"}]  # codes, not identities
    assert list(werf.unit_links.values_list("unit__code", flat=True)) == ["ADIB"]


def test_a_mention_can_move_from_one_framework_to_another(
    loaded: LoadReport, folder: Path, edit: Edit
) -> None:
    line = '      - {theme: "1.2", line: 253, printed: "Nationaal Drugsplan"}\n'
    edit("policy_frameworks", line, "")
    first = 'line: 255, printed: "EMPACT CCH en SYD/NPS (2026-2027)"}\n'
    edit("policy_frameworks", first, first + line)
    assert plans_load(folder=folder).changed == 2
    assert FrameworkMention.objects.count() == 93
    assert FrameworkMention.objects.get(source_line=253).framework.code == "EMPACT"


def test_a_row_that_someone_made_by_hand_is_adopted(db: None) -> None:
    unit = OrganisationUnit.objects.create(code="NCCN", kind="service", title={"nl": "Crisis"})
    report = plans_load(folder=FIXTURES)
    assert [(c.record, c.field) for c in report.conflicts] == [
        ("OrganisationUnit NCCN", "title"),
        ("OrganisationUnit NCCN", "kind"),
    ]
    unit.refresh_from_db()
    assert (unit.title["nl"], unit.kind) == ("Crisis", "service")
    assert unit.description["fr"]  # what was empty is filled in
    assert WerfUnit.objects.filter(unit=unit).exists()
    assert plans_load(folder=FIXTURES).is_unchanged


def without_last_pillar(folder: Path) -> None:
    path = folder / "werf_elements.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index('  - code: "4.2-4"')], encoding="utf-8")


def test_what_vanished_from_a_fixture_is_reported_not_deleted(
    loaded: LoadReport, folder: Path
) -> None:
    without_last_pillar(folder)
    report = plans_load(folder=folder)
    assert report.is_unchanged
    assert [row.record for row in report.vanished] == ["WerfElement SP2025/4/4.2/4.2-4"]
    assert WerfElement.objects.filter(code="4.2-4").exists()


def test_prune_deletes_what_vanished_and_leaves_its_history(
    loaded: LoadReport, folder: Path, planner: User
) -> None:
    element = WerfElement.objects.get(code="4.2-4")
    without_last_pillar(folder)
    report = plans_load(folder=folder, actor=planner, with_prune=True)
    assert report.pruned == ["WerfElement SP2025/4/4.2/4.2-4"]
    assert not WerfElement.objects.filter(pk=element.pk).exists()
    entry = HistoryEntry.objects.get(target_uuid=element.uuid)
    assert (entry.action, entry.actor) == ("removed", planner)
    assert entry.changes["title"][0]["nl"] == element.title["nl"]


def test_prune_keeps_what_someone_edited(loaded: LoadReport, folder: Path, planner: User) -> None:
    user_edits_title(WerfElement.objects.get(code="4.2-4"), planner, "Onze eigen titel")
    without_last_pillar(folder)
    report = plans_load(folder=folder, with_prune=True)
    assert report.pruned == []
    assert [row.kept_because for row in report.vanished] == ["edited: title"]
    assert WerfElement.objects.filter(code="4.2-4").exists()


def test_prune_keeps_what_something_refers_to(loaded: LoadReport, folder: Path, edit: Edit) -> None:
    # The coalition line goes, but an objective still executes it in the database.
    StrategicObjective.objects.filter(code="3").update(
        coalition_line=PlanElement.objects.get(code="V5")
    )
    path = folder / "plan_elements_sp.yaml"
    text = path.read_text(encoding="utf-8")
    start, end = text.index('  - code: "V5"'), text.index('  - code: "SH1"')
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    report = plans_load(folder=folder, with_prune=True)
    assert report.pruned == []
    (vanished,) = report.vanished
    assert vanished.record == "PlanElement SP2025/value/V5"
    assert vanished.kept_because == "in use by strategic objective"


def test_rows_that_no_load_wrote_never_vanish(loaded: LoadReport) -> None:
    Mission.objects.create(plan=Plan.objects.get(code="SP2025"), code="OWN", title={"nl": "Eigen"})
    report = plans_load(folder=FIXTURES, with_prune=True)
    assert (report.vanished, report.pruned) == ([], [])
    assert Mission.objects.filter(code="OWN").exists()


def test_a_later_new_entry_is_counted_in_the_history_of_its_plan(
    loaded: LoadReport, folder: Path
) -> None:
    path = folder / "werf_elements.yaml"
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole + whole[whole.index('  - code: "4.2-4"') :].replace("4.2-4", "4.2-5"))
    report = plans_load(folder=folder)
    assert (report.new, report.changed) == (1, 0)
    plan = Plan.objects.get(code="SP2025")
    entry = HistoryEntry.objects.filter(target_uuid=plan.uuid).first()
    assert entry is not None
    assert entry.changes == {"werf elements": [10, 11]}


@pytest.mark.parametrize(
    ("stored", "loaded_value", "fixture", "outcome"),
    [
        ("a", "a", "a", Outcome.SAME),
        ("a", "a", "b", Outcome.TAKEN),
        ("b", "a", "a", Outcome.KEPT_EDIT),
        ("b", "a", "c", Outcome.CONFLICT),
        ("b", "a", "b", Outcome.SAME),
    ],
)
def test_merge(stored: str, loaded_value: str, fixture: str, outcome: Outcome) -> None:
    assert merge(stored=stored, loaded=loaded_value, fixture=fixture) is outcome


# --- wrong fixtures ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        (
            "goals",
            '    objective: "1"\n    order: 1\n',
            '    objective: "9"\n    order: 1\n',
            Problem("goals", "1.a", "objective", "there is no '9' in strategic_objectives.yaml"),
        ),
        (
            "missions",
            'code: "KO2"',
            'code: "KO1"',
            Problem("missions", "KO1", "code", "the code is given twice"),
        ),
        (
            "strategic_objectives",
            'title: {nl: "Kaderen", fr: "Encadrer"}',
            'title: {nl: "Kaderen"}',
            Problem(
                "strategic_objectives",
                "1",
                "title",
                "must be a text in nl and in fr, not {'nl': 'Kaderen'}",
            ),
        ),
        (
            "strategic_objectives",
            "lines: [519, 558]",
            "lines: [558, 519]",
            Problem(
                "strategic_objectives",
                "1",
                "lines",
                "must be the first and the last line, from 1",
            ),
        ),
        (
            "plans",
            "kind: security",
            "kind: secret",
            Problem("plans", "NVP2026", "kind", "'secret' is not one of: security, strategic"),
        ),
        (
            "method_emphases",
            'match: "Coherentie"',
            'match: "Coherentie"\n    colour: "blue"',
            Problem("method_emphases", "E2", "colour", "unknown key"),
        ),
        (
            "police_resources",
            "as_of: 2025-01-31",
            'as_of: "31 januari"',
            Problem(
                "police_resources",
                "FIG4",
                "as_of",
                "must be a date, as 2026-02-27, not '31 januari'",
            ),
        ),
        (
            "enabling_conditions",
            'line: 779, title: {nl: "Geïntegreerde samenwerking en overleg"',
            'line: 0, title: {nl: "Geïntegreerde samenwerking en overleg"',
            Problem(
                "enabling_conditions",
                "8.4, 8.4.1",
                "lines",
                "must be the first and the last line, from 1",
            ),
        ),
        (
            "plans",
            "source: 004_97ca88a594413ef5.txt",
            "source: elsewhere.txt",
            Problem(
                "kiv_dimensions",
                "PERS",
                "source",
                "no plan in plans.yaml has '004_97ca88a594413ef5.txt'",
            ),
        ),
    ],
)
def test_a_wrong_fixture_is_named_by_file_code_and_field(
    folder: Path, edit: Edit, file: str, old: str, new: str, problem: Problem
) -> None:
    edit(file, old, new)
    assert problem in fixtures_read(folder=folder).problems


def test_broken_and_missing_files_are_problems_too(folder: Path) -> None:
    (folder / "goals.yaml").write_text("source: [", encoding="utf-8")
    (folder / "missions.yaml").unlink()
    (folder / "werven.yaml").write_text("source: a\nsource: b\n", encoding="utf-8")
    problems = {p.file: p.message for p in fixtures_read(folder=folder).problems}
    assert set(problems) == {"goals", "missions", "werven"}
    assert problems["goals"].startswith("is no YAML at line 2: ")
    assert problems["missions"] == "the file is missing"
    assert problems["werven"] == "is no YAML at line 2: the key 'source' is given twice"


def test_one_wrong_file_stops_the_whole_load(db: None, folder: Path, edit: Edit) -> None:
    edit("follow_up", 'code: "EV4"', "code: EV4\n    codes: 1")
    with pytest.raises(InvalidFixtures) as caught:
        plans_load(folder=folder)
    assert [str(problem) for problem in caught.value.problems] == [
        "follow_up.yaml, EV4, codes: unknown key"
    ]
    assert not Plan.objects.exists()


def test_a_sub_entry_given_twice_stops_the_load(db: None, folder: Path, edit: Edit) -> None:
    edit("enabling_conditions", '{code: "8.4.2"', '{code: "8.4.1"')
    with pytest.raises(InvalidFixtures, match=r"8\.4, points: NVP2026/8\.4/8\.4\.1 stands twice"):
        plans_load(folder=folder)
    assert not Plan.objects.exists()


# --- the command -------------------------------------------------------------------------------


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("load_plans", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_prints_a_table_and_says_when_nothing_changed(db: None) -> None:
    first = run()
    assert "subject" in first.splitlines()[0]
    assert "conflicts" in first.splitlines()[0]
    (goals,) = [line.split() for line in first.splitlines() if line.startswith("goals ")]
    assert goals == ["goals", "29", "0", "0", "0"]
    assert "Nothing changed." not in first
    assert run().endswith("Nothing changed.\n")


def test_the_command_lists_edits_conflicts_and_what_vanished(
    loaded: LoadReport, folder: Path, edit: Edit, planner: User
) -> None:
    user_edits_title(Werf.objects.get(code="1.1"), planner, "Eerste titel")
    user_edits_title(Werf.objects.get(code="1.2"), planner, "Onze eigen titel")
    edit("werven", 'nl: "Moderniseren van identiteitsmiddelen"', 'nl: "Identiteit moderniseren"')
    without_last_pillar(folder)
    printed = run(str(folder))
    assert "Kept edits (changed here, not in the fixture): 1" in printed
    assert "Conflicts (changed here and in the fixture): 1\n  Werf SP2025/1/1.2, title" in printed
    assert "Onze eigen titel" in printed
    assert "Identiteit moderniseren" in printed
    assert "No longer in the fixtures: 1\n  WerfElement SP2025/4/4.2/4.2-4" in printed
    assert "Pruned: 1\n  WerfElement SP2025/4/4.2/4.2-4" in run(str(folder), "--prune")


def test_check_reads_the_files_and_no_database(folder: Path, edit: Edit) -> None:
    # Without the `db` fixture any query would fail this test.
    assert run("--check") == "25 files, 601 entries, no errors.\n"
    edit("missions", 'match: "Democratie en de registratie', 'march: "Democratie en de registratie')
    with pytest.raises(CommandError, match=r"missions\.yaml, KO1, march: unknown key"):
        run(str(folder), "--check")
