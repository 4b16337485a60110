"""A page of figures as JSON, written straight from the stored columns.

It writes what `measurement_item` builds, member for member and in the same order, many times as
fast: most of what a row says stands in others too (its indicator, period, moment) and is written
once a page.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from json import loads
from json.encoder import encode_basestring as quoted
from typing import Any, Final

from ibzplan.core.api.links import Links
from ibzplan.core.api.renderers import WrittenJSON, exact_number, moment_text, to_json
from ibzplan.core.api.shapes import localised
from ibzplan.core.filtersets import camel
from ibzplan.core.localised import LocalisedText
from objectives.indicators.choices import MeasurementEventKind
from objectives.indicators.periods import Period
from objectives.indicators.selectors.corrections import sees_corrections
from objectives.indicators.selectors.figure_rows import FigureFacts, StoredFigure
from personnel.access import Access

_WRITTEN_UUID_CHARACTERS: Final = 36
_PROVISIONAL: Final = ',"provisional":true,"validation":"provisional"'
_RETURNED: Final = ',"provisional":true,"validation":"returned"'
_VALIDATED: Final = ',"provisional":false,"validation":"validated"'


class _Once(dict[Any, str]):
    """Texts by what they are made from, each made once."""

    def __missing__(self, key: Any) -> str:
        text = self[key] = self.text(key)
        return text

    def text(self, key: Any) -> str:
        raise NotImplementedError


class _Days(_Once):
    def text(self, key: date | str) -> str:
        return f'"{key}"'


class _Moments(_Once):
    def text(self, key: datetime | str) -> str:
        # SQLite keeps a moment as text, in UTC.
        written = key.replace(" ", "T") + "Z" if isinstance(key, str) else moment_text(key)
        return f'"{written}"'


class _Numbers(_Once):
    """SQLite keeps a decimal as a float; of 15 digits its shortest form has every one."""

    def text(self, key: Decimal | float) -> str:
        if isinstance(key, Decimal):
            return exact_number(key)
        written = repr(key)
        is_plain = isinstance(key, int) or ("e" not in written and key)
        return written.removesuffix(".0") if is_plain else exact_number(Decimal(written))


class _Texts(_Once):
    """Texts per language, as they are stored; '' for none."""

    def text(self, key: str) -> str:
        found = localised(LocalisedText.from_json(loads(key)))
        return f',"narrative":{to_json(found)}' if found else ""


class _Checks(_Once):
    def text(self, key: str) -> str:
        return to_json([camel(check) for check in loads(key)])


class _Periods(_Once):
    def text(self, key: tuple[Any, str, Any]) -> str:
        start, resolution, end = key
        first = date.fromisoformat(start) if isinstance(start, str) else start
        return f'"period":"{Period(first, resolution)}","periodStart":"{start}","periodEnd":"{end}"'


class FigureWriter:
    """Writes the figures of one page for one reader."""

    def __init__(self, facts: FigureFacts, links: Links, access: Access) -> None:
        """Take what is known of the figures, and who reads them."""
        self._facts, self._access = facts, access
        self._root = links.collection("measurements")
        self._about = links.collection("indicators")
        self._days, self._moments, self._numbers = _Days(), _Moments(), _Numbers()
        self._texts, self._checks, self._periods = _Texts(), _Checks(), _Periods()
        self._indicators: dict[int, str] = {}
        self._inside: dict[int, bool] = {}
        self._reviews: dict[tuple[int | None, int], str] = {}

    def written(self, figures: Iterable[StoredFigure]) -> WrittenJSON:
        """Return the figures as a JSON list."""
        return WrittenJSON(f"[{','.join(self._lines(figures))}]")

    def _lines(self, figures: Iterable[StoredFigure]) -> Iterator[str]:
        # One long loop over names of its own: within it a call or a dot costs as much as a member.
        root, locked = self._root, self._facts.locked
        days, moments, numbers = self._days, self._moments, self._numbers
        texts, checks, periods = self._texts, self._checks, self._periods
        indicators, reviews, identity_of, quote = self._indicators, self._reviews, _identity, quoted
        # fmt: off
        for (
            _pk, total, indicator, start, resolution, uuid, end, part,
            value, numerator, denominator, level, done_on, forecast_on, approved_by, confirmed,
            recorded_at, reason, narrative, is_demo,
        ) in figures:
            # fmt: on
            if (about := indicators.get(indicator)) is None:
                about = indicators[indicator] = self._indicator(indicator)
            if (review := reviews.get((total, indicator))) is None:
                review = reviews[total, indicator] = self._review(total, indicator)
            said = "" if value is None else f',"value":{numbers[value]}'
            if numerator is not None:
                said += f',"numerator":{numbers[numerator]}'
            if denominator is not None:
                said += f',"denominator":{numbers[denominator]}'
            state = "missing" if part and not said else "measured"
            if level is not None:
                said += f',"level":{level}'
            if done_on is not None:
                said += f',"doneOn":{days[done_on]}'
            if forecast_on is not None:
                said += f',"forecastOn":{days[forecast_on]}'
            identity = identity_of(uuid)
            within = f',"breakdown":{quote(part)}' if part else ""
            why = f',"reason":{quote(reason)}' if reason else ""
            yield (
                f'{{"id":"{identity}","href":"{root}/{identity}","indicator":{about},'
                f"{periods[start, resolution, end]}{within}"
                f',"valueState":"{state}"{said}{review},"locked":'
                f'{"true" if (indicator, start, resolution) in locked else "false"},'
                f'"approved":{"false" if approved_by is None else "true"},'
                f'"confirmedChecks":{checks[confirmed]},'
                f'"recordedAt":{moments[recorded_at]}{why}{texts[narrative]},'
                f'"fictional":{"true" if is_demo else "false"}}}'
            )

    def _indicator(self, key: int) -> str:
        subject = self._facts.subjects[key]
        href = f"{self._about}/{subject.uuid}"
        return f'{{"id":"{subject.uuid}","code":{quoted(subject.code)},"href":"{href}"}}'

    def _review(self, total: int | None, indicator: int) -> str:
        """That the head sent a figure back, and why, stays with who reads corrections too."""
        review = None if total is None else self._facts.reviews.get(total)
        if review is None:
            return _PROVISIONAL
        if review.kind == MeasurementEventKind.VALIDATED:
            return _VALIDATED
        if not self._is_inside(self._facts.subjects[indicator].owner_id):
            return _PROVISIONAL
        reason = f',"returnReason":{quoted(review.reason)}' if review.reason else ""
        return f"{_RETURNED}{reason}"

    def _is_inside(self, unit_id: int) -> bool:
        known = self._inside.get(unit_id)
        if known is None:
            known = self._inside[unit_id] = sees_corrections(self._access, unit_id)
        return known


def _identity(uuid: str) -> str:
    """Return a UUID as it is written; SQLite keeps its 32 digits alone."""
    if len(uuid) == _WRITTEN_UUID_CHARACTERS:
        return uuid
    return f"{uuid[:8]}-{uuid[8:12]}-{uuid[12:16]}-{uuid[16:20]}-{uuid[20:]}"
