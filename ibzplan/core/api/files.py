"""Files of a resource: what was archived of it, each in a format of its own.

A collection declares them; `ibzplan.core.api.views` hands them over.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, ClassVar

from django.http import FileResponse, HttpResponse, HttpResponseBase

from ibzplan.core.api.renderers import JSONRenderer

if TYPE_CHECKING:
    from ibzplan.core.api.base import Read


@dataclass(frozen=True, slots=True)
class Archived:
    """A file that can be fetched; `open` gives its content, or raises FileNotFoundError."""

    name: str
    content_type: str
    sha256: str
    size_bytes: int
    open: Callable[[], IO[bytes]]


class Files(ABC):
    """What a collection says of the files of its resources."""

    # Format, as addresses name it -> the type of its content.
    types: ClassVar[Mapping[str, str]]

    @abstractmethod
    def find(self, row: Any, file_format: str, read: "Read") -> Archived | None:
        """Return the file of a resource; None when it is not there or not for this user."""


def renderers_of(types: Mapping[str, str], file_format: str) -> list[type[JSONRenderer]]:
    """Return what the negotiation of a file goes by: the type of its format, of an unknown one all.

    A problem is JSON all the same.
    """
    known = {file_format: types[file_format]} if file_format in types else types
    return [_renderer(name, one.partition(";")[0]) for name, one in known.items()]


def _renderer(name: str, kind: str) -> type[JSONRenderer]:
    return type("FileRenderer", (JSONRenderer,), {"media_type": kind, "format": name})


def file_head(file: Archived) -> HttpResponse:
    """Return the answer to HEAD: all that the file's answer says, without the content."""
    response = HttpResponse(content_type=file.content_type)
    response.headers["Content-Length"] = str(file.size_bytes)
    response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    _label(response, file)
    return response


def file_answer(file: Archived) -> HttpResponseBase:
    """Return the answer that hands a file over. Raises FileNotFoundError."""
    response = FileResponse(
        file.open(), as_attachment=True, filename=file.name, content_type=file.content_type
    )
    _label(response, file)
    return response


def _label(response: HttpResponseBase, file: Archived) -> None:
    response.headers["ETag"] = f'"{file.sha256}"'
    # What is hashed goes out as it is.
    response.headers["Cache-Control"] = "private, no-cache, no-transform"
    response.headers["X-Content-Type-Options"] = "nosniff"
