"""The one lock order in what takes in much at once, and in what is said; see test_lock_order."""

from dataclasses import replace
from typing import Final
from uuid import uuid4

import pytest

from ibzplan.core.localised import LocalisedText
from ibzplan.core.models import Job
from ibzplan.core.services import job_claim, translation_save
from ibzplan.core.services.comments import comment_add, comment_answer
from ibzplan.core.services.drafts import draft_drop, draft_save
from ibzplan.core.services.notifications import Message, notification_make, notification_read
from ibzplan.core.translations import mark_of, source_of
from objectives.planning.drafts import OBJECTIVE
from objectives.planning.models import (
    OperationalObjective,
    OperationalPlan,
    WorkbookImport,
)
from objectives.planning.services.copying import CopyChoice, objectives_copy
from objectives.planning.services.table import (
    NewRow,
    RowChange,
    objectives_save_all,
    sheet_as_stored,
)
from objectives.planning.services.workbooks import (
    workbook_apply,
    workbook_check,
    workbook_export,
    workbook_fail,
    workbook_import,
    workbook_write,
)
from personnel.access import access_of
from tests.core.lock_order import CLOCK, Call, Prepared, assert_clock_first, touched
from tests.factories import Ministry, text
from tests.objectives.planning.workbook_files import Opened

# The table, the copy, the workbook ---------------------------------------------------------------


def _objectives_save_all(ministry: Ministry) -> Call:
    objective, planner = ministry.objective(), ministry.users["planner_adcv"]
    sheet = sheet_as_stored(objective)
    changed = RowChange(objective, replace(sheet, title=text("Anders")), objective.version)
    new = NewRow(uuid4(), ministry.adcv, ministry.werf, sheet)
    return lambda: objectives_save_all(
        actor=planner, plan=ministry.year, changed=[changed], new=[new]
    )


def _next_year(ministry: Ministry) -> OperationalPlan:
    return OperationalPlan.objects.create(plan=ministry.plan, year=2027)


def _objectives_copy(ministry: Ministry) -> Call:
    plan, planner = _next_year(ministry), ministry.users["planner_adcv"]
    choice = CopyChoice(ministry.objective())
    return lambda: objectives_copy(actor=planner, plan=plan, choices=[choice])


def _workbook(ministry: Ministry) -> tuple[WorkbookImport, Job]:
    """Hand in a workbook in which one title was changed."""
    planner = ministry.users["planner_adcv"]
    if not OperationalObjective.objects.exists():
        ministry.objective()
    opened = Opened(workbook_export(actor=planner, plan=ministry.year))
    opened.put("objectives", 3, "title_nl", "Noodcentrales verbouwen")
    row, job = workbook_import(
        actor=planner,
        plan=ministry.year,
        file_name="plan.xlsx",
        content=opened.saved(),
        language="nl",
    )
    return row, _claimed(job)


def _claimed(job: Job) -> Job:
    claimed = job_claim(job_uuid=job.uuid)
    assert claimed
    return claimed


def _checked(ministry: Ministry) -> WorkbookImport:
    row, job = _workbook(ministry)
    workbook_check(job=job)
    row.refresh_from_db()
    assert (row.problems, len(row.changes)) == ([], 1)
    return row


def _workbook_import(ministry: Ministry) -> Call:
    ministry.objective()
    return lambda: _workbook(ministry)


def _workbook_apply(ministry: Ministry) -> Call:
    row = _checked(ministry)
    return lambda: workbook_apply(actor=row.requested_by, row=row)


def _workbook_fail(ministry: Ministry) -> Call:
    _row, job = _workbook(ministry)
    return lambda: workbook_fail(job=job, error="unexpected")


# Talking about it --------------------------------------------------------------------------------


def _comment_answer(ministry: Ministry) -> Call:
    objective, head = ministry.objective(), ministry.users["head_adcv"]
    comment = comment_add(actor=head, target=objective, text="Korter", field="title")
    planner = ministry.users["planner_adcv"]
    return lambda: comment_answer(actor=planner, comment=comment, target=objective, text="Ja")


