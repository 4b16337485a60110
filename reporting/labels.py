"""Words for the codes that a report's job keeps."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reporting.choices import ReportFormat
from reporting.models import ProgressReport
from reporting.services import report_steps as service

STEPS: Final[Mapping[str, Promise]] = {
    "": _("Waiting for a worker"),
    service.STEP_COLLECT: _("Collecting the figures"),
    service.STEP_RENDER: _("Making the files"),
    service.STEP_STORE: _("Archiving the file"),
    service.STEP_PUBLISH: _("Making the files available"),
}

ERRORS: Final[Mapping[str, Promise]] = {
    service.RENDER_FAILED: _(
        "The file could not be made. The figures are kept; the reason is in the log."
    ),
    service.FIGURES_DISAGREE: _(
        "The report would show different figures for the same fact, so that it is not made:"
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
    "format_made": _("format made"),
    "files_final": _("final files made"),
    "cancelled": _("stopped"),
    "failed": _("failed"),
    "issued": _("approved"),
    "review_opened": _("review by the directorates asked for"),
    "review_answered": _("directorate answered"),
    "replaced": _("replaced by another draft"),
    "taken_up": _("taken up again"),
    "gate_waived": _("differences between Dutch and French let through"),
    "number_decided": _("number in a text looked at"),
    "sending_asked": _("mail asked for"),
    "sent": _("sent"),
    "archived": _("archived"),
}

# File names are in the language of the report, not in that of whoever fetches it.
_FILE_NAMES: Final = {"nl": "voortgangsrapport", "fr": "rapport-d-avancement"}
_EDITIONS: Final = {"nl": "uitgave", "fr": "edition"}


def step_text(step: str) -> str:
    """Return what the worker is doing."""
    return str(STEPS.get(step, step))


def error_text(code: str) -> str:
    """Return why a report or a format failed, with the places of the report that a job names."""
    reason, _newline, places = code.partition("\n")
    text = str(ERRORS.get(reason, ERRORS[service.UNEXPECTED]))
    return f"{text} {places}" if places else text


def format_text(format_: str) -> str:
    """Return what a format is called."""
    is_known = format_ in ReportFormat.values
    return str(ReportFormat(format_).label) if is_known else format_.upper()


def action_text(action: str) -> str:
    """Return what a history entry says happened to a report."""
    return str(ACTIONS.get(action, action))


def file_name(report: ProgressReport, extension: str) -> str:
    """Return e.g. voortgangsrapport-OP2026-VBZ-2026-09-30-nl.pdf.

    A correction has its number in it, so that it does not take the place of what it corrects in
    the folder of who kept both.
    """
    named = f"OP{report.plan.year}" if report.plan else report.strategic_plan.code
    stem = _FILE_NAMES[report.language]
    edition = f"-{_EDITIONS[report.language]}-{report.edition}" if report.edition > 1 else ""
    return (
        f"{stem}-{named}-{report.minister.code}-{report.reference_date:%Y-%m-%d}"
        f"-{report.language}{edition}.{extension}"
    )
