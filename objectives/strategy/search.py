"""What the search finds in the structure of both plans and in the organisation."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from typing import Any, TypeVar

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ibzplan.core.localised import LocalisedText
from ibzplan.core.search import Hit, SearchQuery, SearchSource, kept_with, register
from ibzplan.core.search.matching import holds_all
from ibzplan.core.steady import steady
from objectives.strategy.choices import ElementKind
from objectives.strategy.models import (
    CommunicationAction,
    Goal,
    Mission,
    PlanElement,
    PlanEntry,
    StrategicObjective,
    Werf,
    WerfElement,
)
from personnel.models import OfficeHolder, OrganisationUnit, SupervisingMinister, UnitName
from personnel.structure import all_units

EntryT = TypeVar("EntryT", bound=PlanEntry)

# Which page shows which kind; the other kinds belong to pages of the security plan.
_PAGE_OF_KIND = {
    ElementKind.MISSION_STATEMENT: "strategy:identity",
    ElementKind.VISION: "strategy:identity",
    ElementKind.GUIDING_PRINCIPLE: "strategy:identity",
    ElementKind.VALUE: "strategy:identity",
    ElementKind.COALITION_LINE: "strategy:identity",
    ElementKind.STAKEHOLDER_GROUP: "strategy:stakeholders",
    ElementKind.PESTEL: "strategy:environment",
    ElementKind.SWOT: "strategy:environment",
    ElementKind.PLANNING_RULE: "strategy:rules",
    ElementKind.ADDENDUM: "strategy:rules",
}


def strings_in(value: Any) -> Iterator[str]:
    """Yield every text in the attributes of an element, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from strings_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from strings_in(part)


@steady
def _elements() -> tuple[tuple[PlanElement, str], ...]:
    """Return the elements of both plans, each with what its attributes say."""
    rows = in_source_order(PlanElement.objects.all())
    return tuple((row, " ".join(strings_in(row.attributes))) for row in rows)


def elements_with(
    query: SearchQuery, kinds: Collection[str], *, in_attributes: bool = True
) -> list[PlanElement]:
    """Return the elements of these kinds that match by name, description or attributes."""
    rows = [(row, extra) for row, extra in _elements() if row.kind in kinds]
    return kept_with(query.words, rows if in_attributes else [(row, "") for row, _extra in rows])


def entry_hit(entry: PlanEntry, url: str, path: str = "", *, with_code: bool = True) -> Hit:
    """Present an entry of a plan."""
    code = entry.code if with_code else ""
    return Hit(entry.title, url, code, entry.description, entry, path)


def in_source_order(rows: QuerySet[EntryT]) -> QuerySet[EntryT]:
    """Order entries as their document prints them; what users added comes last."""
    return rows.order_by(F("source_first_line").asc(nulls_last=True), "pk")


@steady
def _entries(model: type[PlanEntry], *related: str) -> tuple[tuple[PlanEntry, str], ...]:
    """Return the rows of a table of the plans: a few hundred at most."""
    rows: QuerySet[PlanEntry] = model._default_manager.select_related(*related)
    return tuple((row, "") for row in in_source_order(rows))


def rows_of(model: type[PlanEntry], *related: str) -> Callable[[SearchQuery], list[Any]]:
    """Return the finder of a model that is searched by its search key alone."""

    def find(query: SearchQuery) -> list[Any]:
        return kept_with(query.words, _entries(model, *related))

    return find


def _objective_hit(row: StrategicObjective) -> Hit:
    return entry_hit(row, reverse("strategy:objective", args=[row.code]))


def _goal_hit(row: Goal) -> Hit:
    page = reverse("strategy:objective", args=[row.objective.code])
    return entry_hit(row, f"{page}#goal-{row.code}", str(row.objective))


def _werf_hit(row: Werf) -> Hit:
    return entry_hit(row, reverse("strategy:werf", args=[row.code]), str(row.objective))


def _werf_element_hit(row: WerfElement) -> Hit:
    page = reverse("strategy:werf", args=[row.werf.code])
    return entry_hit(row, f"{page}#element-{row.code}", str(row.werf))


def _mission_hit(row: Mission) -> Hit:
    return entry_hit(row, f"{reverse('strategy:identity')}#mission-{row.code}", with_code=False)


def _element_rows(query: SearchQuery) -> list[PlanElement]:
    return elements_with(query, _PAGE_OF_KIND)


