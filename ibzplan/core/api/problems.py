"""Errors as application/problem+json, with the problem types of the Belgif REST guide."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, Literal
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import defaults
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from ibzplan.core.api.links import API_PATH
from ibzplan.core.api.renderers import to_json
from ibzplan.core.errors import DomainError, EditConflict, NotAllowed
from ibzplan.core.filtersets import camel
from ibzplan.core.middleware import current_trace_id
from ibzplan.core.models import Record

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

PROBLEM_TYPE: Final = "application/problem+json"
_BELGIF: Final = "urn:problem-type:belgif:"
_VALIDATION: Final = f"{_BELGIF}input-validation:"
UNKNOWN_INPUT: Final = f"{_VALIDATION}unknownInput"
SCHEMA_VIOLATION: Final = f"{_VALIDATION}schemaViolation"
# Each could be, but not as it stands here: beside another parameter, or of another list.
NOT_TOGETHER: Final = "urn:problem-type:ibzplan:notTogether"
UNKNOWN_PLACE: Final = "urn:problem-type:ibzplan:unknownPlace"

# What each status is called, in words; the standard's own for any other.
_TITLES: Final[Mapping[int, "StrPromise"]] = {
    400: gettext_lazy("The request is not valid"),
    401: gettext_lazy("Sign in first"),
    403: gettext_lazy("Not allowed"),
    404: gettext_lazy("Not found"),
    405: gettext_lazy("Method not allowed"),
    406: gettext_lazy("This form is not available"),
    409: gettext_lazy("Conflict"),
    412: gettext_lazy("Changed in the meantime"),
    413: gettext_lazy("Too large"),
    415: gettext_lazy("This kind of content is not read"),
    422: gettext_lazy("The request cannot be carried out"),
    428: gettext_lazy("A condition is needed"),
    429: gettext_lazy("Too many requests"),
    500: gettext_lazy("Something went wrong"),
    503: gettext_lazy("Not available now"),
}

In = Literal["query", "path", "header", "body"]

# Status -> the last part of the problem type. What Belgif does not name has a name of ours.
_NAMES: Final[Mapping[int, str]] = {
    400: "belgif:badRequest",
    401: "belgif:noAccessToken",
    403: "belgif:missingPermission",
    404: "belgif:resourceNotFound",
    405: "ibzplan:methodNotAllowed",
    406: "ibzplan:notAcceptable",
    409: "ibzplan:conflict",
    412: "ibzplan:editConflict",
    413: "belgif:payloadTooLarge",
    415: "ibzplan:unsupportedMediaType",
    422: "ibzplan:unprocessableContent",
    428: "ibzplan:preconditionRequired",
    429: "belgif:tooManyRequests",
    500: "belgif:internalServerError",
    503: "belgif:serviceUnavailable",
}


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing wrong with the input: where, which, its value, and what to do about it."""

    type: str
    name: str
    detail: str
    value: Any = None
    where: In = "query"

    def as_json(self) -> dict[str, Any]:
        """Return the issue with `in` under its own name, a reserved word in Python."""
        members = asdict(self)
        return {"type": members.pop("type"), "in": members.pop("where"), **members}


class InvalidInput(exceptions.APIException):
    """The request names, or gives a value to, something that cannot be (400)."""

    status_code = HTTPStatus.BAD_REQUEST

    def __init__(self, issues: Sequence[Issue]) -> None:
        """Keep every issue: the caller mends them all at once."""
        super().__init__(_("The request is not valid."))
        self.issues = list(issues)


class Refused(exceptions.APIException):
    """A request that cannot be done for a reason of its own: its status says which kind.

    `name` is the problem type where it is not the usual one of the status.
    """

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        *,
        name: str = "",
        issues: Sequence[Issue] = (),
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        """Keep what the answer says."""
        super().__init__(detail)
        self.status_code = status
        self.name = name
        self.issues = list(issues)
        self.headers = dict(headers or {})
        self.extra = dict(extra or {})


def _instance() -> str:
    """Return the trace id as a URI."""
    trace_id = current_trace_id()
    try:
        return f"urn:uuid:{UUID(trace_id)}"
    except ValueError:
        return f"urn:ibzplan:trace:{trace_id}"


