"""Every count on the dashboard is told by the API too, at its clocks and to its reader."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any, Final

import pytest
from django.test import Client
from django.urls import reverse

from ibzplan.core.choices import QuestionKind, Verdict
from ibzplan.core.clocks import Clocks
from ibzplan.core.models import Question
from ibzplan.core.services import token_create
from ibzplan.core.services.questions import question_answer, question_ask
from objectives.indicators.services import measurement_validate
from objectives.planning.choices import ChangeKind
from objectives.planning.models import OperationalObjective
from objectives.planning.services import (
    milestone_report,
)
from objectives.planning.services.versions import plan_version_freeze
from objectives.strategy.models import Milestone, StrategicObjective, Werf, WerfUnit
from personnel.models import User
from reporting.choices import MovementKind
from reporting.models import ProgressReport
from tests.factories import Ministry, kept_for_many, make_ministry, text
from tests.objectives.planning.test_amendments import begin, carry, propose, ready_draft
from tests.reporting.test_issue_report import issue
from tests.reporting.test_reports import made, record

pytestmark = pytest.mark.django_db

STATUSES: Final = ("achieved", "on_track", "at_risk", "off_track", "not_started", "no_data")
GROUPS: Final = {
    "good": ("achieved", "on_track"),
    "behind": ("at_risk", "off_track"),
    "unjudged": ("not_started", "no_data"),
    "": STATUSES,
    **{status: (status,) for status in STATUSES},
}
WORDS: Final = {
    "achieved": "achieved",
    "on track": "on_track",
    "at risk": "at_risk",
    "off track": "off_track",
    "not started": "not_started",
    "no data": "no_data",
}
# When the steps of an activity are due.
STEPS: Final = (date(2026, 6, 1), date(2026, 9, 1), date(2026, 12, 1))
RANKED: Final = STATUSES[:4]
# What of an objective is agreed: an approved amendment alone makes it another one.
AGREED: Final = ("title", "werf", "startsOn", "endsOn", "unit", "holder", "indicators")
# Minister, directorate, status.
FILTERS: Final = (
    ("", "", ""),
    ("VBZ", "", "good"),
    ("AM", "", ""),
    ("", "DVZ", "behind"),
    ("", "", "no_data"),
)


class _Counts(HTMLParser):
    """Collects what carries data-count: its attributes, and its text with that of a picture."""

    _VOID = frozenset({"br", "input", "meta", "link", "img", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[dict[str, str], str]] = []
        self._hidden: list[bool] = []
        self._open: list[tuple[dict[str, str], list[str]] | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        label = values.get("aria-label", "") if tag == "svg" else ""
        if label:
            self.handle_data(label)
        if tag not in self._VOID:
            self._open.append((values, []) if "data-count" in values else None)
            self._hidden.append(values.get("aria-hidden") == "true")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_data(self, data: str) -> None:
        """What is hidden from screen readers only repeats what they are told."""
        if any(self._hidden):
            return
        for part in self._open:
            if part is not None:
                part[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._VOID:
            return
        part = self._open.pop()
        self._hidden.pop()
        if part is not None:
            attributes, texts = part
            kept = {name[5:]: value for name, value in attributes.items() if name[:5] == "data-"}
            self.found.append((kept, " ".join("".join(texts).split())))


def counts_of(html: str) -> list[tuple[dict[str, str], str]]:
    parser = _Counts()
    parser.feed(html)
    return parser.found


def snake(name: str) -> str:
    return re.sub(r"([A-Z])", lambda found: f"_{found[1].lower()}", name)


@dataclass
class Api:
    """One reader of the API at two clocks."""

    key: str
    clocks: dict[str, str]
    _told: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def items(self, path: str, **query: str) -> list[dict[str, Any]]:
        """Return everything in a collection, asked for once."""
        if path not in self._told:
            self._told[path] = self._asked(path, **query)
        return self._told[path]

    def _asked(self, path: str, **query: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for page in range(1, 50):
            answer = Client().get(
                f"/api/v1/{path}",
                {**self.clocks, **query, "page": str(page), "pageSize": "100"},
                headers={"Authorization": f"Bearer {self.key}"},
            )
            assert answer.status_code == 200, answer.content
            body = answer.json()
            found += body["items"]
            if len(found) >= body["total"]:
                return found
        raise AssertionError("too many pages")


@dataclass
class Told:
    """What the API tells of the objectives that a page is about."""

    objectives: list[dict[str, Any]]
    status: Mapping[str, str]
    slots: Mapping[str, list[dict[str, Any]]]
    werven: Mapping[str, str]
    requests: list[dict[str, Any]]
    # Of an objective what makes it adjusted, and of an indicator that is a milestone its day.
    agreed: Mapping[str, Any]
    milestones: Mapping[str, date]
    reference: date

    def of(self, place: Mapping[str, str]) -> list[dict[str, Any]]:
        return [
            row
            for row in self.objectives
            if place.get("werf", row["werf"]["code"]) == row["werf"]["code"]
            and place.get("objective", row["strategicObjective"]["code"])
            == row["strategicObjective"]["code"]
        ]

    def count(self, rows: Iterable[Mapping[str, Any]]) -> Counter[str]:
        return Counter(self.status[row["id"]] for row in rows)

    def listed(self, statuses: tuple[str, ...], *, narrowed: bool) -> set[str]:
        """Return the codes of the werven that the table lists."""
        with_status = {
            row["werf"]["code"] for row in self.objectives if self.status[row["id"]] in statuses
        }
        return with_status if narrowed else set(self.werven)

    def due(self) -> list[dict[str, Any]]:
        used = {link["id"] for row in self.objectives for link in row["indicators"]}
        return [
            slot
            for one in used
            for slot in self.slots[one]
            if slot["valueState"] in ("measured", "missing")
        ]


def told(api: Api, *, minister: str = "", unit: str = "", reference: date) -> Told:
    """Return what the API tells of the objectives of a minister and a directorate; '' is all."""
    units = {row["code"] for row in api.items("organisationUnits")}
    if minister:
        (office,) = [row for row in api.items("ministers") if row["code"] == minister]
        units &= {row["code"] for row in office["units"]}
    if unit:
        units &= {unit}
    statuses = api.items("statuses", year="2026")
    slots = {row["indicator"]["id"]: row["slots"] for row in statuses if "indicator" in row}
    objectives = [
        row
        for row in api.items("operationalObjectives", year="2026")
        if row["state"] in ("approved", "closed") and row["unit"]["code"] in units
    ]
    finals = {row["indicator"]["id"]: row for row in api.items("targets") if row["final"]}
    indicators = {row["id"]: row for row in api.items("indicators")}
    judged = {row["id"]: row.get("override") for row in statuses}
    return Told(
        objectives=objectives,
        status={row["id"]: snake(row["status"]) for row in statuses},
        slots=slots,
        werven={row["code"]: row["strategicObjective"]["code"] for row in api.items("werven")},
        requests=[
            row
            for row in api.items("questions")
            if (row["kind"], row["state"]) == ("request", "open")
            and (not minister or row["minister"]["code"] == minister)
            and (not unit or row["unit"]["code"] == unit)
        ],
        agreed={
            row["id"]: (
                {name: row.get(name) for name in AGREED},
                [finals.get(link["id"]) for link in row["indicators"]],
                [indicators[link["id"]]["definitionVersion"] for link in row["indicators"]],
                judged[row["id"]],
            )
            for row in objectives
        },
        milestones={
            key: date.fromisoformat(finals[key]["dueOn"])
            for key, row in indicators.items()
            if row["targetKind"] == "milestone" and key in finals
        },
        reference=reference,
    )


def bar(counts: Counter[str]) -> str:
    names = {status: words for words, status in WORDS.items()}
    total = sum(counts.values())
    parts = ", ".join(f"{counts[one]} {names[one]}" for one in STATUSES if counts[one])
    head = f"{total} objective{'' if total == 1 else 's'}"
    return f"{head}: {parts}" if parts else head


def check(
    found: list[tuple[dict[str, str], str]], now: Told, status: str, narrowed: bool
) -> set[str]:
    """Recompute each count; return the kinds that were there."""
    listed = now.listed(GROUPS[status], narrowed=narrowed)
    for place, shown in found:
        rows, kind = now.of(place), place["count"]
        expected: object
        if kind == "bar":
            assert bar(now.count(rows)) in shown, place
            continue
        if kind == "objectives":
            expected = sum(now.count(rows)[one] for one in GROUPS[place.get("status", "")])
        elif kind in ("werven", "hidden-werven"):
            of_place = {
                code for code, above in now.werven.items() if place.get("objective", above) == above
            }
            expected = len(of_place & listed if kind == "werven" else of_place - listed)
        elif kind == "hidden-objectives":
            expected = sum(now.status[row["id"]] not in GROUPS[status] for row in rows)
        elif kind == "figures-due":
            expected = len(now.due())
        elif kind == "figures-submitted":
            expected = sum(slot["valueState"] == "measured" for slot in now.due())
        elif kind == "figures-share":
            given = sum(slot["valueState"] == "measured" for slot in now.due())
            expected = given * 100 // len(now.due())
        elif kind == "late-objectives":
            expected = sum(any(_is_late(slot) for slot in _slots(now, row)) for row in rows)
        elif kind == "late-milestones":
            expected = late_milestones(now, place)
        elif kind == "figures-next":
            expected = _next_due(now, place["day"])
        elif kind == "requests":
            expected = len(now.requests)
        elif kind == "days-left":
            expected = (date.fromisoformat(place["day"]) - now.reference).days
            shown = "0" if shown == "today" else shown
        else:
            assert kind == "moved", kind
            continue
        number = re.search(r"\d+", shown)
        assert number, (place, shown)
        assert int(number[0]) == expected, (place, shown, expected)
    # What is late is told only where something is.
    late = {code for code in listed if late_milestones(now, {"werf": code})}
    assert {place["werf"] for place in _of(found, "late-milestones")} == late
    is_missed = any(_is_late(slot) for row in now.objectives for slot in _slots(now, row))
    assert bool(list(_of(found, "late-objectives"))) == is_missed
    return {place["count"] for place, _shown in found}


def _of(found: Iterable[tuple[dict[str, str], str]], kind: str) -> Iterator[dict[str, str]]:
    return (place for place, _shown in found if place["count"] == kind)


def _slots(now: Told, row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for link in row["indicators"]:
        yield from now.slots[link["id"]]


def _is_late(slot: Mapping[str, Any]) -> bool:
    return slot["valueState"] == "missing" and not slot["awaitingValidation"]


def late_milestones(now: Told, place: Mapping[str, str]) -> int:
    """Count what was not done on its day: milestones of activities, and indicators that are one."""
    return sum(
        due_on < now.reference
        for row in now.of(place)
        for due_on in (*_open_steps(now, row), *_open_milestones(now, row))
    )


def _open_steps(now: Told, row: Mapping[str, Any]) -> Iterator[date]:
    for activity in row["activities"]:
        for one in activity["milestones"]:
            if "doneOn" not in one or date.fromisoformat(one["doneOn"]) > now.reference:
                yield date.fromisoformat(one["dueOn"])


def _open_milestones(now: Told, row: Mapping[str, Any]) -> Iterator[date]:
    for link in row["indicators"]:
        if link["id"] in now.milestones and now.status[link["id"]] != "achieved":
            yield now.milestones[link["id"]]


def _next_due(now: Told, day: str) -> int:
    used = {link["id"] for row in now.objectives for link in row["indicators"]}
    return sum(
        any(
            slot["dueOn"] == day
            and slot["valueState"] == "notYetDue"
            and not slot["awaitingValidation"]
            for slot in now.slots[one]
        )
        for one in used
    )


def check_moved(
    found: list[tuple[dict[str, str], str]],
    moved: Iterable[tuple[str, dict[str, Any], str]],
    status: str,
) -> None:
    """Recompute how many moved how since the report, on the whole page and in each card.

    With a status asked for the whole page counts what has it now.
    """
    whole: Counter[str] = Counter()
    cards: Counter[tuple[str, str]] = Counter()
    for kind, row, now in moved:
        cards[kind, row["strategicObjective"]["code"]] += 1
        whole[kind] += not status or now in GROUPS[status]
    told_kinds = {place.get("kind") for place in _of(found, "moved") if "objective" not in place}
    assert told_kinds == {kind for kind, number in whole.items() if number} | (
        {None} if whole.total() else set()
    )
    for place, shown in found:
        if place["count"] != "moved":
            continue
        expected = whole.total()
        if "objective" in place:
            expected = cards[place["kind"], place["objective"]]
        elif "kind" in place:
            expected = whole[place["kind"]]
        number = re.search(r"\d+", shown)
        assert number, (place, shown)
        assert int(number[0]) == expected, (place, shown, expected)


def movements(
    before: Told, now: Told, every_before: Told, every_now: Told
) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Give the kind, the objective and the status of what moved, as the API tells both moments.

    What a minister or a directorate had at one of them is compared at both.
    """
    then = {row["id"]: row for row in every_before.objectives}
    after = {row["id"]: row for row in every_now.objectives}
    for key in {row["id"] for row in (*before.objectives, *now.objectives)}:
        if key not in then:
            yield "added", after[key], every_now.status[key]
        elif key not in after:
            yield "removed", then[key], ""
        else:
            kind = _moved(every_before, every_now, key)
            if kind:
                yield kind, after[key], every_now.status[key]


