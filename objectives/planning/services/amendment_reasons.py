"""What the history gives as the reason of what an amendment did."""

from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from objectives.planning.models import AmendmentChange

ACTION: Final = "amended"


def reason_of(change: AmendmentChange) -> str:
    """Return what the history gives as the reason: the number, the same in every language."""
    return f"W{change.amendment.number}: {change.motivation}"


def reason_for_all(change: AmendmentChange) -> str:
    """Return the reason as every reader of the objective or the plan may read it.

    Why the target of a confidential indicator changes is told where that indicator is shown.
    """
    if change.indicator is not None and change.indicator.is_confidential:
        return f"W{change.amendment.number}"
    return reason_of(change)


def since_amendment(number: int) -> str:
    """Return why an earlier period is not asked for, in both languages: the record keeps it."""
    said = []
    for language in settings.CONTENT_LANGUAGES:
        with override(language):
            said.append(_("in force since amendment %(number)s") % {"number": f"W{number}"})
    return " / ".join(dict.fromkeys(said))
