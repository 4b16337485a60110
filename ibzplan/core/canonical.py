"""Canonical JSON: the same facts give the same bytes, and so the same SHA-256.

Keys are sorted, there is no white space, characters stand as they are (UTF-8), and there are no
floats: an exact rational is text such as "931/10", a date is ISO text.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

# Most of what there is, by its very type: the quick way through a large snapshot.
_PLAIN: Final = frozenset({str, int, bool, type(None)})
_TEXT: Final = frozenset({str})


def _holds(value: object) -> bool:
    """Tell whether a value is made of plain dicts, lists and atoms only."""
    kind = type(value)
    items: Iterable[object]
    if isinstance(value, dict) and kind is dict:
        if not _TEXT.issuperset(map(type, value)):
            return False
        items = value.values()
    elif isinstance(value, list) and kind is list:
        items = value
    else:
        return kind in _PLAIN
    # Most hold atoms only: their types are looked at without a step of Python each.
    return _PLAIN.issuperset(map(type, items)) or all(
        type(item) in _PLAIN or _holds(item) for item in items
    )


def _check(value: object, path: str) -> None:
    """Raise TypeError, naming the place, for what canonical JSON does not hold."""
    if value is None or isinstance(value, str | bool | int):
        return
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str):
                raise TypeError(f"{path}: the key {key!r} is not text")
            _check(item, f"{path}.{key}")
    elif isinstance(value, Sequence):
        for index, item in enumerate(value):
            _check(item, f"{path}[{index}]")
    else:
        raise TypeError(f"{path}: {value!r} is a {type(value).__name__}")


def canonical_json(value: Mapping[str, object]) -> str:
    """Return the one way to write `value`. Raises TypeError for a float or another strange type."""
    if not _holds(value):
        _check(value, "$")
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256_of(text: str) -> str:
    """Return the SHA-256 of a text's UTF-8 bytes, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