def _moved(before: Told, now: Told, key: str) -> str:
    old, new = before.status[key], now.status[key]
    if old == new:
        return "adjusted" if before.agreed[key] != now.agreed[key] else ""
    if old not in RANKED or new not in RANKED:
        return "other"
    return "improved" if RANKED.index(new) < RANKED.index(old) else "worsened"


@dataclass
class Bench:
    """A plan year with objectives of two directorates in three werven."""

    ministry: Ministry
    known_then: str

    def page(self, name: str, query: Mapping[str, str]) -> list[tuple[dict[str, str], str]]:
        client = Client(headers={"accept-language": "en"})
        client.force_login(self.ministry.users[name])
        answer = client.get(reverse("reporting:dashboard"), query)
        assert answer.status_code == 200
        return counts_of(answer.content.decode())

    def api(self, name: str, reference: str, known: str) -> Api:
        user = self.ministry.users[name]
        _token, key = token_create(user=user, name=f"{name}{reference}{known}")
        return Api(key, {"referenceDate": reference, **({"asOf": known} if known else {})})


@pytest.fixture(scope="module")
def bench(django_db_setup: None, django_db_blocker: Any) -> Iterator[Bench]:
    """Make the plan year once for all of these tests."""
    with kept_for_many(django_db_blocker):
        yield _bench(make_ministry())


