"""Where two snapshots say something else, as paths into their JSON."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any


def different_paths(before: Any, after: Any, path: str = "") -> Iterator[str]:
    """Give the paths at which two values differ: 'summary.counts.on_track', 'late[2].dueOn'."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted({*before, *after}):
            place = f"{path}.{key}" if path else str(key)
            if key not in before or key not in after:
                yield place
            else:
                yield from different_paths(before[key], after[key], place)
    elif _is_list(before) and _is_list(after) and len(before) == len(after):
        for number, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from different_paths(one, other, f"{path}[{number}]")
    elif before != after:
        yield path


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)
