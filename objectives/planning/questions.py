"""Questions about objectives and indicators: what of them one can ask about, and the queue."""

import copy
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ibzplan.core.choices import QuestionKind
from ibzplan.core.clocks import Clocks
from ibzplan.core.models import Question
from ibzplan.core.notifications import registry as notifications
from ibzplan.core.questions import registry
from ibzplan.core.questions.rows import question_rows
from ibzplan.core.questions.selectors import questions_to_answer
from ibzplan.core.questions.telling import tell_question
from ibzplan.core.services.questions import KIND
from ibzplan.core.steady import steady
from objectives.indicators.formatting import period_text
from objectives.indicators.models import Indicator, Obligation
from objectives.indicators.periods import Period, parse_period
from objectives.indicators.selectors.definitions import definitions_known
from objectives.planning.models import OperationalObjective
from objectives.planning.remarks import FIELDS
from objectives.planning.selectors.narratives import quarters_of
from objectives.planning.selectors.queues import Counted, QueueRow, QueueSource, register
from objectives.planning.selectors.units import objectives_then, standing_at
from personnel.access import Access
from personnel.choices import Role
from personnel.models import OrganisationUnit, User

NARRATIVE: Final = "narrative"
FIGURE: Final = "figure"
_PERIODS: Final[Mapping[str, Promise]] = {
    NARRATIVE: gettext_lazy("Narrative %(period)s"),
    FIGURE: gettext_lazy("Figure of %(period)s"),
}


def anchor_of(what: str, period: Period) -> str:
    """Return the place of a record that a period has: 'narrative:2026-T3', 'figure:2026-T3'."""
    return f"{what}:{period}"


def _anchor_label(anchor: str) -> str:
    """Return what a place is called: a field by its name, a period in words."""
    what, _mark, period = anchor.partition(":")
    if what in _PERIODS:
        return str(_PERIODS[what]) % {"period": period_text(parse_period(period))}
    return str(FIELDS.get(anchor, anchor))


def _places(what: str, periods: Iterable[Period]) -> dict[str, str]:
    anchors = [anchor_of(what, period) for period in periods]
    return {anchor: _anchor_label(anchor) for anchor in anchors}


def _objective_places(objective: OperationalObjective) -> dict[str, str]:
    """Return its fields, then the narratives of the quarters of its plan."""
    year = objective.plan.year
    periods = quarters_of(year)
    fields = {name: str(label) for name, label in FIELDS.items()}
    return {**fields, **_places(NARRATIVE, periods)}


def _indicator_places(indicator: Indicator) -> dict[str, str]:
    """Return the figures that it owes, the latest period first: one query."""
    rows = Obligation.objects.current().filter(indicator=indicator).order_by("-period_start", "pk")
    return _places(FIGURE, [row.period for row in rows])


def _find_objective(access: Access, uuid: UUID) -> OperationalObjective | None:
    rows = OperationalObjective.objects.visible_to(access).select_related("plan", "unit")
    found: OperationalObjective | None = rows.filter(uuid=uuid).first()
    return found


def _find_indicator(access: Access, uuid: UUID) -> Indicator | None:
    rows = Indicator.objects.visible_to(access).select_related("owner")
    found: Indicator | None = rows.filter(uuid=uuid).first()
    return found


def _about_objectives(uuids: Collection[UUID], clocks: Clocks | None) -> dict[UUID, registry.About]:
    rows = _objectives_then(frozenset(uuids), clocks) if clocks else _objectives(uuids)
    return {
        row.uuid: registry.About(row.code, row.title, "planning:objective", row.uuid, row.unit.code)
        for row in rows
    }


def _objectives(uuids: Collection[UUID]) -> list[OperationalObjective]:
    return list(OperationalObjective.objects.filter(uuid__in=uuids).select_related("unit"))


@steady
def _objectives_then(uuids: frozenset[UUID], clocks: Clocks) -> list[OperationalObjective]:
    """Return them as they stood then."""
    rows = _objectives(uuids)
    then = objectives_then(rows, clocks)
    return [then.get(row.pk, row) for row in rows]


