"""Words for what happened to a plan and to its parts."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ACTIONS: Mapping[str, Promise] = {
    "created": _("created"),
    "changed": _("changed"),
    "loaded": _("loaded from the source"),
    "signed": _("signature recorded"),
    "signature_withdrawn": _("signature taken back"),
    "replaced": _("day of its replacement recorded"),
    "lineage_set": _("place in the next plan recorded"),
    "kpi_added": _("KPI added"),
    "kpi_withdrawn": _("KPI withdrawn"),
    "translated": _("translated"),
}


def action_text(action: str) -> str:
    """Return a history entry's verb."""
    return str(ACTIONS.get(action, action))
