"""In which languages an answer holds its texts (RFC 9110, section 12.5.4).

A text is always an object with a member a language. A caller who names languages gets the best
one there is of each text, and `Content-Language` says which ones came of it; one who names none
gets all of them.
"""

from collections.abc import Iterator, Mapping, MutableMapping, MutableSequence, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, get_args, get_origin, get_type_hints, is_typeddict

from django.conf import settings
from django.utils.translation.trans_real import parse_accept_lang_header

from ibzplan.core.api.hints import present
from ibzplan.core.api.shapes import Localised

ANY: Final = "*"


def accepted(header: str) -> tuple[str, ...]:
    """Return the content languages that `Accept-Language` names, the best first; none means all.

    A country is left aside: nl-BE is nl. After `*` come the others, in the product's order.
    """
    wanted = [tag for tag, weight in parse_accept_lang_header(header.lower()) if weight > 0]
    if not wanted or wanted[0] == ANY:
        return ()
    found: list[str] = []
    for tag in wanted:
        found += settings.CONTENT_LANGUAGES if tag == ANY else [tag.partition("-")[0]]
    return tuple(dict.fromkeys(code for code in found if code in settings.CONTENT_LANGUAGES))


@dataclass(frozen=True, slots=True)
class _Member:
    """A member of a shape that is a text, or has texts below it."""

    name: str
    is_list: bool
    below: "tuple[_Member, ...] | None"


@cache
def _texts_of(shape: Any) -> tuple[_Member, ...]:
    """Return the members of a TypedDict that are texts or lead to them."""
    found = (_member(name, hint) for name, hint in get_type_hints(shape).items())
    return tuple(member for member in found if member is not None)


def _member(name: str, hint: Any) -> _Member | None:
    kind = present(hint)
    is_list = get_origin(kind) is list
    if is_list:
        kind = present(get_args(kind)[0])
    if kind is Localised:
        return _Member(name, is_list, None)
    if is_typeddict(kind) and (below := _texts_of(kind)):
        return _Member(name, is_list, below)
    return None


def narrowed(
    items: Sequence[Mapping[str, Any]], shape: Any, languages: Sequence[str]
) -> frozenset[str]:
    """Keep of each text in the items the best of the languages; return those that came of it.

    Where none of them is there the text stays in the first language that is.
    """
    members, found = _texts_of(shape), set()
    preferred = tuple(dict.fromkeys((*languages, *settings.CONTENT_LANGUAGES)))
    for item in items:
        for holder, key in _places(item, members):
            text = holder[key]
            best = next((code for code in preferred if code in text), None)
            if best is not None:
                holder[key] = {best: text[best]}
                found.add(best)
    return frozenset(found)


def _places(
    item: Any, members: Sequence[_Member]
) -> Iterator[tuple[MutableMapping[Any, Any] | MutableSequence[Any], Any]]:
    """Yield where each text of an item stands: what holds it, and its key or index there."""
    for member in members:
        value = item.get(member.name)
        if value is None:
            continue
        if member.below is None:
            keys = range(len(value)) if member.is_list else [member.name]
            holder = value if member.is_list else item
            yield from ((holder, key) for key in keys)
        else:
            for below in value if member.is_list else [value]:
                yield from _places(below, member.below)


def content_language(languages: Sequence[str], found: frozenset[str]) -> str:
    """Return the `Content-Language` of an answer: every language, or those that it holds."""
    held = found or frozenset(languages[:1]) if languages else settings.CONTENT_LANGUAGES
    return ", ".join(code for code in settings.CONTENT_LANGUAGES if code in held)
