"""What changed in what someone follows, as far as that person may see it.

Statuses and figures come from two readings with the follower's own rights: a draft is in neither,
and a figure that a cabinet sees once it is validated changes for them when it is validated.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from ibzplan.core.clocks import Clocks
from ibzplan.core.localised import LocalisedText
from ibzplan.core.models import Answer, Follow
from ibzplan.core.questions.selectors import questions_visible
from ibzplan.core.rewind import held_at
from ibzplan.core.steady import steady
from ibzplan.core.subjects import Reference
from objectives.indicators.models import Indicator
from objectives.indicators.selectors import IndicatorReading
from objectives.indicators.selectors.readings import indicator_reading
from objectives.indicators.selectors.recorded import recorded_series
from objectives.planning.choices import IN_FORCE, PlanState
from objectives.planning.models import (
    Amendment,
    ObjectiveIndicator,
    OperationalObjective,
)
from objectives.planning.selectors import ObjectiveReading, werf_reading
from objectives.planning.selectors.readings import (
    in_force_then,
    indicator_is_visible,
    readings_at,
)
from objectives.strategy.follows import werf_address
from objectives.strategy.models import Werf
from personnel.access import Access
from reporting.selectors.follow_change import Change, ChangeKind
from reporting.selectors.followed_changes import (
    amendments,
    figures,
    milestones,
    moved,
    narratives,
)
from reporting.selectors.followed_events import Events, events_between

_OBJECTIVE: Final = OperationalObjective.type_name()
_INDICATOR: Final = Indicator.type_name()
_WERF: Final = Werf.type_name()
# What a message quotes of a question.
_QUOTED_CHARS: Final = 200


@dataclass(frozen=True, slots=True)
class Followed:
    """One thing that is followed and that its follower may see, with what changed since."""

    code: str
    title: LocalisedText
    url: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class _Seen:
    """What these follows come down to, as far as the follower may see it."""

    objectives: Mapping[UUID, OperationalObjective]
    by_werf: Mapping[int, Sequence[OperationalObjective]]
    werven: Mapping[UUID, Werf]
    indicators: Mapping[UUID, Indicator]

    @property
    def every_objective(self) -> list[OperationalObjective]:
        """Return the objectives, followed themselves or below a werf, each once."""
        below = (row for rows in self.by_werf.values() for row in rows)
        return list({row.pk: row for row in (*self.objectives.values(), *below)}.values())


@dataclass(slots=True)
class _Read:
    """Readings by moment and key, answers by what was asked about, for one kind of reader."""

    now: datetime
    events: Events
    open_changes: frozenset[int]
    objectives: dict[datetime, dict[int, ObjectiveReading]] = field(default_factory=dict)
    indicators: dict[datetime, dict[int, IndicatorReading]] = field(default_factory=dict)
    answers: dict[Reference, list[Answer]] = field(default_factory=dict)

    def in_force(
        self, objectives: Iterable[OperationalObjective], moment: datetime
    ) -> dict[int, ObjectiveReading]:
        """Return the readings at a moment of those in force then, by objective key."""
        found = self.objectives[moment]
        return {row.pk: found[row.pk] for row in objectives if in_force_then(row, moment)}


def followed_since(
    follows: Sequence[Follow], *, access: Access, now: Clocks, events: Events | None = None
) -> dict[int, Followed]:
    """Return by follow key what changed between its `told_until` and `now` for this reader.

    What they may not see (any more) is left out. `events` are those read for several readers. The
    number of queries does not depend on that of the follows.
    """
    rows = [row for row in follows if row.told_until <= now.known_at]
    if not rows:
        return {}
    seen = _seen(rows, access, now.reference_date)
    oldest = min(row.told_until for row in rows)
    read = _read(rows, seen, access, now, events or events_between(oldest, now.known_at))
    found = ((row.pk, _followed(row, seen, read)) for row in rows)
    return {pk: one for pk, one in found if one is not None}


def _seen(follows: Sequence[Follow], access: Access, today: date) -> _Seen:
    """Return the records: at most three queries, none when they are known (see steady)."""
    wanted = frozenset((follow.target_type, follow.target_uuid) for follow in follows)
    return _records(wanted, access, today.year - 1)


@steady
def _records(followed: frozenset[Reference], access: Access, first_year: int) -> _Seen:
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for type_name, uuid in followed:
        wanted[type_name].add(uuid)
    asked = Q(uuid__in=wanted[_OBJECTIVE])
    if wanted[_WERF]:  # of last year's plan figures and evaluations still come in
        asked |= Q(werf__uuid__in=wanted[_WERF], plan__year__gte=first_year)
    rows: list[OperationalObjective] = []
    if wanted[_OBJECTIVE] or wanted[_WERF]:
        rows = list(
            OperationalObjective.objects.visible_to(access)
            .filter(asked)
            .select_related("plan", "plan__plan", "unit", "werf", "werf__objective")
        )
    by_werf: dict[int, list[OperationalObjective]] = defaultdict(list)
    for row in rows:
        by_werf[row.werf_id].append(row)
    werven = Werf.objects.filter(uuid__in=wanted[_WERF]).select_related("objective__plan")
    indicators = Indicator.objects.visible_to(access).filter(uuid__in=wanted[_INDICATOR])
    return _Seen(
        objectives={row.uuid: row for row in rows if row.uuid in wanted[_OBJECTIVE]},
        by_werf=by_werf,
        werven={row.uuid: row for row in werven} if wanted[_WERF] else {},
        indicators=(
            {row.uuid: row for row in indicators.select_related("owner")}
            if wanted[_INDICATOR]
            else {}
        ),
    )


def _read(
    follows: Sequence[Follow], seen: _Seen, access: Access, now: Clocks, events: Events
) -> _Read:
    read = _Read(now.known_at, events, _changes_open(events, access))
    moments = {row.told_until: _clocks_at(row.told_until) for row in follows}
    moments[now.known_at] = replace(now, pinned_reference=True, pinned_known=True)
    objectives = seen.every_objective
    if objectives:
        listed = readings_at(objectives, list(moments.values()), access=access, among_many=True)
        for moment, readings in zip(moments, listed, strict=True):
            read.objectives[moment] = {reading.objective.pk: reading for reading in readings}
    if seen.indicators:
        read.indicators = _indicators_at(seen, moments, access)
    read.answers = _answers(seen, access, events)
    return read


def _clocks_at(moment: datetime) -> Clocks:
    return Clocks(timezone.localdate(moment), moment, pinned_reference=True, pinned_known=True)


def _changes_open(events: Events, access: Access) -> frozenset[int]:
    """Return which of the approved changes the reader may see: a query when there are any.

    What was changed of a confidential indicator is for those who see that.
    """
    keys = {change.amendment_id for change in events.amended}
    if not keys:
        return frozenset()
    seen = _amendments_seen(frozenset(keys), access)
    return frozenset(
        change.pk
        for change in events.amended
        if change.amendment_id in seen
        and (change.indicator is None or indicator_is_visible(change.indicator, access))
    )


@steady
def _amendments_seen(keys: frozenset[int], access: Access) -> frozenset[int]:
    rows = Amendment.objects.visible_to(access).filter(pk__in=keys).order_by()
    return frozenset(rows.values_list("pk", flat=True))


def _indicators_at(
    seen: _Seen, moments: Mapping[datetime, Clocks], access: Access
) -> dict[datetime, dict[int, IndicatorReading]]:
    """Return at each moment the readings of the indicators, in the plan year that each is in.

    One that no objective in force uses is not there. Five queries, whatever the number of moments.
    """
    rows = list(seen.indicators.values())
    last = max(moments.values(), key=lambda clocks: clocks.known_at)
    years = _years_of(rows, last)
    used = [row for row in rows if row.pk in years]
    if not used:
        return {moment: {} for moment in moments}
    series = recorded_series(used, year=max(years.values()), until=last.known_at, among_many=True)
    return {
        moment: {
            row.pk: indicator_reading(series, row, year=years[row.pk], clocks=clocks, access=access)
            for row in used
        }
        for moment, clocks in moments.items()
    }


def _years_of(indicators: Sequence[Indicator], clocks: Clocks) -> dict[int, int]:
    """Return by key the last plan year begun that uses the indicator, else the first one."""
    years: dict[int, list[int]] = defaultdict(list)
    for link in _links_in_force(frozenset(row.pk for row in indicators)):
        approved_at = link.objective.approved_at
        was_approved = approved_at is not None and approved_at <= clocks.known_at
        if was_approved and held_at(link, clocks.known_at):
            years[link.indicator_id].append(link.objective.plan.year)
    found = {}
    for pk, used in years.items():
        begun = [year for year in used if year <= clocks.reference_date.year]
        found[pk] = max(begun) if begun else min(used)
    return found


@steady
def _links_in_force(indicators: frozenset[int]) -> tuple[ObjectiveIndicator, ...]:
    """Return the links of these indicators with objectives in force, ended or not."""
    rows = ObjectiveIndicator.objects.filter(indicator__in=indicators)
    return tuple(
        rows.filter(objective__state__in=IN_FORCE)
        .select_related("objective__plan")
        .order_by("objective__plan__year", "pk")
    )


def _answers(seen: _Seen, access: Access, events: Events) -> dict[Reference, list[Answer]]:
    """Return by record what was answered in that time, of questions that the reader reads."""
    objectives = frozenset(row.uuid for row in seen.every_objective)
    found: dict[Reference, list[Answer]] = defaultdict(list)
    for row in _answered_after(events.since, objectives, frozenset(seen.indicators), access):
        if row.answered_at <= events.until:
            found[row.question.target_type, row.question.target_uuid].append(row)
    return found


@steady
def _answered_after(
    since: datetime, objectives: frozenset[UUID], indicators: frozenset[UUID], access: Access
) -> tuple[Answer, ...]:
    """Return what was answered about these records after a moment, as far as one reads it."""
    about = Q(pk=None)
    for type_name, uuids in ((_OBJECTIVE, objectives), (_INDICATOR, indicators)):
        if uuids:
            about |= Q(target_type=type_name, target_uuid__in=uuids)
    rows = Answer.objects.filter(
        answered_at__gt=since,
        question__in=questions_visible(access).filter(about).order_by().values("pk"),
    )
    return tuple(rows.select_related("question"))


def _followed(follow: Follow, seen: _Seen, read: _Read) -> Followed | None:
    """Return one of them; None for what the follower may not see."""
    since = follow.told_until
    if follow.target_type == _OBJECTIVE:
        objective = seen.objectives.get(follow.target_uuid)
        if objective is None:
            return None
        url = reverse("planning:objective", args=[objective.uuid])
        changes = _of_objective(objective, since, read)
        return Followed(objective.code, objective.title, url, _ordered(changes))
    if follow.target_type == _WERF:
        werf = seen.werven.get(follow.target_uuid)
        if werf is None:
            return None
        changes = _of_werf(werf, seen.by_werf.get(werf.pk, ()), since, read)
        return Followed(werf.code, werf.title, werf_address(werf), _ordered(changes))
    indicator = seen.indicators.get(follow.target_uuid)
    if indicator is None:
        return None
    url = reverse("planning:indicator", args=[indicator.uuid])
    changes = _of_indicator(indicator, since, read)
    return Followed(indicator.code, indicator.title, url, _ordered(changes))


def _ordered(changes: Iterable[Change]) -> tuple[Change, ...]:
    return tuple(sorted(changes, key=lambda change: change.place))


def _of_werf(
    werf: Werf, objectives: Sequence[OperationalObjective], since: datetime, read: _Read
) -> list[Change]:
    """Return the werf's own status, and what changed in the objectives below it."""
    changes: list[Change] = []
    for year in {row.plan.year for row in objectives}:
        of_year = [row for row in objectives if row.plan.year == year]
        before = read.in_force(of_year, since)
        after = read.in_force(of_year, read.now)
        if before and after:
            old = werf_reading(werf, list(before.values())).status.status
            new = werf_reading(werf, list(after.values())).status.status
            if old != new:
                values = {"from": old.value, "to": new.value, "year": year}
                changes.append(Change(ChangeKind.STATUS, values=values))
    for row in objectives:
        changes += [replace(change, code=row.code) for change in _of_objective(row, since, read)]
    return changes


