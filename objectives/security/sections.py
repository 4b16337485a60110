"""The pages of the security plan, as the row of links above each of them."""

from django.utils.translation import gettext_lazy as _

SECURITY = (
    ("security:overview", _("Matrix")),
    ("security:frameworks", _("Frameworks")),
    ("security:conditions", _("Enabling conditions")),
    ("security:resources", _("Resources and capacity")),
    ("security:follow_up", _("Follow-up and evaluation")),
    ("security:regular", _("Regular police work")),
    ("security:abbreviations", _("Abbreviations")),
)
