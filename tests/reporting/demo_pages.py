"""Where one begins to read the demo plan, and what the demo leaves out that has a page too."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final
from uuid import uuid4

from django.urls import reverse

from ibzplan.core.localised import LocalisedText
from ibzplan.core.models import Question
from ibzplan.core.translations import sources
from objectives.planning.choices import ChangeKind
from objectives.planning.models import (
    Amendment,
    Narrative,
    ObjectiveIndicator,
    OperationalObjective,
    OperationalPlan,
    WorkbookImport,
)
from objectives.planning.services.amendment_changes import Proposal, change_add
from objectives.planning.services.amendments import amendment_create
from objectives.planning.services.workbooks import workbook_import
from objectives.strategy.models import Plan, PlanAddendum, StrategicObjective, Werf
from personnel.access import access_of
from personnel.models import ManagementFunction, OrganisationUnit, User
from reporting.models import Deadline, ProgressReport, Reorganisation

UNIT: Final = "ADCV"
YEAR: Final = 2026
THEN: Final = "reference=2026-06-30"
THEN_KNOWN: Final = f"{THEN}&known=2026-07-20"
# Where one begins to read.
READING: Final = (
    "/",
    "/dashboard/?minister=",
    "/dashboard/?minister=&status=behind",
    f"/dashboard/?{THEN}",
    f"/dashboard/?{THEN_KNOWN}",
    "/vergelijken/",
    "/vergelijken/?mode=dates&since=2026-06-30&since_known=2026-07-20",
    "/afstemming/",
    "/afstemming/?objective=2&theme=5&row=2&column=1",
    "/vragen/",
    "/gevolgd/",
    "/middelen/",
    f"/middelen/?year=2025&line=OWN&{THEN_KNOWN}",
    f"/middelen/verdeling/?year={YEAR}",
    f"/middelen/verdeling/doelstellingen/?year={YEAR}",
    "/directies/ADCV/",
    f"/directies/ADCV/?{THEN_KNOWN}",
    "/strategisch-plan/werven/2.6/",
    f"/strategisch-plan/werven/2.6/?{THEN_KNOWN}",
)
# Where one searches, plans, measures, amends and closes a year.
WORKING: Final = (
    "/taken/",
    "/zoeken/?q=asiel",
    "/zoeken/?q=politie",
    "/zoeken/?q=2026-2.6.1-a",
    "/zoeken/?q=plan&group=objectives",
    "/vertalingen/",
    f"/vertalingen/?unit={UNIT}",
    "/mandaten/",
    f"/mandaten/ADCV-LEAD/?{THEN_KNOWN}",
    "/mandaten/register/nieuw/",
    "/reorganisaties/",
    "/reorganisaties/nieuw/",
    "/rapporten/",
    "/rapporten/cyclus/",
    "/rapporten/naast-elkaar/",
    "/smart/",
    "/indicatoren/",
    "/datakwaliteit/",
    "/kalender/",
    "/kalender/2027/nieuw/",
    "/meldingen/",
    *(f"/plannen/{year}/" for year in (2025, 2026, 2027)),
    *(
        f"/plannen/{year}/{page}/"
        for year in (2026, 2027)
        for page in ("evaluatie", "wijzigingen", "versies", "werkboek", "overnemen", "tabel")
    ),
    f"/plannen/2026/evaluatie/?{THEN_KNOWN}",
    "/plannen/2026/wijzigingen/nieuw/",
    "/plannen/2026/versies/vergelijken/?van=1&tot=nu",
    f"/doelstellingen/nieuw/{YEAR}/?werf=2.6",
    "/doelstellingen/nieuw/2027/",
)


def rows_beside_the_demo() -> None:
    """Make what has pages but no rows in the demo: drafts of an amendment, a merger, a report."""
    planner = User.objects.get(username="planner-adcv")
    plan = OperationalPlan.objects.get(year=YEAR)
    unit = OrganisationUnit.objects.get(code=UNIT)
    _draft_amendment(planner, plan, unit)
    workbook_import(actor=planner, plan=plan, file_name="plan.xlsx", content=b"", language="nl")
    Reorganisation.objects.create(
        title=_text("Fusie"),
        takes_effect_on=date(YEAR + 1, 1, 1),
        successor=OrganisationUnit.objects.get(code="DVZ"),
    )
    strategic = Plan.objects.get(pk=plan.plan_id)
    addendum = PlanAddendum.objects.create(plan=strategic, code="A1", title=_text("Addendum"))
    StrategicObjective.objects.create(
        plan=strategic, code="T1", title=_text("Transversaal"), addendum=addendum, order=99
    )


def _text(words: str) -> LocalisedText:
    return LocalisedText({"nl": words})


def _draft_amendment(actor: User, plan: OperationalPlan, unit: OrganisationUnit) -> None:
    amendment = amendment_create(actor=actor, plan=plan, unit=unit, title=_text("Bijsturing"))
    objective = OperationalObjective.objects.filter(plan=plan, unit=unit, state="approved")[0]
    change_add(
        actor=actor,
        amendment=amendment,
        proposal=Proposal(
            kind=ChangeKind.CHANGE,
            motivation="Loopt uit.",
            is_important=False,
            objectives=[objective],
            values={"ends_on": f"{YEAR}-11-30"},
        ),
    )


def thrice_as_many() -> None:
    """Put two more beside each objective, with the same indicators."""
    links: dict[int, list[ObjectiveIndicator]] = {}
    for link in ObjectiveIndicator.objects.all():
        links.setdefault(link.objective_id, []).append(link)
    for number in (2, 3):
        rows = list(OperationalObjective.objects.exclude(code__contains="x").order_by("pk"))
        old = [row.pk for row in rows]
        for row in rows:
            _as_new(row).code += f"x{number}"
        OperationalObjective.objects.bulk_create(rows)
        for key, row in zip(old, rows, strict=True):
            for link in links.get(key, ()):
                _as_new(link).objective = row
        ObjectiveIndicator.objects.bulk_create([row for key in old for row in links.get(key, ())])


def _as_new(row: Any) -> Any:
    """Let a row that was read become another one."""
    row.pk, row.uuid, row._state.adding = None, uuid4(), True
    return row


def told_objectives() -> list[str]:
    """Return the pages of objectives with narratives, and of what is asked about."""
    told = Narrative.objects.order_by("objective").values_list("objective__uuid", flat=True)[:1]
    asked = Question.objects.filter(target_type=OperationalObjective.type_name())
    uuids = [*told, *asked.order_by("pk").values_list("target_uuid", flat=True)]
    return [_page("objective", uuid) for uuid in dict.fromkeys(uuids)]


def objective_pages() -> list[str]:
    """Return those, and an objective of each year and state."""
    each = [_page("objective", uuid) for uuid in _one_of_each_state()]
    return list(dict.fromkeys([*told_objectives(), *each]))


def _one_of_each_state() -> Iterator[Any]:
    """Give an objective of each year and state, of ADCV and of another unit."""
    seen = set()
    rows = OperationalObjective.objects.order_by("plan__year", "code", "pk")
    for uuid, year, state, unit in rows.values_list("uuid", "plan__year", "state", "unit__code"):
        if (year, state, unit == UNIT) not in seen:
            seen.add((year, state, unit == UNIT))
            yield uuid


def form_pages() -> Iterator[str]:
    """Give the pages of the plan cycle, and its forms."""
    own = OperationalObjective.objects.filter(unit__code=UNIT).order_by("code", "pk")
    in_force = own.filter(plan__year=YEAR, state="approved")
    yield from (_page("evaluation", row.uuid) for row in in_force)
    yield from (_page("proposal_start", row.uuid) for row in in_force[:1])
    yield from (_page("milestone_reports", row.uuid) for row in in_force[:2])
    yield from (_page("narrative", row.uuid, f"{YEAR}-T3") for row in in_force[:2])
    for row in own.filter(state="draft")[:2]:
        for page in ("objective_edit", "activity_new", "risk_new", "indicator_new"):
            yield _page(page, row.uuid)
        for link in row.indicator_links.current()[:1]:
            yield _page("indicator_weight", row.uuid, link.indicator.uuid)
            yield _page("indicator_withdrawal", row.uuid, link.indicator.uuid)
            yield _page("indicator_target", link.indicator.uuid)
            yield _page("indicator_define", link.indicator.uuid)
    yield from _amendment_pages()
    yield from (_page("mandate", row.code) for row in ManagementFunction.objects.all()[:6])
    yield from (_page("workbook_import", row.uuid) for row in WorkbookImport.objects.all())
    yield from _corporate_pages()
    yield from _translation_pages()


def _amendment_pages() -> Iterator[str]:
    for row in Amendment.objects.all():
        yield _page("amendment", row.uuid)
        yield _page("amendment_edit", row.uuid)
        yield from (_page("proposal_new", row.uuid, kind) for kind in ChangeKind.values)
        yield from (_page("proposal_edit", change.uuid) for change in row.changes.all())


def _corporate_pages() -> Iterator[str]:
    # One of each stage; in French they are the same.
    for report in ProgressReport.objects.filter(language="nl"):
        yield reverse("reporting:report", args=[report.uuid])
        yield reverse("reporting:report_status", args=[report.uuid])
        yield reverse("reporting:report_issue", args=[report.uuid])
        yield reverse("reporting:report_read", args=[report.uuid])
    for merger in Reorganisation.objects.all():
        yield reverse("reporting:reorganisation", args=[merger.uuid])
        yield reverse("reporting:reorganisation_edit", args=[merger.uuid])
    yield from (
        reverse("reporting:deadline", args=[row.uuid]) for row in Deadline.objects.all()[:1]
    )
    for name in ("signing", "succession", "lineage", "objective_new", "werf_new", "addendum_new"):
        yield reverse(f"strategy:{name}")
    for addendum in PlanAddendum.objects.all():
        yield _page("addendum", addendum.code)
        yield reverse("strategy:addendum_edit", args=[addendum.code])
        yield reverse("strategy:transversal_new", args=[addendum.code])
    for objective in StrategicObjective.objects.filter(addendum__isnull=False):
        yield _page("kpi_new", objective.uuid)
        yield reverse("strategy:objective_edit", args=[objective.code])
        yield reverse("strategy:objective_lineage", args=[objective.uuid])
    yield from (reverse("strategy:werf_lineage", args=[row.uuid]) for row in Werf.objects.all()[:1])


def _translation_pages() -> Iterator[str]:
    """Give the form of one text of each kind."""
    access = access_of(User.objects.get(username="cel-corporate"))
    for source in sources():
        for row in list(source.rows(access))[:1]:
            args = [source.kind, row.record.uuid, next(iter(source.fields)), "fr"]
            yield reverse("reporting:translation", args=args)


def _page(name: str, *args: Any) -> str:
    return reverse(f"planning:{name}", args=args)