def _of_objective(objective: OperationalObjective, since: datetime, read: _Read) -> list[Change]:
    """Return what changed in an objective in force, before or after; of a draft nothing."""
    before = read.in_force([objective], since).get(objective.pk)
    after = read.in_force([objective], read.now).get(objective.pk)
    if before is None and after is None:
        return []
    amended = [
        change
        for change in read.events.amended_after(since, objective)
        if change.pk in read.open_changes
    ]
    changes = [*moved(objective, before, after, amended, since, read.events), *amendments(amended)]
    if before is not None and after is not None:
        if PlanState.CLOSED == after.objective.state != before.objective.state:
            changes.append(Change(ChangeKind.CLOSED))
        then = {link.link.indicator_id: link.reading for link in before.indicators}
        for link in after.indicators:
            old = then.get(link.link.indicator_id)
            if old is not None:
                changes += figures(old, link.reading, link.short_code)
    if after is not None:
        changes += milestones(objective, _in_force_since(before, after, since), read.events)
        changes += narratives(objective, since, read.events)
    return [*changes, *_answered((_OBJECTIVE, objective.uuid), since, read)]


def _in_force_since(
    before: ObjectiveReading | None, after: ObjectiveReading, since: datetime
) -> datetime:
    """Return from when on what happens below an objective is told: what a draft said is not."""
    approved_at = after.objective.approved_at
    return since if before is not None or approved_at is None else max(since, approved_at)


def _answered(about: Reference, since: datetime, read: _Read) -> list[Change]:
    rows = [row for row in read.answers.get(about, ()) if row.answered_at > since]
    questions = {row.question_id: row.question for row in rows}
    return [
        Change(ChangeKind.ANSWER, values={"question": row.text[:_QUOTED_CHARS]})
        for row in questions.values()
    ]


def _of_indicator(indicator: Indicator, since: datetime, read: _Read) -> list[Change]:
    before = read.indicators[since].get(indicator.pk)
    after = read.indicators[read.now].get(indicator.pk)
    changes = _answered((_INDICATOR, indicator.uuid), since, read)
    if before is None or after is None:
        return changes
    old, new = before.status.status, after.status.status
    if old != new:
        changes.append(Change(ChangeKind.STATUS, values={"from": old.value, "to": new.value}))
    return [*changes, *figures(before, after, "")]
