"""System check of the setting that says what is done about too much."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from objectives.allocation.choices import OverRule


@register()
def over_rule_is_known(**_kwargs: Any) -> list[CheckMessage]:
    """Report a value of ALLOCATION_OVER that nobody knows."""
    if settings.ALLOCATION_OVER in OverRule.values:
        return []
    return [
        Error(
            f"ALLOCATION_OVER is {settings.ALLOCATION_OVER!r}.",
            hint=f"Set it to one of: {', '.join(OverRule.values)}.",
            id="allocation.E001",
        )
    ]
