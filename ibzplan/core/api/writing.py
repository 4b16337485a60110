"""Writing through the API: what a collection declares, and what every write has in common.

A write runs in one transaction under the record clock: first a request that comes again finds its
answer (`Idempotency-Key`), then `If-Match` is held against the present state, then the services
that the pages use do the work. Rights and rules are theirs.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import IO, TYPE_CHECKING, Any, ClassVar, Final
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from ibzplan.core.api import etags
from ibzplan.core.api.access import require_scope
from ibzplan.core.api.bodies import read_body, read_rows
from ibzplan.core.api.idempotency import Attempt
from ibzplan.core.api.json_body import shown
from ibzplan.core.api.links import Links
from ibzplan.core.api.presenting import Presentation
from ibzplan.core.api.problems import InvalidInput, Issue, Refused
from ibzplan.core.api.renderers import to_json
from ibzplan.core.errors import DomainError, EditConflict, NotAllowed
from ibzplan.core.filtersets import camel
from ibzplan.core.services import clock_hold

if TYPE_CHECKING:
    from ibzplan.core.api.views import ReadView
    from personnel.models import User

WRITE_SCOPE: Final = "write"
# A batch of 10,000 rows with an explanation each has room; one resource needs far less.
BODY_MOST_BYTES: Final = 16 * 1024**2
_PROBLEM: Final = "urn:problem-type:ibzplan:"


@dataclass(frozen=True, slots=True)
class Write:
    """Who writes, and how addresses are written."""

    actor: "User"
    links: Links


@dataclass(frozen=True, slots=True)
class Made:
    """A resource of the collection; not new when the same was there already."""

    uuid: UUID
    is_new: bool = True


@dataclass(frozen=True, slots=True)
class Told:
    """An answer that is no resource of the collection: what was asked for waits, for instance."""

    item: Mapping[str, Any]
    status: HTTPStatus = HTTPStatus.OK


class Writes(ABC):
    """What can be written in a collection: the shapes of the bodies, and the services to call."""

    # TypedDicts; without an `update_type` a resource is never changed, only followed by another.
    create_type: ClassVar[Any]
    update_type: ClassVar[Any] = None
    # Bodies as the OpenAPI document shows them; each is sent as a test.
    example: ClassVar[Mapping[str, Any]]
    change_example: ClassVar[Mapping[str, Any]] = {}
    # How many rows a batch takes; 0: there is none.
    batch_most: ClassVar[int] = 0
    # Whether the same, sent again, is answered with the resource that is there (200).
    finds_same: ClassVar[bool] = False
    # The shapes of answers that are no resource of the collection, by status.
    other_answers: ClassVar[Mapping[int, Any]] = {}
    # Codes of the services that speak of the state of things, not of the body (409).
    conflicts: ClassVar[frozenset[str]] = frozenset()

    @abstractmethod
    def create(self, write: Write, body: Mapping[str, Any]) -> Made | Told:
        """Make what the body says. Raises InvalidInput or what the services raise."""

    def update(self, write: Write, row: Any, changes: Mapping[str, Any]) -> None:
        """Change a resource. Raises InvalidInput or what the services raise."""
        raise NotImplementedError

    def create_all(self, write: Write, rows: "Rows") -> list[UUID]:
        """Make what every row of a batch says, all or none; return them in their order.

        Raises InvalidInput with the faults of all rows.
        """
        raise NotImplementedError

    def member_of(self, name: str, body: Mapping[str, Any]) -> str:
        """Return the member of the body that a field of the services is."""
        return camel(name)

    def issues_of(self, error: DomainError, body: Mapping[str, Any], at: str = "") -> list[Issue]:
        """Return what a broken rule says of the body, or of the row `at` a place in it."""
        name = self.member_of(error.field, body) if error.field else ""
        path = f"{at}.{name}" if at and name else at or name
        value = shown(_value_at(body, name))
        return [Issue(f"{_PROBLEM}{error.code}", path, error.message, value, "body")]

    def refusal(self, error: DomainError, body: Mapping[str, Any]) -> Exception:
        """Return the error that the caller is told: 409 when the state of things is against it."""
        if isinstance(error, EditConflict | NotAllowed):
            return error
        issues = self.issues_of(error, body) if error.field else []
        if error.code in self.conflicts:
            return Refused(
                HTTPStatus.CONFLICT, error.message, name=f"ibzplan:{error.code}", issues=issues
            )
        return InvalidInput(issues) if issues else error


def _value_at(body: Mapping[str, Any], path: str) -> Any:
    """Return what a body says at a path such as target.interim[0].value, or None."""
    found: Any = body
    for step in re.findall(r"[^.\[\]]+", path):
        if isinstance(found, Mapping):
            found = found.get(step)
        elif isinstance(found, list) and step.isdecimal() and int(step) < len(found):
            found = found[int(step)]
        else:
            return None
    return found


@dataclass(slots=True)
class Rows:
    """The rows of a batch; one that could not be read is None, and its faults are among `issues`.

    Whoever writes them adds what is wrong with the others, and calls `refuse`, which takes back
    whatever was written.
    """

    bodies: Sequence[Mapping[str, Any] | None]
    issues: list[Issue] = field(default_factory=list)

    @staticmethod
    def path(place: int) -> str:
        """Return how issues name a row."""
        return f"items[{place}]"

    @property
    def ordered(self) -> list[Issue]:
        """Return what is wrong in the order of the rows."""
        return sorted(self.issues, key=_place_of)

    def refuse(self) -> None:
        """Raise InvalidInput when anything is wrong."""
        if self.issues:
            raise InvalidInput(self.ordered)


def _place_of(issue: Issue) -> int:
    number = issue.name.removeprefix("items[").partition("]")[0]
    return int(number) if number.isdecimal() else -1


# -- the body


class JSONBody(BaseParser):
    """The bytes of a JSON body, up to BODY_MOST_BYTES; its shape says how they are read."""

    media_type = "application/json"

    def parse(  # type: ignore[override]  # the bytes themselves are what views read
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """Return the bytes. Raises Refused (413) when they are too many."""
        # The server knows the length: without one there is no body.
        content: bytes = stream.read(BODY_MOST_BYTES + 1)
        if len(content) > BODY_MOST_BYTES:
            raise Refused(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                _("The body is larger than %(most)s MB. Send it in parts.")
                % {"most": BODY_MOST_BYTES // 1024**2},
            )
        return content


class MergePatchBody(JSONBody):
    """A merge patch (RFC 7396)."""

    media_type = "application/merge-patch+json"


def _raw(request: Request) -> bytes:
    """Return the bytes of the body. Raises UnsupportedMediaType for another type of content."""
    data = request.data
    return data if isinstance(data, bytes) else b""


# -- the three kinds of write


def create(view: "ReadView", request: Request) -> HttpResponse:
    """Make one resource of the view's collection: 201 with its address, 200 when it was there."""
    writes = _writes(view, request)
    raw = _raw(request)
    body = read_body(writes.create_type, raw)

    def act(write: Write) -> HttpResponse:
        try:
            done = writes.create(write, body)
        except DomainError as error:
            raise writes.refusal(error, body) from error
        if isinstance(done, Told):
            return _answer(done.status, done.item)
        status = HTTPStatus.CREATED if done.is_new else HTTPStatus.OK
        return _resource(view, request, done.uuid, status)

    return _write(view, request, raw, act)


