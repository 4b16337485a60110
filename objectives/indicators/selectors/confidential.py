"""The indicators that not everyone sees: a few rows, read once."""

from ibzplan.core.steady import steady
from objectives.indicators.models import Indicator


@steady
def confidential_indicators() -> tuple[Indicator, ...]:
    """Return every confidential indicator with its unit."""
    return tuple(Indicator.objects.filter(is_confidential=True).select_related("owner"))
