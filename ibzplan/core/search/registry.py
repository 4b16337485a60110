"""What can be searched: each app registers its kinds of things in ready()."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from ibzplan.core.localised import LocalisedText, fold
from ibzplan.core.search.matching import highlighted, matching_language
from ibzplan.core.sources import HasSource

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from personnel.models import User

SHORTEST_CHARACTERS: Final = 2
LONGEST_CHARACTERS: Final = 100
HITS_PER_GROUP: Final = 20
HITS_PER_PAGE: Final = 50

Rows: TypeAlias = "QuerySet[Any] | Sequence[Any]"


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What the user typed, and who asks; `words` are folded, all of them must match."""

    text: str
    words: tuple[str, ...]
    user: "User | AnonymousUser"

    @classmethod
    def read(cls, text: str, user: "User | AnonymousUser") -> "SearchQuery":
        """Read what was typed; control characters count as spaces (PostgreSQL refuses NUL)."""
        clean = "".join(c if c.isprintable() else " " for c in text).strip()
        return cls(clean, tuple(dict.fromkeys(fold(clean).split())), user)

    @property
    def is_too_short(self) -> bool:
        """Tell whether the query would match nearly everything."""
        return sum(map(len, self.words)) < SHORTEST_CHARACTERS

    @property
    def is_too_long(self) -> bool:
        """Tell whether the query is longer than any text could need."""
        return len(self.text) > LONGEST_CHARACTERS

    @property
    def is_searchable(self) -> bool:
        """Tell whether it makes sense to ask the database."""
        return not self.is_too_short and not self.is_too_long


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. `path` says where it belongs, such as the objective above it."""

    title: LocalisedText
    url: str
    code: str = ""
    text: LocalisedText = field(default_factory=LocalisedText)
    source: HasSource | None = None
    path: str = ""


@dataclass(frozen=True, slots=True)
class SearchSource:
    """A kind of thing: `rows` finds (in a fixed order, visible to the user), `hit` presents.

    Tables of the plans' structure are searched in what is kept in memory.
    """

    key: str
    order: int
    label: Promise | str
    rows: Callable[[SearchQuery], Rows]
    hit: Callable[[Any], Hit]


@dataclass(frozen=True, slots=True)
class ShownHit:
    """A hit as the page shows it: in the language that matched, the words marked."""

    hit: Hit
    code: SafeString
    title: SafeString
    title_language: str
    text: SafeString
    text_language: str


@dataclass(frozen=True, slots=True)
class Group:
    """The hits of one kind; `page` is set when this kind is shown alone."""

    key: str
    label: str
    total: int
    hits: list[ShownHit]
    page: "Page[Any] | None" = None

    @property
    def is_partial(self) -> bool:
        """Tell whether there is more than what is shown."""
        return self.total > len(self.hits)


_SOURCES: dict[str, SearchSource] = {}


def register(source: SearchSource) -> None:
    """Add a kind of thing; called from an app's ready(). Its key is part of addresses."""
    _SOURCES[source.key] = source


def registered() -> Iterator[SearchSource]:
    """Return the kinds in the order of the page."""
    yield from sorted(_SOURCES.values(), key=lambda s: (s.order, s.key))


def _shown(query: SearchQuery, hit: Hit) -> ShownHit:
    preferred = get_language() or "nl"
    language = matching_language(query.words, hit.title, hit.text, hit.code, preferred)
    title, title_language = hit.title.best(language)
    text, text_language = hit.text.best(language)
    return ShownHit(
        hit,
        highlighted(query.words, hit.code),
        highlighted(query.words, title),
        title_language,
        highlighted(query.words, text),
        text_language,
    )


def find_groups(query: SearchQuery) -> list[Group]:
    """Return the kinds with hits, at most HITS_PER_GROUP each.

    Costs one query a kind that is not kept in memory (whatever else its `rows` asks), one more
    where there is more than fits.
    """
    groups = []
    for source in registered() if query.is_searchable else ():
        rows = source.rows(query)
        first = list(rows[: HITS_PER_GROUP + 1])
        if not first:
            continue
        total = len(first)
        if total > HITS_PER_GROUP:
            total = rows.count() if isinstance(rows, QuerySet) else len(rows)
        hits = [_shown(query, source.hit(row)) for row in first[:HITS_PER_GROUP]]
        groups.append(Group(source.key, str(source.label), total, hits))
    return groups


def find_group(query: SearchQuery, key: str, page_number: str) -> Group | None:
    """Return one page of all hits of one kind; None for a kind that nobody registered."""
    source = _SOURCES.get(key)
    if source is None:
        return None
    rows: Rows = source.rows(query) if query.is_searchable else []
    page = Paginator(rows, HITS_PER_PAGE).get_page(page_number)
    hits = [_shown(query, source.hit(row)) for row in page.object_list]
    return Group(key, str(source.label), page.paginator.count, hits, page)
