"""Words for the codes that the job of a workbook keeps."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from objectives.planning.services import workbooks as service

STEPS: Final[Mapping[str, Promise]] = {
    "": _("Waiting for a worker"),
    service.STEP_READ: _("Reading the sheets"),
    service.STEP_COMPARE: _("Comparing with the plan"),
    service.STEP_TRY: _("Trying out what changes"),
    service.STEP_APPLY: _("Writing the changes"),
}

ERRORS: Final[Mapping[str, Promise]] = {
    service.UNEXPECTED: _("Something went wrong that was not foreseen; it is in the log."),
    "worker_lost": _("The work stopped several times before it was complete."),
}


def step_text(step: str) -> str:
    """Return what the worker is doing."""
    return str(STEPS.get(step, step))


def error_text(code: str) -> str:
    """Return why the work failed."""
    return str(ERRORS.get(code, ERRORS[service.UNEXPECTED]))
