"""The facts of a progress report on the National Security Plan (NVP) as a whole.

Shape, beside the frame that every snapshot has (`reporting.snapshot.frame`) and what compares it
with the report before it (`reporting.snapshot.changes`); every count is the id of a fact:

    schema              "securityReport"
    plan                code, title, startsOn, endsOn; year: the plan year whose operational
                        objectives are told, that of the reference date
    summary             a tally of all objectives of the NVP, and of the operational objectives that
                        serve them counts, total, good, submitted, due, missing, indicators and
                        confidential, as in a report on a plan year
    levels              [level, tally]: federal, local, integrated
    themes              [id, code, title, description, parent (code or None), isBlock,
                        isKivTransversal, kiv [codes], frameworks [codes], attentionPoints [code,
                        title, description, isGeneral], levels {level: count}, tally], each followed
                        by its subthemes; a tally is of the theme's own objectives
    securityObjectives  [id, code, theme (code), level, number, group, title, description, points
                        [code, title, description], operational [ids in `objectives`],
                        indicatorCount, activities], by theme, level and order
    objectives          the operational objectives that serve one, each once, in the order of their
                        plan: as below a werf of a report on a plan year
    kiv                 [id, code, title, description, themes [codes], tally]; a transversal theme
                        touches every dimension
    withoutKiv          [codes of the themes with objectives that touch no dimension]
    frameworks          [id, code, title, description, kind, status, validFrom, validTo, published
                        (years), themes [codes]]
    conditions          [id, code, title, description, points [code, title, description]]
    attention, late, questions, quality, isDemo, provisional, units, facts: as in a report on a
                        plan year

A tally is: objectives (of the NVP), linked (those that an operational objective serves),
withIndicators (those of them with an indicator that may be shown), withoutIndicators (all others).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ibzplan.core.consistent import consistent_read
from objectives.planning.selectors import ObjectiveReading
from objectives.security.choices import ObjectiveLevel
from objectives.security.models import (
    EnablingCondition,
    KivDimension,
    PolicyFramework,
    SecurityObjective,
    SecurityTheme,
)
from objectives.strategy.models import Plan, PlanEntry
from reporting.snapshot.background import background
from reporting.snapshot.below import activity_part, below
from reporting.snapshot.board import report_board
from reporting.snapshot.changes import with_changes
from reporting.snapshot.facts import FactBook
from reporting.snapshot.frame import frame_part, minister_access, units_part
from reporting.snapshot.parts import (
    Around,
    has_demo_rows,
    late_part,
    objective_part,
    summary_part,
)
from reporting.snapshot.quality import quality_part
from reporting.snapshot.question import ReportQuestion
from reporting.snapshot.questions import questions_part
from reporting.snapshot.reading import SECURITY_REPORT
from reporting.snapshot.security_read import SecurityRead, SecurityStructure, security_read
from reporting.snapshot.since import report_before
from reporting.snapshot.structure import Structure
from reporting.snapshot.taken_away import taken_away

Part = dict[str, Any]

_NO_STRUCTURE: Final = Structure((), {})


@dataclass(frozen=True, slots=True)
class _Told:
    """The NVP with what operational objectives do for it; indicators that may be shown only."""

    book: FactBook
    found: SecurityRead
    served: Mapping[int, tuple[ObjectiveReading, ...]]

    @property
    def structure(self) -> SecurityStructure:
        """Return what the NVP said."""
        return self.found.structure

    def operational(self, row: SecurityObjective) -> tuple[ObjectiveReading, ...]:
        """Return the operational objectives that serve it, in the order of their plan."""
        return self.served.get(row.pk, ())

    def indicators(self, row: SecurityObjective) -> int:
        """Count the indicators that measure it, one that serves it twice once."""
        return len(
            {link.link.indicator_id for one in self.operational(row) for link in one.indicators}
        )

    def tally(self, owner: str, rows: Iterable[SecurityObjective]) -> dict[str, str]:
        """Return how many objectives there are, are served, and can be measured."""
        rows = list(rows)
        measured = sum(bool(self.indicators(row)) for row in rows)
        counts = {
            "objectives": len(rows),
            "linked": sum(bool(self.operational(row)) for row in rows),
            "withIndicators": measured,
            "withoutIndicators": len(rows) - measured,
        }
        return {
            name: self.book.count(f"f:nvp:{owner}:{name}", number)
            for name, number in counts.items()
        }


def security_snapshot(question: ReportQuestion) -> Part:
    """Return the facts of a report on the NVP as a whole, ready for `canonical_json`.

    What holds of `snapshot_build` holds of it: one consistent read, everything as known at
    `known_at` and with the eyes of the minister's cabinet, the same number of queries however many
    objectives there are. Operational objectives are those in force then, of the plan year of the
    reference date, of whichever unit.
    """
    clocks = question.clocks
    with consistent_read():
        access = minister_access(question.minister, clocks)
        before = report_before(question)
        found = security_read(question, access)
        board = report_board(
            found.readings,
            _NO_STRUCTURE,
            found.confidential,
            rule_version=question.rule_version,
        )
        readings, book = board.readings, FactBook()
        around = Around(
            board.left_out,
            background(readings, year=question.reference_date.year, clocks=clocks, before=before),
            below(
                [row.objective for row in readings],
                found.codes_by_objective(),
                taken_away(found.ended, found.readings, found.confidential),
                clocks,
            ),
        )
        told = _Told(book, found, _served(found, readings))
        plan = found.structure.plan
        snapshot = {
            **frame_part(SECURITY_REPORT, question, found.holders, found.then),
            "plan": _plan(plan, question),
            "isDemo": plan.is_demo or has_demo_rows(readings),
            "provisional": board.provisional,
            "summary": {
                **summary_part(book, board),
                **told.tally("all", found.structure.objectives),
            },
            **_structure_parts(told, question),
            "objectives": [objective_part(book, row, around) for row in readings],
            "attention": [row.objective.code for row in board.attention],
            "late": late_part(readings),
            "questions": questions_part(question, readings, before),
            "quality": quality_part(book, readings, clocks, access),
        }
        snapshot["units"] = units_part(snapshot, found.then)
        snapshot["facts"] = book.facts
        return with_changes(snapshot, question, before)


def _served(
    found: SecurityRead, readings: Iterable[ObjectiveReading]
) -> dict[int, tuple[ObjectiveReading, ...]]:
    rows = list(readings)
    return {
        key: tuple(row for row in rows if row.objective.pk in named)
        for key, named in found.served.items()
    }


def _plan(plan: Plan, question: ReportQuestion) -> Part:
    return {
        "code": plan.code,
        "title": plan.title.as_json(),
        "startsOn": plan.starts_on.isoformat(),
        "endsOn": plan.ends_on.isoformat(),
        "year": question.reference_date.year,
    }


def _structure_parts(told: _Told, question: ReportQuestion) -> Part:
    structure = told.structure
    return {
        "levels": [
            {
                "level": level.value,
                **told.tally(
                    f"level:{level.value}",
                    (row for row in structure.objectives if row.level == level),
                ),
            }
            for level in ObjectiveLevel
        ],
        "themes": [_theme(told, row) for row in structure.themes],
        "securityObjectives": [_objective(told, row, question) for row in structure.objectives],
        "kiv": [_dimension(told, row) for row in structure.dimensions],
        "withoutKiv": [
            row.code
            for row in structure.themes
            if row.is_block and not structure.dimensions_of(row)
        ],
        "frameworks": [_framework(structure, row) for row in structure.frameworks],
        "conditions": [_condition(structure, row) for row in structure.conditions],
    }


def _entry(row: PlanEntry) -> Part:
    return {
        "id": str(row.uuid),
        "code": row.code,
        "title": row.title.as_json(),
        "description": row.description.as_json(),
    }


def _point(row: PlanEntry) -> Part:
    return {
        "code": row.code,
        "title": row.title.as_json(),
        "description": row.description.as_json(),
    }


def _theme(told: _Told, theme: SecurityTheme) -> Part:
    structure, owner = told.structure, f"theme:{theme.uuid}"
    codes = {row.pk: row.code for row in structure.themes}
    own = [row for row in structure.objectives if row.theme_id == theme.pk]
    levels = Counter(row.level for row in own)
    return {
        **_entry(theme),
        "parent": codes.get(theme.parent_id) if theme.parent_id else None,
        "isBlock": theme.is_block,
        "isKivTransversal": theme.is_kiv_transversal,
        "kiv": [row.code for row in structure.dimensions_of(theme)],
        "frameworks": [
            row.code
            for row in structure.frameworks
            if theme.uuid in structure.links.themes.get(row.uuid, ())
        ],
        "attentionPoints": [
            {**_point(row), "isGeneral": row.is_general}
            for row in structure.attention.get(theme.pk, ())
        ],
        "levels": {
            level.value: told.book.count(f"f:nvp:{owner}:{level.value}", levels[level.value])
            for level in ObjectiveLevel
        },
        **told.tally(owner, own),
    }


def _objective(told: _Told, row: SecurityObjective, question: ReportQuestion) -> Part:
    structure, owner = told.structure, f"objective:{row.uuid}"
    codes = {theme.pk: theme.code for theme in structure.themes}
    day = question.reference_date
    return {
        **_entry(row),
        "theme": codes[row.theme_id],
        "level": row.level,
        "number": row.number,
        "group": row.group.as_json(),
        "points": [_point(point) for point in structure.points.get(row.pk, ())],
        "operational": [str(one.objective.uuid) for one in told.operational(row)],
        "indicatorCount": told.book.count(f"f:nvp:{owner}:indicators", told.indicators(row)),
        "activities": [activity_part(one, day) for one in told.found.activities.get(row.uuid, ())],
    }


def _dimension(told: _Told, dimension: KivDimension) -> Part:
    structure = told.structure
    themes = [
        theme
        for theme in structure.themes
        if dimension.pk in {row.pk for row in structure.dimensions_of(theme)}
    ]
    keys = {theme.pk for theme in themes}
    return {
        **_entry(dimension),
        "themes": [theme.code for theme in themes],
        **told.tally(
            f"kiv:{dimension.uuid}", (row for row in structure.objectives if row.theme_id in keys)
        ),
    }


def _framework(structure: SecurityStructure, row: PolicyFramework) -> Part:
    named = structure.links.themes.get(row.uuid, ())
    return {
        **_entry(row),
        "kind": row.kind,
        "status": row.status,
        "validFrom": row.valid_from_year,
        "validTo": row.valid_to_year,
        "published": row.published_year,
        "themes": [theme.code for theme in structure.themes if theme.uuid in named],
    }


def _condition(structure: SecurityStructure, row: EnablingCondition) -> Part:
    points = structure.condition_points.get(row.pk, ())
    return {**_entry(row), "points": [_point(point) for point in points]}
