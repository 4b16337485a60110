"""Entity tags: which state of a resource a caller has (RFC 9110, section 8.8.3).

The tag of a resource is a hash of its whole item as the caller sees it. An answer that shows it
otherwise (chosen members, one language, other resources within) has the same hash with that of
its bytes behind it, so that a caller may write with the tag of whatever answer they read.
"""

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from ibzplan.core.api.renderers import to_json

if TYPE_CHECKING:
    from ibzplan.core.api.base import BaseCollection, Read

_DIGEST_CHARACTERS: Final = 32
_SUFFIX: Final = "."


def digest(content: bytes) -> str:
    """Return a short hash of bytes."""
    return hashlib.sha256(content).hexdigest()[:_DIGEST_CHARACTERS]


def item_etag(item: Mapping[str, Any]) -> str:
    """Return the strong tag of a whole item."""
    return f'"{digest(to_json(item).encode())}"'


def etag_of(collection: "BaseCollection[Any]", row: Any, read: "Read") -> str:
    """Return the strong tag of one resource as the caller of `read` sees it."""
    return item_etag(collection.item(row, read))


def variant(etag: str, content: bytes) -> str:
    """Return the tag of an answer that shows the resource of `etag` in its own way."""
    return f'"{opaque(etag)}{_SUFFIX}{digest(content)}"'


def opaque(etag: str) -> str:
    """Return the part of a tag that names the resource's state, however the answer shows it."""
    return etag.strip().removeprefix("W/").strip('"').partition(_SUFFIX)[0]


def matches(header: str, etag: str) -> bool:
    """Tell whether an `If-Match` header names the state of `etag`, or `*` for any."""
    wanted = [part.strip() for part in header.split(",")]
    return "*" in wanted or opaque(etag) in map(opaque, wanted)
