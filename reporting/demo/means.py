"""Writes the means of the demo: credits, people, figures of the Federal Police, and shares."""

from random import Random

from reporting.demo.allocating import shares_write
from reporting.demo.crediting import CreditWriter
from reporting.demo.plan_calendar import PlanDays
from reporting.demo.policing import police_write
from reporting.demo.staffing import StaffingWriter
from reporting.demo.workshop import Workshop


def means_write(workshop: Workshop, before: PlanDays, running: PlanDays) -> None:
    """Make the means of last year and the running year, beside what the plans print.

    Lots of its own, so that what else happens in the demo does not depend on them.
    """
    told = workshop.content.means
    rng = Random(workshop.identity.of("means").int)  # noqa: S311 (fiction that repeats itself)
    CreditWriter(workshop, told, rng, before.opened_on).write()
    StaffingWriter(workshop, told.staffing, rng, before.opened_on).write()
    police_write(workshop, told)
    shares_write(workshop, told, running)
