"""Operations that became old: they say so in their answers, and from a moment on answer 410.

What clients are promised is in docs/api/deprecation.md. The headers are `Deprecation` (RFC 9745),
`Sunset` (RFC 8594) and `Link`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest
from django.http.response import ResponseHeaders
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from django.utils.translation import gettext as _

from ibzplan.core.api.links import API_PATH
from ibzplan.core.api.problems import PROBLEM_TYPE, Refused

DEPRECATION: Final = "Deprecation"
SUNSET: Final = "Sunset"
# What an answer without a body says of it too.
NOTICES: Final = (DEPRECATION, SUNSET)
_PARAMETER: Final = re.compile(r"<(?:\w+:)?(\w+)>")
# What addresses call their parameters -> what the document does.
_NAMES: Final = {"identifier": "id", "file_format": "format"}


@dataclass(frozen=True, slots=True)
class Deprecated:
    """An operation, by its method and its path in the OpenAPI document, that is old from `since`.

    `instead` is the address of what takes its place. From `sunset` on, which may be told later, it
    answers 410.
    """

    method: str
    path: str
    since: datetime
    instead: str
    sunset: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Tell whether it does nothing any more."""
        return self.sunset is not None and self.sunset <= timezone.now()

    def told_in(self, headers: ResponseHeaders) -> None:
        """Say in the headers of an answer since when it is old, until when, and what instead."""
        headers[DEPRECATION] = f"@{int(self.since.timestamp())}"
        if self.sunset is not None:
            headers[SUNSET] = http_date(self.sunset.timestamp())
        page = reverse("api-docs-guide", args=["deprecation"])
        links = [
            headers.get("Link", ""),
            f'<{page}>; rel="deprecation"; type="text/html"',
            f'<{self.instead}>; rel="successor-version"',
        ]
        headers["Link"] = ", ".join(link for link in links if link)


# Everything that became old, until a year after its end.
DEPRECATED: Final[tuple[Deprecated, ...]] = ()


def deprecated_by(request: HttpRequest) -> Deprecated | None:
    """Return what the operation that a request asks for became, None while it is not old."""
    if not DEPRECATED or request.resolver_match is None:
        return None
    route = request.resolver_match.route.removeprefix(API_PATH).removeprefix("/")
    path = "/" + _PARAMETER.sub(lambda found: f"{{{_NAMES[found[1]]}}}", route)
    method = "GET" if request.method == "HEAD" else request.method
    found = (one for one in DEPRECATED if (one.method, one.path) == (method, path))
    return next(found, None)


def refuse_ended(request: HttpRequest) -> None:
    """Refuse (410) an operation whose end has come."""
    old = deprecated_by(request)
    if old is not None and old.is_over:
        detail = _("This has ended: “%(instead)s” takes its place.") % {"instead": old.instead}
        raise Refused(HTTPStatus.GONE, detail, name="ibzplan:operationEnded")


def mark_deprecated(paths: Mapping[str, dict[str, Any]]) -> None:
    """Mark in the paths of an OpenAPI document what became old."""
    for one in DEPRECATED:
        operation = paths[one.path][one.method.lower()]
        operation["deprecated"] = True
        operation["description"] = f"Old since {one.since:%Y-%m-%d}: use {one.instead} instead."
        problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
        ended = {"description": "It has ended.", "content": {PROBLEM_TYPE: problem}}
        operation["responses"].setdefault("410", ended)