def _bench(ministry: Ministry) -> Bench:
    other = StrategicObjective.objects.create(
        plan=ministry.plan, code="3", title=text("Versterken"), order=2
    )
    for order, (above, code, unit) in enumerate(
        [
            (ministry.werf.objective, "2.7", ministry.dvz),
            (other, "3.1", ministry.dvz),
            (other, "3.2", ministry.adcv),
        ]
    ):
        werf = Werf.objects.create(objective=above, code=code, title=text(code), order=order)
        WerfUnit.objects.create(werf=werf, unit=unit)
    first = _objective(ministry, "adcv", "2.6", ["93", "94", "80"], is_followed=True)
    _objective(ministry, "adcv", "2.6", ["90", "91"])
    _objective(ministry, "adcv", "3.2", [])
    shared = _objective(ministry, "dvz", "2.7", ["80", "80"], is_validated=True, is_followed=True)
    _objective(ministry, "dvz", "3.1", ["91"])
    decided, _waits = (_ask(ministry, "head_adcv", first, "VBZ") for _n in range(2))
    _ask(ministry, "head_dvz", shared, "AM")
    _ask(ministry, "cabinet_vbz", first, "VBZ")
    known = Clocks.now().known_at.isoformat()
    _decide(ministry, decided)
    _ask(ministry, "head_dvz", shared, "AM")
    _ask(ministry, "corporate", shared, "AM")
    for step in Milestone.objects.filter(due_on=STEPS[1]):
        milestone_report(
            actor=ministry.users["planner_adcv"]
            if step.activity.target_uuid == first.uuid
            else ministry.users["planner_dvz"],
            milestone=step,
            done_on=date(2026, 10, 20),
        )
    late = _objective(ministry, "dvz", "3.1", ["80", "96", "97"])
    assert late.approved_at is not None
    ministry.objective(title="Nog een ontwerp")
    return Bench(ministry, known)