def _about_indicators(uuids: Collection[UUID], clocks: Clocks | None) -> dict[UUID, registry.About]:
    rows = _indicators_then(frozenset(uuids), clocks) if clocks else _indicators(uuids)
    return {
        row.uuid: registry.About(
            row.code, row.title, "planning:indicator", row.uuid, row.owner.code
        )
        for row in rows
    }


def _indicators(uuids: Collection[UUID]) -> list[Indicator]:
    return list(Indicator.objects.filter(uuid__in=uuids).select_related("owner"))


@steady
def _indicators_then(uuids: frozenset[UUID], clocks: Clocks) -> list[Indicator]:
    """Return them as they were defined and owned then."""
    rows = _indicators(uuids)
    (standing,) = standing_at([], rows, [clocks])
    defined = definitions_known(rows, year=clocks.reference_date.year, clocks=clocks)
    known = []
    for row in rows:
        then = copy.copy(defined[row.pk].indicator)
        then.owner = standing.indicators[row.pk].owner
        known.append(then)
    return known


def _owners(rows: QuerySet[Any], unit: str) -> dict[UUID, int]:
    return dict(rows.values_list("uuid", unit))


def _objective_unit(objective: OperationalObjective) -> OrganisationUnit:
    return objective.unit


def _indicator_unit(indicator: Indicator) -> OrganisationUnit:
    return indicator.owner


def register_all() -> None:
    """Let one ask about objectives and indicators; say how it is told and where it waits."""
    registry.register(
        OperationalObjective.type_name(),
        registry.Askable(
            label=gettext_lazy("Objective"),
            collection="operationalObjectives",
            find=_find_objective,
            visible=lambda access: OperationalObjective.objects.visible_to(access).values("uuid"),
            of_units=lambda units: OperationalObjective.objects.filter(unit__in=units).values(
                "uuid"
            ),
            unit=_objective_unit,
            owners=lambda uuids: _owners(
                OperationalObjective.objects.filter(uuid__in=uuids), "unit_id"
            ),
            is_open=lambda objective: objective.is_in_force,
            anchors=_objective_places,
            anchor_label=_anchor_label,
            about=_about_objectives,
        ),
    )
    registry.register(
        Indicator.type_name(),
        registry.Askable(
            label=gettext_lazy("Indicator"),
            collection="indicators",
            find=_find_indicator,
            visible=lambda access: Indicator.objects.visible_to(access).values("uuid"),
            of_units=lambda units: Indicator.objects.filter(owner__in=units).values("uuid"),
            unit=_indicator_unit,
            owners=lambda uuids: _owners(Indicator.objects.filter(uuid__in=uuids), "owner_id"),
            is_open=lambda indicator: indicator.is_released,
            anchors=_indicator_places,
            anchor_label=_anchor_label,
            about=_about_indicators,
        ),
    )
    notifications.register(KIND, tell_question)
    register(
        QueueSource(
            name="questions",
            order=15,
            label=gettext_lazy("Questions and decisions that wait for your answer"),
            rows=_waiting,
            count=_count,
        )
    )


# What waits ---------------------------------------------------------------------------------------


def _answers(access: Access) -> bool:
    return bool(access.roles & {Role.CABINET, Role.HEAD, Role.PLANNER})


def _count(_user: User, access: Access) -> Counted:
    return questions_to_answer(access, Clocks.now()) if _answers(access) else None


def _waiting(_user: User, access: Access) -> list[QueueRow]:
    if not _answers(access):
        return []
    clocks = Clocks.now()
    rows = question_rows(questions_to_answer(access, clocks), clocks)
    return [
        QueueRow(
            title=row.title,
            url=row.url,
            code=row.code,
            unit=row.about.unit,
            since=row.question.asked_at,
            by=str(row.question.asked_by),
            deadline=row.due_on,
            is_late=row.is_late,
            note=_note(row.question),
        )
        for row in rows
    ]


def _note(question: Question) -> str:
    kind = str(QuestionKind(question.kind).label)
    return _("%(kind)s: %(text)s") % {"kind": kind, "text": question.text}
