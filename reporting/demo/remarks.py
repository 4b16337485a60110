"""What the corporate cell remarks on drafts of next year, and what the planners answer."""

from datetime import datetime, timedelta
from typing import Final

from ibzplan.core.models import Comment
from objectives.planning.models import OperationalObjective
from personnel.choices import Role
from personnel.models import User
from reporting.demo.content import ObjectiveContent
from reporting.demo.cycle import RemarkContent
from reporting.demo.workshop import Workshop

_ANSWERED_AFTER: Final = timedelta(hours=3)
_NEXT: Final = timedelta(minutes=4)


class RemarkWriter:
    """Makes comments with their answers; one serves the whole demo."""

    def __init__(self, workshop: Workshop) -> None:
        """Write into the demo's rows."""
        self.workshop = workshop

    def returned(
        self, objective: OperationalObjective, told: ObjectiveContent, at: datetime
    ) -> None:
        """Write what must change in a draft that went back at that moment."""
        content = self.workshop.content.cycle.returned[told.title["nl"]]
        for number, remark in enumerate(content.remarks):
            self._thread(
                objective, told.unit, remark, self._later(at, number * _NEXT), asks_change=True
            )

    def asked(self, objective: OperationalObjective, told: ObjectiveContent, at: datetime) -> None:
        """Write the question about a submitted draft, if there is one."""
        remark = self.workshop.content.cycle.asked.get(told.title["nl"])
        if remark is not None:
            self._thread(objective, told.unit, remark, self._later(at, _NEXT), asks_change=False)

    def _later(self, at: datetime, delay: timedelta) -> datetime:
        return self.workshop.chronology.later(at, delay)

    def _thread(
        self,
        objective: OperationalObjective,
        unit: str,
        remark: RemarkContent,
        at: datetime,
        *,
        asks_change: bool,
    ) -> None:
        corporate = self.workshop.user(Role.CORPORATE)
        first = self._comment(objective, corporate, remark.field, remark.text, at)
        first.asks_change = asks_change
        if remark.answer:
            planner = self.workshop.desk(unit).planner
            answer = self._comment(
                objective, planner, remark.field, remark.answer, self._later(at, _ANSWERED_AFTER)
            )
            answer.parent = first

    def _comment(
        self, objective: OperationalObjective, author: User, field: str, text: str, at: datetime
    ) -> Comment:
        workshop = self.workshop
        number = len(workshop.rows.comments)
        row = Comment(
            uuid=workshop.identity.of("comment", str(objective.uuid), str(number)),
            target_type=objective.type_name(),
            target_uuid=objective.uuid,
            field=field,
            text=text,
            author=author,
            is_demo=True,
        )
        workshop.rows.comments.append(row)
        change: dict[str, tuple[object, object]] = {"text": (None, text)}
        workshop.note(row, author, at, "created", change, also=[(row, "created_at")])
        return row