def _objective(
    ministry: Ministry,
    unit: str,
    werf: str,
    figures: list[str],
    *,
    is_validated: bool = False,
    is_followed: bool = False,
) -> OperationalObjective:
    """Make an objective in force; `is_followed` has milestones, of an activity and as indicator."""
    planner, head = f"planner_{unit}", f"head_{unit}"
    home, ministry.werf = ministry.werf, Werf.objects.get(code=werf)
    try:
        objective = ministry.objective(by=planner, title=f"Doel {werf} {len(figures)}")
    finally:
        ministry.werf = home
    indicator = ministry.indicator(objective, by=planner, target=Decimal(95))
    if is_followed:
        steps = {f"Stap {number}": day for number, day in enumerate(STEPS)}
        ministry.project(objective, "Opleiding", steps, by=planner)
        ministry.milestone(objective, date(2026, 10, 15), by=planner)
    ministry.approve(objective, head=head)
    for number, value in enumerate(figures, 1):
        row = record(ministry, indicator, f"2026-T{number}", value, by=planner)
        if is_validated:
            measurement_validate(actor=ministry.users[head], measurement=row)
    return objective


def _ask(ministry: Ministry, by: str, target: OperationalObjective, minister: str) -> Question:
    """Let a cabinet ask a question, or a unit a decision of the cabinet."""
    is_cabinet = by.startswith("cabinet")
    office = ministry.vbz if minister == "VBZ" else ministry.am
    target.refresh_from_db()
    return question_ask(
        actor=User.objects.get(pk=ministry.users[by].pk),
        kind=QuestionKind.QUESTION if is_cabinet else QuestionKind.REQUEST,
        target=target,
        text=f"Waarom loopt dit achter? ({Question.objects.count()})",
        minister=office.uuid,
        options=[] if is_cabinet else ["Uitstellen", "De streefwaarde verlagen"],
    )