def create_all(view: "ReadView", request: Request) -> HttpResponse:
    """Make every row of a batch or none: 201 with the address of each, in their order."""
    writes = _writes(view, request)
    raw = _raw(request)
    bodies, issues = read_rows(writes.create_type, raw, most=writes.batch_most)

    def act(write: Write) -> HttpResponse:
        made = writes.create_all(write, Rows(bodies, issues))
        name = view.collection.name
        items = [{"id": uuid, "href": write.links.to(name, uuid)} for uuid in made]
        return _answer(HTTPStatus.CREATED, {"items": items, "total": len(items)})

    return _write(view, request, raw, act)


def change(view: "ReadView", request: Request, identifier: str) -> HttpResponse:
    """Change one resource that the caller has in its present state: 200 with what it is now."""
    writes = _writes(view, request)
    wanted = request.headers.get("If-Match")
    if wanted is None:
        raise Refused(
            HTTPStatus.PRECONDITION_REQUIRED,
            _("Read the resource first, and give its ETag as If-Match."),
        )
    raw = _raw(request)
    changes = read_body(writes.update_type, raw, is_patch=True)
    try:
        uuid = UUID(identifier)
    except ValueError as error:
        raise NotFound from error

    def act(write: Write) -> HttpResponse:
        read = view.read_of(request, frozenset())
        row = view.collection.find(request.query_params, read, uuid)
        if row is None:
            raise NotFound
        _check_match(wanted, etags.etag_of(view.collection, row, read))
        try:
            writes.update(write, row, changes)
        except DomainError as error:
            raise writes.refusal(error, changes) from error
        return _resource(view, request, uuid, HTTPStatus.OK)

    return _write(view, request, raw, act)


def _check_match(wanted: str, present: str) -> None:
    """Refuse who has another state than the present one, and say which that is."""
    if etags.matches(wanted, present):
        return
    raise Refused(
        HTTPStatus.PRECONDITION_FAILED,
        _("Someone else changed this since you read it. Read it again, then send your change."),
        headers={"ETag": present},
        extra={"currentETag": present},
    )


def _writes(view: "ReadView", request: Request) -> Writes:
    """Return what the collection takes, for a caller who may write at all."""
    require_scope(request, WRITE_SCOPE)
    view.read_of(request, frozenset())  # a write takes no parameters
    writes = view.collection.writes
    assert writes is not None  # noqa: S101 (its address takes no other method)
    return writes


def _write(
    view: "ReadView", request: Request, raw: bytes, act: Callable[[Write], HttpResponse]
) -> HttpResponse:
    """Do it once: a request that comes again under its key is answered as it was before."""
    actor: Any = request.user  # IsAuthenticated lets no one else in
    attempt = Attempt.of(request, actor, raw)
    with transaction.atomic():
        clock_hold()  # nobody writes between what is read from here on and what is written
        answered = attempt.answered() if attempt else None
        if answered is not None:
            return answered
        response = act(Write(actor, Links(request._request)))
        if attempt:
            attempt.keep(response)
        return response


def _resource(view: "ReadView", request: Request, uuid: UUID, status: HTTPStatus) -> HttpResponse:
    """Return a resource as it is after the write, with its address and its ETag."""
    read = view.read_of(request, frozenset())
    row = view.collection.find(request.query_params, read, uuid)
    if row is None:  # it was written, and this caller does not read it
        return _answer(status, {"id": uuid, "href": read.links.to(view.collection.name, uuid)})
    item, presentation = view.collection.item(row, read), Presentation.of(request, view.collection)
    headers = {"ETag": etags.item_etag(item)}
    if status == HTTPStatus.CREATED:
        headers["Location"] = read.links.to(view.collection.name, uuid)
    (shown_item,), _beside = presentation.show([item], read)
    headers["Content-Language"] = presentation.content_language
    return _answer(status, shown_item, headers)


def _answer(
    status: HTTPStatus, body: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> HttpResponse:
    return HttpResponse(
        to_json(body).encode(),
        status=status,
        content_type="application/json",
        headers=dict(headers or {}),
    )
