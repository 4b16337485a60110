"""Which facts a part of a snapshot names."""

from collections.abc import Iterator, Mapping
from typing import Any


def facts_in(value: Any, facts: Mapping[str, Any]) -> list[str]:
    """Return the ids of facts that a part of a snapshot names, each once."""
    return list(dict.fromkeys(_named(value, facts)))


def _named(value: Any, facts: Mapping[str, Any]) -> Iterator[str]:
    if isinstance(value, str):
        if value in facts:
            yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _named(part, facts)
    elif isinstance(value, list):
        for part in value:
            yield from _named(part, facts)