def _decide(ministry: Ministry, request: Question) -> None:
    question_answer(
        actor=User.objects.get(pk=ministry.users["cabinet_vbz"].pk),
        question=request,
        text="Akkoord.",
        verdict=Verdict.AGREED,
    )


@pytest.mark.parametrize("name", ["corporate", "cabinet_vbz", "cabinet_am"])
@pytest.mark.parametrize(
    ("reference", "moment"), [("2026-11-01", "now"), ("2026-06-30", "now"), ("2026-11-01", "then")]
)
def test_the_api_tells_every_count(bench: Bench, name: str, reference: str, moment: str) -> None:
    known = bench.known_then if moment == "then" else ""
    api, day = bench.api(name, reference, known), date.fromisoformat(reference)
    for minister, unit, status in FILTERS:
        now = told(api, minister=minister, unit=unit, reference=day)
        query = {
            "year": "2026",
            "reference": reference,
            "minister": minister,
            "unit": unit,
            "status": status,
            **({"known": known} if known else {}),
        }
        found = bench.page(name, query)
        kinds = check(found, now, status, narrowed=bool(minister or unit or status))
        assert {"objectives", "bar", "werven", "figures-due", "requests", "days-left"} <= kinds


@pytest.mark.parametrize(
    ("name", "minister", "unit", "now", "then"),
    [
        ("corporate", "", "", 4, 3),
        ("corporate", "VBZ", "", 1, 2),
        ("corporate", "AM", "", 3, 1),
        ("corporate", "", "DVZ", 3, 1),
        ("cabinet_vbz", "VBZ", "", 1, 2),
        ("cabinet_vbz", "AM", "", 0, 0),
        ("cabinet_am", "", "", 3, 1),
    ],
)
def test_the_decisions_asked_are_those_of_the_moment_and_the_minister(
    bench: Bench, name: str, minister: str, unit: str, now: int, then: int
) -> None:
    for known, number in (("", now), (bench.known_then, then)):
        clocks = {"known": known} if known else {}
        found = bench.page(name, {"year": "2026", "minister": minister, "unit": unit, **clocks})
        assert [shown for place, shown in found if place["count"] == "requests"] == [str(number)]
        api = bench.api(name, "2026-11-01", known)
        day = date(2026, 11, 1)
        assert len(told(api, minister=minister, unit=unit, reference=day).requests) == number


def test_late_milestones_are_those_of_the_day_and_the_moment(bench: Bench) -> None:
    """Of werf 2.6: two steps and an indicator, of which one step was reported done later."""
    for reference, known, number in (
        ("2026-11-01", "", 2),
        ("2026-11-01", bench.known_then, 3),
        ("2026-10-14", "", 2),
        ("2026-06-30", "", 1),
        ("2026-05-01", "", 0),
    ):
        api = bench.api("corporate", reference, known)
        now = told(api, reference=date.fromisoformat(reference))
        assert late_milestones(now, {"werf": "2.6"}) == number, (reference, known)
        assert late_milestones(now, {"werf": "3.1"}) == 0


