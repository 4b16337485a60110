"""Why an objective does not take a step together with others."""

from collections.abc import Mapping, Sequence, Set
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ibzplan.core.clocks import Clocks
from ibzplan.core.comments.threads import open_requests
from ibzplan.core.selectors import last_instant
from objectives.planning.choices import WaitsFor
from objectives.planning.models import OperationalObjective, PlanVersion
from objectives.planning.selectors.smart import EVERYTHING, SmartReading, smart_readings


def hindrances(
    objectives: Sequence[OperationalObjective], *, at: datetime | None = None
) -> Mapping[int, str]:
    """Return by key why an objective goes on its own only; one that is free is left out.

    It has an open finding of the SMART check (one that stops it, or one that nobody motivated),
    someone asked for a change, or its plan is in force and takes it in by an amendment.
    The number of queries does not grow with that of objectives.
    """
    if not objectives:
        return {}
    moment = max(filter(None, [at, last_instant()]), default=timezone.now())
    keys = [row.pk for row in objectives]
    current = list(
        OperationalObjective.objects.filter(pk__in=keys).select_related("plan", "unit", "holder")
    )
    clocks = Clocks(timezone.localdate(moment), moment)
    readings = smart_readings(current, clocks=clocks, access=EVERYTHING)
    plans = PlanVersion.objects.filter(plan__in={row.plan_id for row in current})
    in_force = set(plans.values_list("plan", flat=True))
    asked = open_requests(OperationalObjective.type_name(), [row.uuid for row in current])
    found = {
        reading.objective.pk: " ".join(
            [
                *_findings(reading),
                *_requests(len(asked.get(reading.objective.uuid, ()))),
                *_plan(reading.objective, in_force),
            ]
        )
        for reading in readings
    }
    return {key: words for key, words in found.items() if words}


def _findings(reading: SmartReading) -> list[str]:
    n = len(reading.blocking) + len(reading.unmotivated)
    if not n:
        return []
    return [
        ngettext(
            "%(n)s open finding of the SMART check.", "%(n)s open findings of the SMART check.", n
        )
        % {"n": n}
    ]


def _requests(n: int) -> list[str]:
    if not n:
        return []
    return [ngettext("%(n)s change is asked for.", "%(n)s changes are asked for.", n) % {"n": n}]


def _plan(objective: OperationalObjective, in_force: Set[int]) -> list[str]:
    """Say that the committee takes it into a plan in force by an amendment."""
    if objective.waits_for != WaitsFor.COMMITTEE or objective.plan_id not in in_force:
        return []
    return [_("The plan is in force: it comes in by an amendment.")]
