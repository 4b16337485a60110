"""What every snapshot has: its question, its offices, the rules it was made by, names of units."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC
from typing import Any, Final

from ibzplan.core.clocks import Clocks
from personnel.access import Access, minister_unit_ids
from personnel.choices import Role
from personnel.models import OfficeHolder, SupervisingMinister
from personnel.structure import all_units
from reporting.snapshot.question import ReportQuestion
from reporting.snapshot.structure import holder_part, minister_part
from reporting.snapshot.then import Then

# 2: no confidential indicators, and how many they are.
# 3: judgements of heads; definition versions, series breaks, forecasts, breakdowns, review marks.
# 4: objectives with the holder of their management function.
# 5: questions, answers and decisions.
# 6: changes since the last report, editions; narratives, milestones, means, risks; amendments,
#    alignment, data quality, sources; nothing is read as of now any more.
# 7: figures that came in and are not for this reader yet are withheld, not missing; the report
#    before may be on an earlier plan year; targets of the year, indicators that were taken away.
# 8: what is printed of credits and staffing against what it adds up to.
SCHEMA_VERSION: Final = 8

# What names a unit by its code; what was typed names nothing.
_UNIT_FIELDS: Final = ("unit", "owner", "recordedByUnit")
_TYPED_FIELDS: Final = ("values",)


def minister_access(minister: SupervisingMinister, clocks: Clocks) -> Access:
    """Return what the minister's cabinet may see: nobody's drafts, and provisional figures of the
    minister's own and the common units only, those of the reference date. `report_board` takes out
    what is confidential.
    """
    return Access(
        roles=frozenset({Role.CABINET}),
        minister_ids=frozenset({minister.pk}),
        minister_unit_ids=minister_unit_ids(
            {minister.pk}, on=clocks.reference_date, known_at=clocks.known_at
        ),
    )


def frame_part(
    schema: str, question: ReportQuestion, holders: Sequence[OfficeHolder], then: Then
) -> dict[str, Any]:
    """Return what a snapshot answers, by which rules, for whom and by whom."""
    day = question.reference_date
    return {
        "schema": schema,
        "schemaVersion": SCHEMA_VERSION,
        "ruleVersion": question.rule_version,
        "language": question.language,
        "referenceDate": day.isoformat(),
        "knownAt": question.known_at.astimezone(UTC).isoformat(),
        "minister": minister_part(question.minister, holders, day, then),
        "president": holder_part(holders, None, day, then),
    }


def units_part(snapshot: Mapping[str, Any], then: Then) -> dict[str, Any]:
    """Return by code what every unit that a snapshot names was called."""
    codes = set(_unit_codes(snapshot))
    return {
        unit.code: {"title": then.of(unit).title.as_json()}
        for unit in all_units()
        if unit.code in codes
    }


def _unit_codes(part: Any) -> Iterable[str]:
    """Give the codes of units below a part of a snapshot."""
    if isinstance(part, list):
        for item in part:
            yield from _unit_codes(item)
    elif isinstance(part, Mapping):
        for name, item in part.items():
            if name in _UNIT_FIELDS and isinstance(item, str):
                yield item
            elif name == "units" and isinstance(item, list):
                yield from (code for code in item if isinstance(code, str))
            if isinstance(item, dict | list) and name not in _TYPED_FIELDS:
                yield from _unit_codes(item)