def problem(
    status: int,
    detail: str,
    *,
    name: str = "",
    issues: Sequence[Issue] = (),
    extra: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the body of an error. `name` is the problem type where it is not the usual one."""
    return {
        "type": f"urn:problem-type:{name or _NAMES.get(status, f'ibzplan:http{status}')}",
        "title": str(_TITLES.get(status) or HTTPStatus(status).phrase),
        "status": status,
        "detail": detail,
        "instance": _instance(),
        "issues": [issue.as_json() for issue in issues] or None,
        **(extra or {}),
    }


def _from_domain(error: DomainError) -> dict[str, Any]:
    if isinstance(error, EditConflict):
        theirs = {
            camel(name): value.uuid if isinstance(value, Record) else value
            for name, value in error.theirs.items()
        }
        return problem(412, error.message, extra={"theirs": theirs})
    if isinstance(error, NotAllowed):
        return problem(403, error.message)
    issue = Issue(
        type=f"urn:problem-type:ibzplan:{error.code}",
        name=camel(error.field or ""),
        detail=error.message,
        where="body",
    )
    return problem(400, error.message, issues=[issue] if error.field else [])


def _issues_of(detail: Any, path: str = "") -> Iterator[Issue]:
    """Yield one issue for each message in a DRF error detail; the name is a JSON path."""
    if isinstance(detail, Mapping):
        for name, below in detail.items():
            yield from _issues_of(below, f"{path}.{name}".lstrip("."))
    elif isinstance(detail, list):
        for position, below in enumerate(detail):
            nested = isinstance(below, Mapping | list)
            yield from _issues_of(below, f"{path}[{position}]" if nested else path)
    else:
        yield Issue(type=SCHEMA_VIOLATION, name=path, detail=str(detail), where="body")


def _from_framework(error: exceptions.APIException) -> dict[str, Any]:
    status = int(error.status_code)
    if isinstance(error, InvalidInput):
        return problem(400, str(error.detail), issues=error.issues)
    if isinstance(error, Refused):
        return problem(
            status, str(error.detail), name=error.name, issues=error.issues, extra=error.extra
        )
    if isinstance(error, exceptions.ValidationError):
        return problem(400, _("The request is not valid."), issues=list(_issues_of(error.detail)))
    invalid = isinstance(error, exceptions.AuthenticationFailed)
    return problem(status, str(error.detail), name="belgif:invalidAccessToken" if invalid else "")


def _headers_of(error: exceptions.APIException) -> dict[str, str]:
    headers: dict[str, str] = dict(getattr(error, "headers", {}))
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    return headers


def problem_handler(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Return any error that an API view raised as problem+json; None for a fault of ours.

    None makes DRF raise the fault again, so that it is logged and `server_error` answers.
    """
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    headers: dict[str, str] = {}
    if isinstance(error, DomainError):
        body = _from_domain(error)
    elif isinstance(error, exceptions.APIException):
        body, headers = _from_framework(error), _headers_of(error)
    else:
        return None
    set_rollback()
    return Response(body, status=body["status"], headers=headers, content_type=PROBLEM_TYPE)


def problem_response(status: int, detail: str) -> HttpResponse:
    """Return a problem outside any API view."""
    return HttpResponse(
        to_json(problem(status, detail)).encode(), status=status, content_type=PROBLEM_TYPE
    )


# What Django's own handlers tell of, outside any API view.
_OUTSIDE: Final[Mapping[int, "StrPromise"]] = {
    400: gettext_lazy("The request is not valid."),
    403: gettext_lazy("You may not do this."),
    404: gettext_lazy("There is nothing at this address."),
    500: gettext_lazy("Something went wrong on our side."),
}


def problem_outside(status: int) -> HttpResponse:
    """Return the problem of an error that no API view answered."""
    return problem_response(status, str(_OUTSIDE.get(status, _TITLES.get(status, ""))))


def is_api(request: HttpRequest) -> bool:
    """Tell whether the request is for the API or its document, so that machines read its errors."""
    return request.path_info.startswith((f"/{API_PATH.split('/')[0]}/", "/doc/openapi"))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Be handler400: JSON for the API, the page elsewhere."""
    return problem_outside(400) if is_api(request) else defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Be handler403: JSON for the API, the page elsewhere."""
    if is_api(request):
        return problem_outside(403)
    return defaults.permission_denied(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Be handler404: JSON for the API, the page elsewhere."""
    return problem_outside(404) if is_api(request) else defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Be handler500: JSON for the API, the page elsewhere."""
    return problem_outside(500) if is_api(request) else defaults.server_error(request)
