"""`Idempotency-Key`: a write that comes again is answered as it was, and writes nothing again.

Only a write that was done is kept: a refused one wrote nothing, so it is tried anew.
"""

import hashlib
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from ibzplan.core.api.json_body import shown
from ibzplan.core.api.problems import SCHEMA_VIOLATION, InvalidInput, Issue, Refused
from ibzplan.core.services.idempotency import request_answered, request_keep

if TYPE_CHECKING:
    from rest_framework.request import Request

    from personnel.models import User

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"
KEY_PATTERN: Final = r"[\x21-\x7e]{1,255}"
_KEY: Final = re.compile(KEY_PATTERN)
# What is kept of an answer beside its body.
_KEPT_HEADERS: Final = ("Content-Language", "Content-Type", "ETag", "Location")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request with a key of its client's own."""

    actor: "User"
    client: UUID
    key: str
    fingerprint: str

    @classmethod
    def of(cls, request: "Request", actor: "User", raw: bytes) -> "Attempt | None":
        """Return the attempt; None without a key. Raises InvalidInput for what is no key.

        A key belongs to the token that sends it, in a browser to the user.
        """
        key = request.headers.get(HEADER)
        if key is None:
            return None
        if not _KEY.fullmatch(key):
            detail = _("Give 1 to 255 visible ASCII characters, a new UUID for instance.")
            raise InvalidInput([Issue(SCHEMA_VIOLATION, HEADER, detail, shown(key), "header")])
        asked = f"{request.method} {request.get_full_path()}\n".encode()
        return cls(
            actor=actor,
            client=getattr(request.auth, "uuid", None) or actor.uuid,
            key=key,
            fingerprint=hashlib.sha256(asked + raw).hexdigest(),
        )

    def answered(self) -> HttpResponse | None:
        """Return what was answered before, in the transaction of the write; None at first.

        Raises Refused (422) when the key was used for another request.
        """
        kept = request_answered(client=self.client, key=self.key)
        if kept is None:
            return None
        if kept.fingerprint != self.fingerprint:
            raise Refused(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                _("This key was used for another request. Give every request a key of its own."),
                name="ibzplan:idempotencyKeyReused",
                issues=[
                    Issue(
                        SCHEMA_VIOLATION,
                        HEADER,
                        _("This key was used already."),
                        self.key,
                        "header",
                    )
                ],
            )
        return HttpResponse(
            kept.answer, status=kept.status, headers={**kept.headers, REPLAYED: "true"}
        )

    def keep(self, response: HttpResponse) -> None:
        """Keep an answer, in the transaction of the write."""
        headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response}
        request_keep(
            actor=self.actor,
            client=self.client,
            key=self.key,
            fingerprint=self.fingerprint,
            status=response.status_code,
            headers=headers,
            body=response.content,
        )
