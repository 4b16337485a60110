"""Two consolidated versions of a plan beside each other, objective by objective."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from objectives.indicators.selectors import confidential_indicators
from objectives.planning.choices import LineageKind
from objectives.planning.comparing import Sides, line_pairs, word_sides
from objectives.planning.models import AmendmentChange, OperationalPlan, PlanVersion
from objectives.planning.selectors.going_along import values_seen
from objectives.planning.selectors.readings import indicator_is_visible
from objectives.planning.selectors.versions import plan_content_now
from objectives.planning.version_texts import (
    Names,
    Said,
    keys_in_order,
    objective_said,
    said_by_key,
    value_said,
)
from objectives.security.selectors.structure import all_security_objectives
from objectives.strategy.selectors.structure import goals_of, werven_of
from personnel.access import Access
from personnel.selectors import all_functions
from personnel.structure import all_units

STEERING_GROUP: Final = "steering_group"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A thing that both versions, or one of them, say; each line with its words compared."""

    label: str
    language: str
    lines: tuple[Sides, ...]


@dataclass(frozen=True, slots=True)
class ObjectiveText:
    """What one version says of an objective."""

    code: str
    uuid: str
    title: dict[str, str]
    unit: str
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """An objective that the later version has no more, and in which others it goes on."""

    text: ObjectiveText
    split_into: tuple[str, ...]
    merged_into: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ObjectiveChange:
    """An objective that both versions have, with what differs."""

    text: ObjectiveText
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two versions."""

    added: tuple[ObjectiveText, ...]
    withdrawn: tuple[Withdrawn, ...]
    changed: tuple[ObjectiveChange, ...]
    same: int

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing differs."""
        return not (self.added or self.withdrawn or self.changed)


def reads_versions(access: Access) -> bool:
    """Tell whether the user reads consolidated plans: everyone with a role but the NVP's own."""
    return access.is_superuser or bool(access.roles - {STEERING_GROUP})


def version_content(version: PlanVersion, access: Access) -> dict[str, Any]:
    """Return what was frozen, without the confidential indicators that the user may not see."""
    content: dict[str, Any] = json.loads(version.content)
    return _readable(content, access)


def content_now(plan: OperationalPlan, access: Access) -> dict[str, Any]:
    """Return the plan as it is now, as far as the user may read it."""
    return _readable(plan_content_now(plan.pk), access)


def _readable(content: Mapping[str, Any], access: Access) -> dict[str, Any]:
    hidden = {
        str(row.uuid) for row in confidential_indicators() if not indicator_is_visible(row, access)
    }
    objectives = {
        code: {
            **objective,
            "indicators": {
                name: one
                for name, one in objective["indicators"].items()
                if one["uuid"] not in hidden
            },
        }
        for code, objective in content["objectives"].items()
    }
    return {**content, "objectives": objectives}


def names_of(plan: OperationalPlan) -> Names:
    """Return what the codes in a plan are called now, all from tables that are kept."""
    return Names(
        units={row.code: str(row.title) for row in all_units()},
        holders={row.code: str(row.title) for row in all_functions()},
        goals={
            f"{row.objective.code}/{row.code}": str(row.title) for row in goals_of(plan.plan_id)
        },
        security_objectives={row.code: str(row.title) for row in all_security_objectives()},
        werven={row.code: str(row.title) for row in werven_of(plan.plan_id)},
    )


def plan_text(content: Mapping[str, Any], names: Names) -> list[ObjectiveText]:
    """Return all objectives of a version, in the order of the werven."""
    objectives = content["objectives"]
    return [_text(code, objectives[code], names) for code in sorted(objectives, key=_in_order)]


def compare(old: Mapping[str, Any], new: Mapping[str, Any], names: Names) -> Comparison:
    """Return what differs between two contents."""
    before, after = old["objectives"], new["objectives"]
    texts_before = {code: _text(code, before[code], names) for code in before}
    texts_after = {code: _text(code, after[code], names) for code in after}
    changed = []
    for code in sorted(before.keys() & after.keys(), key=_in_order):
        fields = differences(texts_before[code].said, texts_after[code].said)
        if fields:
            changed.append(ObjectiveChange(texts_after[code], fields))
    added = sorted(after.keys() - before.keys(), key=_in_order)
    gone = sorted(before.keys() - after.keys(), key=_in_order)
    return Comparison(
        added=tuple(texts_after[code] for code in added),
        withdrawn=tuple(
            Withdrawn(
                texts_before[code],
                _going_on(code, new, LineageKind.SPLIT),
                _going_on(code, new, LineageKind.MERGED),
            )
            for code in gone
        ),
        changed=tuple(changed),
        same=len(before.keys() & after.keys()) - len(changed),
    )


def change_fields(
    change: AmendmentChange, names: Names, codes: Collection[str]
) -> tuple[FieldChange, ...]:
    """Return what a proposed change alters, the old beside the new, word by word.

    Of the indicators that go along it names the `codes` given: those that the reader sees.
    """
    values = values_seen(change, codes)
    old = [row for name, pair in values.items() for row in value_said(name, pair[0], names)]
    new = [row for name, pair in values.items() for row in value_said(name, pair[1], names)]
    return differences(old, new)


def _text(code: str, content: Mapping[str, Any], names: Names) -> ObjectiveText:
    return ObjectiveText(
        code=code,
        uuid=content["uuid"],
        title=content["title"],
        unit=content["unit"],
        said=tuple(objective_said(content, names)),
    )


def _in_order(code: str) -> list[tuple[int, str]]:
    """Sort 2.6.10 after 2.6.9."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in code.split(".")]


def _going_on(code: str, new: Mapping[str, Any], kind: str) -> tuple[str, ...]:
    year = new["year"]
    return tuple(
        successor
        for successor in sorted(new["objectives"], key=_in_order)
        if any(
            (row["code"], row["year"], row["kind"]) == (code, year, kind)
            for row in new["objectives"][successor]["predecessors"]
        )
    )


def differences(old: Sequence[Said], new: Sequence[Said]) -> tuple[FieldChange, ...]:
    """Return what two texts say differently, in the order of the new one."""
    before, after = said_by_key(old), said_by_key(new)
    found = []
    for key in keys_in_order(old, new):
        one, other = before.get(key), after.get(key)
        pairs = line_pairs(one.lines if one else (), other.lines if other else ())
        shown = other or one
        if pairs and shown is not None:
            lines = tuple(word_sides(*pair) for pair in pairs)
            found.append(FieldChange(shown.label, shown.language, lines))
    return tuple(found)
