"""What a user may do with the definition of an indicator, for templates."""

from typing import TYPE_CHECKING

from django import template

from objectives.indicators.models import Indicator
from objectives.indicators.services import may_define
from personnel.models import User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

register = template.Library()


@register.filter
def definable_by(indicator: Indicator, user: "User | AnonymousUser") -> bool:
    """Tell whether the user changes the definition now."""
    return isinstance(user, User) and may_define(user, indicator)
