"""Writes that every app shares."""

from ibzplan.core.services.clock import clock_hold, clock_raise, clock_rewritten, next_instant
from ibzplan.core.services.history import (
    history_entry,
    history_record,
    history_record_all,
    record_change,
)
from ibzplan.core.services.jobs import (
    job_cancel,
    job_claim,
    job_finish,
    job_give_back,
    job_kept,
    job_part_again,
    job_queue,
    job_split,
    job_step,
    jobs_requeue_lost,
)
from ibzplan.core.services.tokens import (
    token_create,
    token_find,
    token_revoke,
    token_rotate,
)
from ibzplan.core.services.translations import translation_save

__all__ = [
    "clock_hold",
    "clock_raise",
    "clock_rewritten",
    "history_entry",
    "history_record",
    "history_record_all",
    "job_cancel",
    "job_claim",
    "job_finish",
    "job_give_back",
    "job_kept",
    "job_part_again",
    "job_queue",
    "job_split",
    "job_step",
    "jobs_requeue_lost",
    "next_instant",
    "record_change",
    "token_create",
    "token_find",
    "token_revoke",
    "token_rotate",
    "translation_save",
]
