"""A workbook from the upload to its rows in the plan: checked, listed, applied as a whole."""

import hashlib
import logging
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.models import Job
from ibzplan.core.services import (
    history_record,
    job_finish,
    job_queue,
    job_step,
    next_instant,
)
from ibzplan.core.table_files import MAX_BYTES, UnreadableFile
from objectives.planning.choices import WorkbookState
from objectives.planning.models import OperationalPlan, WorkbookImport
from objectives.planning.selectors.workbooks import (
    last_changes,
    may_import,
    scope_of,
    workbook_book,
)
from objectives.planning.services.workbook_writing import comparison_write
from objectives.planning.workbook import (
    Book,
    BookInfo,
    Comparison,
    Problem,
    compare,
    read_book,
    write_book,
)
from objectives.planning.workbook.columns import MILESTONES, OBJECTIVES
from personnel.access import access_of
from personnel.models import OrganisationUnit, User

logger = logging.getLogger(__name__)

CHECK_TASK: Final = "planning.check_workbook"
APPLY_TASK: Final = "planning.apply_workbook"
STEP_READ: Final = "read"
STEP_COMPARE: Final = "compare"
STEP_TRY: Final = "try"
STEP_APPLY: Final = "apply"
CHECK_STEPS: Final = (STEP_READ, STEP_COMPARE, STEP_TRY)
APPLY_STEPS: Final = (STEP_READ, STEP_APPLY)
UNEXPECTED: Final = "unexpected"

# Trying out holds the record clock: a larger workbook is tried out when it is applied, and then
# all of it is taken back when a row is refused.
MOST_ROWS_TRIED: Final = 500
_FILE_NAME_LENGTH: Final = 200


