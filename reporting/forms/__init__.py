"""Forms of reporting, each kind in a module of its own."""

from reporting.forms.comparing import CompareForm, report_label
from reporting.forms.cycles import CycleForm
from reporting.forms.deadlines import DeadlineForm
from reporting.forms.gates import WaiverForm
from reporting.forms.reorganisation import ReorganisationForm
from reporting.forms.reports import (
    ApproveForm,
    CorrectionForm,
    ReportForm,
    ReviewForm,
    SendForm,
    VerdictForm,
)

__all__ = [
    "ApproveForm",
    "CompareForm",
    "CorrectionForm",
    "CycleForm",
    "DeadlineForm",
    "ReorganisationForm",
    "ReportForm",
    "ReviewForm",
    "SendForm",
    "VerdictForm",
    "WaiverForm",
    "report_label",
]