def _translation_save(ministry: Ministry) -> Call:
    planner, source = ministry.users["planner_adcv"], source_of("objectives")
    assert source
    objective = ministry.objective()
    OperationalObjective.objects.filter(pk=objective.pk).update(
        title=LocalisedText({"nl": "Masterplan NCU uitvoeren"})
    )
    objective.refresh_from_db()
    return lambda: translation_save(
        actor=planner,
        access=access_of(planner),
        source=source,
        record=objective,
        field="title",
        language="fr",
        text="Exécuter le masterplan CNU",
        seen=mark_of(objective.title),
    )


SERVICES: Final[list[Prepared]] = [
    _objectives_save_all,
    _objectives_copy,
    _workbook_import,
    _workbook_apply,
    _workbook_fail,
    _comment_answer,
    _translation_save,
]


@pytest.mark.parametrize("prepared", SERVICES, ids=lambda one: one.__name__[1:])
def test_the_clock_is_locked_before_any_row(
    ministry: Ministry, prepared: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_clock_first(prepared(ministry), monkeypatch)


def test_checking_a_workbook_keeps_its_result_under_the_clock(
    ministry: Ministry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The steps of a job are written outside any transaction: only they may come before."""
    _row, job = _workbook(ministry)
    _only_the_job_before_the_clock(lambda: workbook_check(job=job), monkeypatch)


def test_writing_a_workbook_locks_the_clock_before_any_row_of_the_plan(
    ministry: Ministry, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = _checked(ministry)
    job = _claimed(workbook_apply(actor=row.requested_by, row=row))
    _only_the_job_before_the_clock(lambda: workbook_write(job=job), monkeypatch)
    assert OperationalObjective.objects.get().title["nl"] == "Noodcentrales verbouwen"


def _only_the_job_before_the_clock(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    locked, written = touched(call, monkeypatch)
    assert next(one for one in locked if one != Job._meta.db_table) == CLOCK
    others = [sql for sql in written if f'UPDATE "{Job._meta.db_table}"' not in sql]
    assert f'"{CLOCK}"' in others[0]


def _draft_save(ministry: Ministry) -> Call:
    objective, planner = ministry.objective(), ministry.users["planner_adcv"]
    typed = {"title_nl": ["Masterplan"]}
    return lambda: draft_save(actor=planner, form=OBJECTIVE, target=objective.uuid, data=typed)


def _draft_drop(ministry: Ministry) -> Call:
    objective, planner = ministry.objective(), ministry.users["planner_adcv"]
    draft_save(actor=planner, form=OBJECTIVE, target=objective.uuid, data={"title_nl": ["M"]})
    return lambda: draft_drop(actor=planner, form=OBJECTIVE, target=objective.uuid)


def _notification_make(ministry: Ministry) -> Call:
    message = Message(user=ministry.users["planner_adcv"], kind="reminder", key="one")
    return lambda: notification_make(message=message)


def _notification_read(ministry: Ministry) -> Call:
    planner = ministry.users["planner_adcv"]
    notification_make(message=Message(user=planner, kind="reminder", key="one"))
    row = planner.notifications.get()
    return lambda: notification_read(actor=planner, uuid=row.uuid)


@pytest.mark.parametrize(
    ("prepared", "table"),
    [
        (_draft_save, "core_formdraft"),
        (_draft_drop, "core_formdraft"),
        (_notification_make, "core_notification"),
        (_notification_read, "core_notification"),
    ],
    ids=lambda one: one.__name__[1:] if callable(one) else one,
)
def test_what_keeps_no_history_waits_for_nobody(
    ministry: Ministry, prepared: Prepared, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Typing is kept while others approve: it takes no clock, and writes one table alone."""
    locked, written = touched(prepared(ministry), monkeypatch)
    assert set(locked) <= {table}
    assert written
    assert all(f'"{table}"' in sql for sql in written)
