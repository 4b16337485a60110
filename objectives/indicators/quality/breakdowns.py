"""Do the parts exist, and do they add up to the whole?"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice, product
from math import prod
from typing import Final

from .codes import Check
from .inputs import Dimension, Figure, Part, SeriesRule
from .results import Finding, found

# How many of the missing parts a finding names.
NAMED_MISSING: Final = 3

Path = tuple[tuple[str, str], ...]


def parse_key(key: str) -> Path | None:
    """The (dimension, member) pairs of a canonical key; None for any other text."""
    pairs = [tuple(pair.split("=")) for pair in key.split(";")]
    path = tuple((pair[0], pair[1]) for pair in pairs if len(pair) == 2 and all(pair))
    codes = [code for code, _member in path]
    return path if len(path) == len(pairs) and codes == sorted(set(codes)) else None


def write_key(path: Path) -> str:
    """The canonical key of pairs that are sorted by dimension."""
    return ";".join(f"{code}={member}" for code, member in path)


def known_parts(rule: SeriesRule, figure: Figure) -> dict[str, Part]:
    """The parts whose key the definition has."""
    return {key: part for key, part in sorted(figure.parts.items()) if _known(rule, key)}


def _known(rule: SeriesRule, key: str) -> bool:
    path = parse_key(key)
    return path is not None and all(
        (dimension := rule.dimension(code)) is not None and member in dimension.members
        for code, member in path
    )


def adds_up(rule: SeriesRule, key: str) -> bool:
    """True when all dimensions of a known key add up."""
    return all(
        (dimension := rule.dimension(code)) is not None and dimension.adds_up
        for code, _member in parse_key(key) or ()
    )


def unknown_keys(rule: SeriesRule, figure: Figure) -> Iterator[Finding]:
    """A finding per part that the definition does not have, or whose key is not canonical."""
    for key in sorted(figure.parts):
        if not _known(rule, key):
            yield found(Check.BREAKDOWN_UNKNOWN, key=key)


def sums(rule: SeriesRule, figure: Figure) -> Iterator[Finding]:
    """Findings per set of dimensions that all add up and of which at least one part is given.

    All parts given: their sum must be the whole. Some given: their sum cannot exceed the whole
    when no number is negative; otherwise the breakdown is only incomplete, as it is by a dimension
    that adds up and of which no part is given at all. The numerators and the denominators of a
    ratio are added up separately; a quotient without them cannot be.
    """
    whole = _addends(rule, figure.whole)
    if not whole:
        return
    sets: dict[tuple[str, ...], dict[Path, Mapping[str, Fraction]]] = {}
    for key, part in known_parts(rule, figure).items():
        path, addends = parse_key(key), _addends(rule, part)
        if path and addends and adds_up(rule, key):
            sets.setdefault(tuple(code for code, _member in path), {})[path] = addends
    for codes, given in sorted(sets.items()):
        yield from _sum_of_set(rule, codes, given, whole)
    broken_down = {code for key in figure.parts for code, _member in parse_key(key) or ()}
    for dimension in rule.dimensions:
        if dimension.adds_up and dimension.members and dimension.code not in broken_down:
            yield _incomplete([dimension], {})


def _addends(rule: SeriesRule, part: Part) -> Mapping[str, Fraction]:
    """The numbers that add up over parts, by name; none when one of them is not given."""
    named = {"value": part.value}
    if rule.ratio:
        named = {"numerator": part.numerator, "denominator": part.denominator}
    given = {name: number for name, number in named.items() if number is not None}
    return given if rule.numeric and len(given) == len(named) else {}


def _sum_of_set(
    rule: SeriesRule,
    codes: tuple[str, ...],
    given: Mapping[Path, Mapping[str, Fraction]],
    whole: Mapping[str, Fraction],
) -> Iterator[Finding]:
    dimensions = [dimension for code in codes if (dimension := rule.dimension(code))]
    expected = prod(len(dimension.members) for dimension in dimensions)
    complete = len(given) == expected
    wrong = [
        _mismatch(codes, name, total, whole[name], complete=complete)
        for name in whole
        for total in [sum((addends[name] for addends in given.values()), Fraction(0))]
        if total != whole[name]
        and (complete or (total > whole[name] and _none_negative(name, given, whole)))
    ]
    yield from wrong
    if not complete and not wrong:
        yield _incomplete(dimensions, given)


def _incomplete(
    dimensions: Sequence[Dimension], given: Mapping[Path, Mapping[str, Fraction]]
) -> Finding:
    return found(
        Check.BREAKDOWN_INCOMPLETE,
        dimensions=",".join(dimension.code for dimension in dimensions),
        given=len(given),
        expected=prod(len(dimension.members) for dimension in dimensions),
        missing=",".join(_missing(dimensions, given)),
    )


def _mismatch(
    codes: Sequence[str], name: str, total: Fraction, whole: Fraction, *, complete: bool
) -> Finding:
    return found(
        Check.BREAKDOWN_MISMATCH,
        dimensions=",".join(codes),
        of=name,
        sum=total,
        whole=whole,
        difference=total - whole,
        complete=complete,
    )


def _none_negative(
    name: str, given: Mapping[Path, Mapping[str, Fraction]], whole: Mapping[str, Fraction]
) -> bool:
    return whole[name] >= 0 and all(addends[name] >= 0 for addends in given.values())


def _missing(
    dimensions: Sequence[Dimension], given: Mapping[Path, Mapping[str, Fraction]]
) -> Iterator[str]:
    """The first few missing keys; a breakdown may have more combinations than can be listed."""
    pairs = [[(dimension.code, member) for member in dimension.members] for dimension in dimensions]
    return islice((write_key(path) for path in product(*pairs) if path not in given), NAMED_MISSING)
