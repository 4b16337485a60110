"""The indicators that go along with an objective to another owner, as far as a reader sees them.

A change of owner names them by code. Pages and API show it by the same rule.
"""

from collections.abc import Collection, Iterable
from typing import Any, Final

from objectives.indicators.models import Indicator
from objectives.planning.models import AmendmentChange
from personnel.access import Access

# The field of a change of owner that names them.
ALONG: Final = "indicators"


def codes_seen(changes: Iterable[AmendmentChange], access: Access) -> frozenset[str]:
    """Return the codes of those that the user may see: one query, none where nothing goes along."""
    named = {
        code for change in changes for side in change.values.get(ALONG, ()) for code in side or ()
    }
    if not named:
        return frozenset()
    seen = Indicator.objects.filter(code__in=named).visible_to(access)
    return frozenset(seen.values_list("code", flat=True))


def values_seen(change: AmendmentChange, codes: Collection[str]) -> dict[str, list[Any]]:
    """Return [old, new] of each field; of those that go along only the codes given."""
    return {
        name: [side_seen(name, side, codes) for side in sides]
        for name, sides in change.values.items()
    }


def side_seen(name: str, value: Any, codes: Collection[str]) -> Any:
    """Return what one side says of a field; of those that go along only the codes given."""
    if name != ALONG or value is None:
        return value
    return [code for code in value if code in codes]
