"""Words for the codes that a report's job keeps."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reporting.models import ProgressReport
from reporting.services import report_steps as service

STEPS: Final[Mapping[str, Promise]] = {
    "": _("Waiting for a worker"),
    service.STEP_COLLECT: _("Collecting the figures"),
    service.STEP_RENDER_PDF: _("Making the PDF"),
    service.STEP_ARCHIVE: _("Archiving the files"),
}

ERRORS: Final[Mapping[str, Promise]] = {
    service.RENDER_FAILED: _(
        "The PDF could not be made. The figures are kept; the reason is in the log."
    ),
    service.STORAGE_FAILED: _(
        "The files could not be kept: there may be no room left. Ask for it again afterwards."
    ),
    service.UNEXPECTED: _("Something went wrong that was not foreseen; it is in the log."),
    "worker_lost": _("The work stopped several times before it was complete."),
}

ACTIONS: Final[Mapping[str, Promise]] = {
    "requested": _("asked for"),
    "requested_again": _("asked for again"),
    "made": _("made"),
    "failed": _("failed"),
    "issued": _("issued"),
}

# File names are in the language of the report, not in that of whoever fetches it.
_FILE_NAMES: Final = {"nl": "voortgangsrapport", "fr": "rapport-d-avancement"}


def step_text(step: str) -> str:
    """Return what the worker is doing."""
    return str(STEPS.get(step, step))


def error_text(code: str) -> str:
    """Return why a report failed."""
    return str(ERRORS.get(code, ERRORS[service.UNEXPECTED]))


def action_text(action: str) -> str:
    """Return what a history entry says happened to a report."""
    return str(ACTIONS.get(action, action))


def file_name(report: ProgressReport, extension: str) -> str:
    """Return e.g. voortgangsrapport-OP2026-VBZ-2026-09-30-nl.pdf."""
    named = f"OP{report.plan.year}" if report.plan else report.strategic_plan.code
    stem = _FILE_NAMES[report.language]
    return (
        f"{stem}-{named}-{report.minister.code}-{report.reference_date:%Y-%m-%d}"
        f"-{report.language}.{extension}"
    )