class _TakeBack(Exception):
    """Takes back what was written, with what was refused."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__()
        self.problems = problems


def workbook_export(
    *, actor: User, plan: OperationalPlan, unit: OrganisationUnit | None = None
) -> bytes:
    """Return the workbook of a plan year as the user may read it, in the active language.

    Planners and heads get their own units, everyone else what they see; `unit` narrows that down.
    """
    access, clocks = access_of(actor), Clocks.now()
    own = scope_of(access)
    units = [unit] if unit is not None else own or None
    book = workbook_book(plan, access, clocks=clocks, units=units)
    scope = ", ".join(f"{row.code} {row.title}" for row in units) if units else _("The whole plan")
    info = BookInfo(plan.year, scope, timezone.now(), clocks.known_at, plan.is_demo)
    return write_book(book, info, _notes(book))


def _notes(book: Book) -> list[str]:
    is_open = any(not row.locked for row in book.rows[OBJECTIVES])
    is_reported = any(row.opens for row in book.rows[MILESTONES])
    return [
        _("White cells can be changed, grey ones cannot. Save the file and hand it in again."),
        *(
            []
            if is_open or is_reported
            else [_("Nothing here can be changed: every objective is closed to you.")]
        ),
        *(
            [_("Of objectives in force you say when milestones were done, or are expected.")]
            if is_reported
            else []
        ),
        _("Levels are named lowest first; the target of levels is a number, the lowest is 0."),
        _(
            "To add an objective, type in an empty row below the others and give it a name of your "
            "own in the first column, such as “new-1”. Rows of other sheets refer to it by that "
            "name; it gets its number when the file is applied."
        ),
        _("Several codes in one cell are separated by a semicolon."),
        _("Removing a row removes nothing from the plan: that is done on the page."),
        _("Every problem is listed by sheet, row and column before anything is written."),
        _("Another target, or another definition of what others saw, needs a reason in its row."),
    ]


@transaction.atomic
def workbook_import(
    *, actor: User, plan: OperationalPlan, file_name: str, content: bytes, language: str
) -> tuple[WorkbookImport, Job]:
    """Keep a workbook that was handed in and queue its check.

    Raises NotAllowed for whoever plans for no unit, DomainError for a file that is no workbook.
    """
    if not may_import(access_of(actor), plan):
        raise NotAllowed("not_planner", _("Only planners hand in a workbook."))
    if not file_name.lower().endswith(".xlsx"):
        raise DomainError(
            "not_a_workbook",
            _("“%(name)s” is not an Excel workbook without macros (.xlsx). Save it as .xlsx.")
            % {"name": file_name},
            "file",
        )
    if len(content) > MAX_BYTES:
        raise DomainError(
            "too_large",
            _("The file is larger than %(most)s MB. Leave out what does not belong to the plan.")
            % {"most": MAX_BYTES // 1024**2},
            "file",
        )
    at = next_instant()
    row = WorkbookImport(
        plan=plan,
        file_name=file_name[-_FILE_NAME_LENGTH:],
        sha256=hashlib.sha256(content).hexdigest(),
        requested_by=actor,
        language=language,
        is_demo=plan.is_demo,
    )
    row.file.save(f"{row.uuid}.xlsx", ContentFile(content), save=False)
    try:
        row.save()
        history_record(
            actor=actor,
            target=row,
            action="handed_in",
            changes={"sha256": (None, row.sha256)},
            at=at,
        )
        job = job_queue(actor=actor, task_name=CHECK_TASK, target=row, steps=len(CHECK_STEPS))
    except BaseException:
        row.file.delete(save=False)
        raise
    return row, job


def _row_of(job: Job) -> WorkbookImport | None:
    found: WorkbookImport | None = (
        WorkbookImport.objects.select_related("plan", "plan__plan", "requested_by")
        .filter(uuid=job.target_uuid)
        .first()
    )
    return found


def workbook_check(*, job: Job) -> None:
    """Do the work of a claimed job: list what is wrong and what would change; write none of it.

    Raises LeaseLost as soon as the job is another worker's.
    """
    row = _row_of(job)
    if row is None or row.state != WorkbookState.CHECKING:
        return
    with translation.override(row.language):
        job_step(job=job, step=STEP_READ, done=0)
        try:
            read = read_book(_content(row))
        except UnreadableFile as error:
            _keep(row, job, 0, [Problem(error.code, error.message)], [])
            return
        job_step(job=job, step=STEP_COMPARE, done=1)
        comparison = _compared(row, compare(read, _book(row)))
        job_step(job=job, step=STEP_TRY, done=2)
        problems = list(comparison.problems)
        if len(comparison.changes) <= MOST_ROWS_TRIED:
            problems += _refusals(row, comparison)
        else:
            problems.append(_not_tried(len(comparison.changes)))
        _keep(row, job, read.row_count, problems, _cells(comparison))


def _content(row: WorkbookImport) -> bytes:
    with row.file.open("rb") as file:
        content: bytes = file.read()
    return content


def _book(row: WorkbookImport) -> Book:
    return workbook_book(row.plan, access_of(row.requested_by), clocks=Clocks.now())


def _compared(row: WorkbookImport, comparison: Comparison) -> Comparison:
    """Turn what two people changed into problems that say who the other one is."""
    if not comparison.conflicts:
        return comparison
    objectives = comparison.named.get(OBJECTIVES, {})
    wanted: dict[int, list[UUID]] = {}
    for place, conflict in enumerate(comparison.conflicts):
        names = [part for part in conflict.current.identity.split("/") if len(part) == 36]
        owner = objectives.get(str(conflict.current.values.get("objective")))
        wanted[place] = [UUID(name) for name in [*names, *([owner] if owner else [])]]
    changes = last_changes([uuid for uuids in wanted.values() for uuid in uuids])
    for place, conflict in enumerate(comparison.conflicts):
        known = [changes[uuid] for uuid in wanted[place] if uuid in changes]
        last = max(known, key=lambda change: change.at, default=None)
        moment = timezone.localtime(last.at) if last else timezone.localtime()
        comparison.problems.append(
            conflict.problem(
                name=last.actor if last else "",
                moment=date_format(moment, "SHORT_DATETIME_FORMAT"),
            )
        )
    return comparison


def _not_tried(rows: int) -> Problem:
    return Problem(
        "not_tried",
        _(
            "%(rows)s rows change: the rules of the forms are checked when they are applied, and "
            "nothing is written when one is broken."
        )
        % {"rows": rows},
        is_remark=True,
    )


def _stops(problems: Sequence[Problem]) -> bool:
    return any(not problem.is_remark for problem in problems)


def _refusals(row: WorkbookImport, comparison: Comparison) -> list[Problem]:
    """Try everything out by the rules of the forms, take it back, and return what was refused."""
    if not comparison.changes:
        return []
    try:
        with transaction.atomic():
            next_instant()
            raise _TakeBack(
                comparison_write(actor=row.requested_by, plan=row.plan, comparison=comparison)
            )
    except _TakeBack as tried:
        return list(tried.problems)


def _cells(comparison: Comparison) -> list[dict[str, Any]]:
    return [cell for change in comparison.changes for cell in change.cells()]


def _keep(
    row: WorkbookImport,
    job: Job,
    row_count: int,
    problems: Sequence[Problem],
    changes: list[dict[str, Any]],
) -> None:
    """Keep what the check found."""
    with transaction.atomic():
        at = next_instant()
        job_step(job=job, step=STEP_TRY, done=len(CHECK_STEPS) - 1)
        row.row_count = row_count
        row.problems = [problem.as_json() for problem in problems]
        row.changes = changes
        row.state = WorkbookState.CHECKED
        row.save(update_fields=["row_count", "problems", "changes", "state"])
        history_record(actor=None, target=row, action="checked", at=at)


@transaction.atomic
def workbook_apply(*, actor: User, row: WorkbookImport) -> Job:
    """Queue the writing of a checked workbook without problems.

    Raises NotAllowed for anyone but who handed it in, DomainError when there is nothing to apply.
    """
    at = next_instant()
    current = WorkbookImport.objects.select_for_update().select_related("plan").get(pk=row.pk)
    if current.requested_by_id != actor.pk or not may_import(access_of(actor), current.plan):
        raise NotAllowed("not_yours", _("Only who handed the workbook in applies it."))
    if current.state != WorkbookState.CHECKED:
        raise DomainError("not_checked", _("A workbook is applied once, after its check."))
    if any(not problem["is_remark"] for problem in current.problems):
        raise DomainError("has_problems", _("Mend the problems first, then hand it in again."))
    if not current.changes:
        raise DomainError("no_changes", _("The workbook changes nothing."))
    current.state = WorkbookState.APPLYING
    current.save(update_fields=["state"])
    history_record(actor=actor, target=current, action="apply_asked", at=at)
    return job_queue(actor=actor, task_name=APPLY_TASK, target=current, steps=len(APPLY_STEPS))


def workbook_write(*, job: Job) -> None:
    """Write a workbook, all of it or nothing: what changed since its check is checked again."""
    row = _row_of(job)
    if row is None or row.state != WorkbookState.APPLYING:
        return
    with translation.override(row.language):
        job_step(job=job, step=STEP_READ, done=0)
        read = read_book(_content(row))
        try:
            with transaction.atomic():
                at = next_instant()  # nobody writes from here on
                job_step(job=job, step=STEP_APPLY, done=1)
                comparison = _compared(row, compare(read, _book(row)))
                if _stops(comparison.problems):
                    raise _TakeBack(comparison.problems)
                refused = comparison_write(
                    actor=row.requested_by, plan=row.plan, comparison=comparison
                )
                if refused:
                    raise _TakeBack([*comparison.problems, *refused])
                row.changes = _cells(comparison)
                row.state, row.applied_at = WorkbookState.APPLIED, at
                row.save(update_fields=["changes", "state", "applied_at"])
                history_record(
                    actor=row.requested_by,
                    target=row,
                    action="applied",
                    changes={"changes": (None, len(row.changes))},
                    at=at,
                )
        except _TakeBack as refusal:
            _keep(row, job, row.row_count, refusal.problems, row.changes)


@transaction.atomic
def workbook_fail(*, job: Job, error: str) -> None:
    """End a job and its workbook as failed. Raises LeaseLost when the job is another worker's."""
    at = next_instant()
    job_finish(job=job, error=error)
    row = _row_of(job)
    if row is not None and row.state in (WorkbookState.CHECKING, WorkbookState.APPLYING):
        row.state = WorkbookState.FAILED
        row.save(update_fields=["state"])
        history_record(actor=None, target=row, action="failed", reason=error, at=at)