@pytest.fixture
def moved_since(bench: Bench) -> ProgressReport:
    """Issue a report, then let objectives move in every way."""
    ministry = bench.ministry
    plan_version_freeze(actor=ministry.users["committee"], plan=ministry.year)
    report = made(ministry, reference_date=date(2026, 3, 31))
    issue(ministry, report)
    rows = {row.code: row for row in OperationalObjective.objects.filter(state="approved")}
    draft = ready_draft(ministry, "Kazernes bouwen")
    own = begin(ministry)
    propose(ministry, own, ChangeKind.ADD, results=[draft])
    propose(ministry, own, ChangeKind.WITHDRAW, objectives=[rows["2.6.2"]])
    carry(ministry, own)
    wide = begin(ministry, by="corporate")
    for kind, code, values in (
        (ChangeKind.CHANGE, "2.7.1", {"title": {"nl": "Anders genoemd"}}),
        (ChangeKind.OWNER, "3.1.1", {"unit": "ADCV", "holder": "ADCV-DG", "indicators": []}),
    ):
        propose(ministry, wide, kind, by="corporate", objectives=[rows[code]], values=values)
    carry(ministry, wide, by="corporate")
    return report


@pytest.mark.parametrize(
    ("name", "minister"),
    [("corporate", ""), ("corporate", "VBZ"), ("cabinet_vbz", "VBZ"), ("cabinet_vbz", "")],
)
@pytest.mark.parametrize("status", ["", "off_track"])
def test_the_api_tells_what_moved_since_the_report(
    bench: Bench, moved_since: ProgressReport, name: str, minister: str, status: str
) -> None:
    query = {"reference": "2026-11-01", "minister": minister, "status": status}
    found = bench.page(name, query)
    clocks = [("2026-11-01", ""), ("2026-03-31", moved_since.known_at.isoformat())]
    apis = [(bench.api(name, *clock), date.fromisoformat(clock[0])) for clock in clocks]
    (now, before), (every_now, every_before) = (
        [told(api, minister=one, reference=day) for api, day in apis] for one in (minister, "")
    )
    moved = list(movements(before, now, every_before, every_now))
    check_moved(found, moved, status)
    if name == "corporate" and not minister:
        assert {kind for kind, _row, _status in moved} == set(MovementKind.values)


class _Unmarked(HTMLParser):
    """Collects the numbers of the content that stand neither in a count nor in a name or date."""

    _VOID = frozenset({"br", "input", "meta", "link", "img", "hr", "path", "use"})
    _TAGS = frozenset({"svg", "time", "h1", "h3"})
    # Names, days, and figures with their unit: what is no count.
    _CLASSES = frozenset(
        [
            *("code", "group-title", "lag", "desc", "narrowed", "changes", "note"),
            *("moment", "quick-days", "actions", "visually-hidden"),
            *("col-bullet", "col-spark", "col-milestone", "sub-table"),
        ]
    )

    def __init__(self) -> None:
        super().__init__()
        self.numbers: list[str] = []
        self._left_out: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag not in self._VOID:
            is_named = tag in self._TAGS or bool(
                self._CLASSES & set(values.get("class", "").split())
            )
            is_werf = tag == "th" and values.get("scope") == "row"
            self._left_out.append(is_named or is_werf or "data-count" in values)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_data(self, data: str) -> None:
        if not any(self._left_out):
            self.numbers += re.findall(r"\d+", data)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._VOID and self._left_out:  # what is around the content ends after it
            self._left_out.pop()


@pytest.mark.parametrize("query", [{}, {"status": "behind", "minister": "VBZ"}])
def test_every_number_of_a_count_is_marked(
    bench: Bench, moved_since: ProgressReport, query: dict[str, str]
) -> None:
    """No number of the page stands outside a data-count, names, days and measures apart."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(bench.ministry.users["corporate"])
    answer = client.get(reverse("reporting:dashboard"), {"reference": "2026-11-01", **query})
    html = answer.content.decode()
    content = html[html.index('<div class="phead') : html.index("</main>")]
    unmarked = _Unmarked()
    unmarked.feed(content)
    assert unmarked.numbers == []
