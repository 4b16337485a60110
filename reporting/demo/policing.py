"""What figures of chapter 3 of the NVP became in the demo."""

from datetime import date, timedelta
from typing import Final

from objectives.security.models import ResourceValue
from objectives.strategy.choices import ElementKind
from objectives.strategy.models import PlanElement
from personnel.choices import Role
from reporting.demo.means_content import MeansContent
from reporting.demo.workshop import Workshop

# So long after its day the steering group records a value; one after the other.
_RECORDED_DAYS: Final = 8
_A_VALUE: Final = timedelta(minutes=4)


def police_write(workshop: Workshop, told: MeansContent) -> None:
    """Write the values that were recorded by now, of figures without real ones: one query."""
    chronology, member = workshop.chronology, workshop.user(Role.STEERING_GROUP)
    figures = {
        row.code: row
        for row in PlanElement.objects.filter(
            plan__code=told.police_plan, kind=ElementKind.FIGURE, is_demo=False
        ).exclude(later_values__is_demo=False)
    }
    for number, one in enumerate(told.police):
        on = date(workshop.today.year + one.years, *one.on)
        day = on + timedelta(days=_RECORDED_DAYS)
        if one.figure not in figures or not chronology.has_passed(day):
            continue
        row = ResourceValue(
            uuid=workshop.identity.of("police", one.figure, on.isoformat()),
            figure=figures[one.figure],
            on=on,
            value=one.value,
            source=one.source,
            recorded_by=member,
            is_demo=True,
        )
        workshop.rows.police.append(row)
        at = chronology.later(chronology.noon(day), number * _A_VALUE)
        chronology.date(at, (row, "recorded_at"))
