"""Who calls: a client with its token, or a browser with its session."""

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from ibzplan.core.services import token_find

if TYPE_CHECKING:
    from rest_framework.request import Request

    from ibzplan.core.models import ApiToken
    from personnel.models import User

KEYWORD: Final = "Bearer"


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <key>`; the client acts as the user its token hangs on."""

    def authenticate(self, request: "Request") -> "tuple[User, ApiToken] | None":
        """Return the token's user and the token, or None when no bearer token is given.

        The user carries the token, which narrows what it reaches (personnel.access).

        Raises AuthenticationFailed (401) for a key that is unknown, expired or revoked.
        """
        scheme, _space, key = get_authorization_header(request).partition(b" ")
        if scheme.lower() != KEYWORD.lower().encode():
            return None
        try:
            token = token_find(key=key.decode("ascii").strip())
        except UnicodeDecodeError:
            token = None
        if token is None:
            raise AuthenticationFailed(_("This token is unknown, expired or revoked."))
        user: User = token.user
        user.acts_with = token
        return user, token

    def authenticate_header(self, request: "Request") -> str:
        """Return the challenge of a 401, so that it is not turned into a 403."""
        return f'{KEYWORD} realm="ibzplan"'