def _element_hit(row: PlanElement) -> Hit:
    url = f"{reverse(_PAGE_OF_KIND[ElementKind(row.kind)])}#element-{row.code}"
    return entry_hit(row, url, row.get_kind_display(), with_code=False)


@steady
def _communication() -> tuple[tuple[CommunicationAction, str], ...]:
    """Return the communication plan, each row with the texts of its columns."""
    columns = ("purpose", "audience", "timing", "message", "channel", "material")
    return tuple(
        (row, " ".join(text for name in columns for text in getattr(row, name).values()))
        for row in CommunicationAction.objects.all()
    )


def _communication_rows(query: SearchQuery) -> list[CommunicationAction]:
    return kept_with(query.words, _communication())


def _communication_hit(row: CommunicationAction) -> Hit:
    url = f"{reverse('strategy:communication')}#row-{row.code}"
    return Hit(row.title, url, "", row.message, row)


@steady
def _units() -> tuple[tuple[OrganisationUnit, str], ...]:
    """Return the units, each with the names that the plan prints for it."""
    names: dict[int, list[str]] = defaultdict(list)
    for unit_id, printed in UnitName.objects.values_list("unit_id", "printed"):
        names[unit_id].append(printed)
    return tuple((unit, " ".join(names[unit.pk])) for unit in all_units())


def _unit_rows(query: SearchQuery) -> list[OrganisationUnit]:
    """Find units by title, code or any name that the plan prints."""
    return kept_with(query.words, _units())


def _unit_hit(row: OrganisationUnit) -> Hit:
    url = f"{reverse('strategy:organisation')}#unit-{row.code}"
    return Hit(row.title, url, row.code, row.description, row, row.get_kind_display())


@steady
def _ministers() -> tuple[SupervisingMinister, ...]:
    """Return the ministers with who held the office."""
    return tuple(SupervisingMinister.objects.prefetch_related("holders"))


def _minister_rows(query: SearchQuery) -> list[SupervisingMinister]:
    """Find ministers by office or holder."""
    return [
        row
        for row in _ministers()
        if holds_all(
            query.words,
            " ".join(
                [
                    row.code,
                    *row.title.values(),
                    *row.short_title.values(),
                    *(holder.name for holder in row.holders.all()),
                ]
            ),
        )
    ]


def _minister_hit(row: SupervisingMinister) -> Hit:
    holders = ", ".join(holder.name for holder in row.holders.all())
    url = f"{reverse('strategy:organisation')}#minister-{row.code}"
    return Hit(row.title, url, source=row, path=holders)


@steady
def _officials() -> tuple[OfficeHolder, ...]:
    """Return who holds an office that is no minister's."""
    return tuple(OfficeHolder.objects.filter(minister=None))


def _official_rows(query: SearchQuery) -> list[OfficeHolder]:
    return [
        row
        for row in _officials()
        if holds_all(query.words, " ".join([row.name, *row.office.values()]))
    ]


def _official_hit(row: OfficeHolder) -> Hit:
    url = f"{reverse('strategy:organisation')}#officials"
    return Hit(
        LocalisedText(dict.fromkeys(("nl", "fr", "en"), row.name)), url, text=row.office, source=row
    )


SOURCES = (
    SearchSource(
        "strategic-objectives",
        10,
        _("Strategic objectives"),
        rows_of(StrategicObjective),
        _objective_hit,
    ),
    SearchSource("goals", 20, _("Goals"), rows_of(Goal, "objective"), _goal_hit),
    SearchSource("werven", 30, _("Werven"), rows_of(Werf, "objective"), _werf_hit),
    SearchSource(
        "werf-elements",
        40,
        _("Commitments and pillars"),
        rows_of(WerfElement, "werf__objective"),
        _werf_element_hit,
    ),
    SearchSource("missions", 60, _("Missions"), rows_of(Mission), _mission_hit),
    SearchSource(
        "strategic-plan",
        70,
        _("Other parts of the strategic plan"),
        _element_rows,
        _element_hit,
    ),
    SearchSource(
        "communication",
        80,
        _("Communication plan"),
        _communication_rows,
        _communication_hit,
    ),
    SearchSource("units", 200, _("Organisation units"), _unit_rows, _unit_hit),
    SearchSource("ministers", 210, _("Ministers"), _minister_rows, _minister_hit),
    SearchSource("officials", 220, _("Officials"), _official_rows, _official_hit),
)


def register_all() -> None:
    """Register every kind; called from ready()."""
    for source in SOURCES:
        register(source)
