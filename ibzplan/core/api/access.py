"""What a client's token is good for."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied

if TYPE_CHECKING:
    from rest_framework.request import Request


def require_scope(request: "Request", scope: str) -> None:
    """Refuse (403) a token that was not given this scope; a browser's session has every one."""
    token: Any = request.auth
    if token is not None and not token.allows(scope):
        raise PermissionDenied(_("This token has no scope “%(scope)s”.") % {"scope": scope})
