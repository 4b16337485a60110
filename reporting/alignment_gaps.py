"""The gaps as the alignment page and its export say them: count, list, who can mend it, where."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ibzplan.core.clocks import Clocks
from ibzplan.core.localised import LocalisedText
from ibzplan.core.numbers import format_share
from objectives.planning.selectors import ObjectiveReading
from objectives.security.choices import ObjectiveLevel
from objectives.security.models import SecurityObjective
from reporting.alignment import LEAST_WORDS, NEARLY, Likeness
from reporting.selectors.alignment import Alignment


@dataclass(frozen=True, slots=True)
class GapRow:
    """One line of a gap: a record with the page where it is mended, or two that are alike.

    `units` are the codes of those who can mend it; `detail` says what the rule saw.
    """

    code: str
    title: LocalisedText
    url: str
    units: tuple[str, ...] = ()
    detail: str = ""
    other: "GapRow | None" = None


@dataclass(frozen=True, slots=True)
class Gap:
    """One kind of gap. `rule` says what counts as one, `mender` who mends it and how.

    `tally` divides the rows: (label, how many).
    """

    name: str
    title: str
    rule: str
    mender: str
    rows: Sequence[GapRow]
    tally: Sequence[tuple[str, int]] = ()


def gap_list(page: Alignment, clocks: Clocks) -> list[Gap]:
    """Return the gaps that this reader can be told of, in the order of the page."""
    own = [
        _without_indicator(page, clocks),
        _without_goal(page, clocks),
        _alike(page, clocks),
        _shared_keys(page, clocks),
    ]
    if not page.sees_all:
        return own
    return [own[0], _werven(page, clocks), _goals(page), _security(page), *own[1:], _kpis(page)]


def _objective_row(reading: ObjectiveReading, clocks: Clocks, detail: str = "") -> GapRow:
    objective = reading.objective
    url = reverse("planning:objective", args=[objective.uuid]) + clocks.query
    return GapRow(objective.code, objective.title, url, (objective.unit.code,), detail)


def _without_indicator(page: Alignment, clocks: Clocks) -> Gap:
    return Gap(
        "without_indicator",
        _("Operational objectives without an indicator"),
        _("Nothing measures them, so that they never have a status."),
        _("The planners of the directorate: on the page of the objective."),
        [_objective_row(one, clocks) for one in page.gaps.without_indicator],
    )


def _without_goal(page: Alignment, clocks: Clocks) -> Gap:
    return Gap(
        "without_goal",
        _("Operational objectives without a goal of the strategic plan"),
        _("They hang below a werf, but name none of the goals that it should serve."),
        _("The planners of the directorate: in the form of the objective."),
        [_objective_row(one, clocks) for one in page.gaps.without_goal],
    )


def _werven(page: Alignment, clocks: Clocks) -> Gap:
    query = clocks.query_with(page.filter.plan.year)
    return Gap(
        "werven",
        _("Werven without an operational objective this year"),
        _("No operational objective in force hangs below them."),
        _("The planners of the directorates that work on the werf: with a new objective."),
        [
            GapRow(
                werf.code,
                werf.title,
                reverse("planning:werf", args=[werf.code]) + query,
                tuple(link.unit.code for link in werf.unit_links.all()),
            )
            for werf in page.gaps.werven
        ],
    )


def _goals(page: Alignment) -> Gap:
    return Gap(
        "goals",
        _("Goals that nobody works on"),
        _("No operational objective in force names them, of any directorate."),
        _(
            "The planners of the directorates below the strategic objective: in the form of an "
            "operational objective that serves the goal."
        ),
        [
            GapRow(
                goal.code,
                goal.title,
                reverse("strategy:objective", args=[goal.objective.code]),
                detail=_("Strategic objective %(code)s") % {"code": goal.objective.code},
            )
            for goal in page.gaps.goals
        ],
    )


def _security(page: Alignment) -> Gap:
    levels = Counter(one.level for one in page.gaps.security)
    return Gap(
        "security",
        _("Objectives of the NVP without a link"),
        _(
            "No operational objective in force names them, of any directorate. Many are for the "
            "police alone: the NVP names no unit of IBZ for any of its objectives."
        ),
        _("The planners of a directorate that contributes: in the form of their objective."),
        [_security_row(one) for one in page.gaps.security],
        [(str(level.label), levels[level]) for level in ObjectiveLevel if levels[level]],
    )


def _security_row(row: SecurityObjective) -> GapRow:
    theme = str(row.theme.title)
    return GapRow(
        row.code,
        row.title,
        reverse("security:theme", args=[row.theme.code]),
        detail=_("%(level)s, theme %(code)s %(theme)s")
        % {"level": ObjectiveLevel(row.level).label, "code": row.theme.code, "theme": theme},
    )


def _alike(page: Alignment, clocks: Clocks) -> Gap:
    return Gap(
        "alike",
        _("Operational objectives that may be the same"),
        _(
            "The significant words of their titles coincide for %(share)s or more of all words of "
            "both (at least %(least)s words), without regard to case, accents and words such as "
            "articles; compared in Dutch and in French."
        )
        % {"share": format_share(NEARLY), "least": LEAST_WORDS},
        _("The planners of the two directorates together: one objective with a co-owner."),
        [_pair_row(likeness, first, second, clocks) for likeness, first, second in page.gaps.alike],
    )


def _pair_row(
    likeness: Likeness, first: ObjectiveReading, second: ObjectiveReading, clocks: Clocks
) -> GapRow:
    objective = first.objective
    words = ", ".join(likeness.words)
    detail = (
        _("Same title: %(words)s") % {"words": words}
        if likeness.is_same
        else _("%(share)s of the words coincide: %(words)s")
        % {"share": format_share(likeness.share), "words": words}
    )
    return GapRow(
        objective.code,
        objective.title,
        reverse("planning:objective", args=[objective.uuid]) + clocks.query,
        tuple(sorted({objective.unit.code, second.objective.unit.code})),
        detail,
        _objective_row(second, clocks),
    )


def _shared_keys(page: Alignment, clocks: Clocks) -> Gap:
    year = page.filter.plan.year
    return Gap(
        "shared_keys",
        _("Key indicators of several objectives"),
        _("One figure decides several objectives at once; it may be one objective."),
        _("The planners of those directorates: on the page of each objective."),
        [
            GapRow(
                indicator.code,
                indicator.title,
                reverse("planning:indicator", args=[indicator.uuid]) + clocks.query_with(year),
                tuple(sorted({one.objective.unit.code for one in users})),
                ngettext(
                    "Key indicator of %(count)s objective: %(codes)s",
                    "Key indicator of %(count)s objectives: %(codes)s",
                    len(users),
                )
                % {
                    "count": len(users),
                    "codes": ", ".join(one.objective.code for one in users),
                },
            )
            for indicator, users in page.gaps.shared_keys
        ],
    )


def _kpis(page: Alignment) -> Gap:
    return Gap(
        "without_kpi",
        _("Transversal objectives without a KPI"),
        _("An addendum brought them, but no indicator measures them."),
        _("The corporate cell: on the page of the addendum."),
        [
            GapRow(
                row.code,
                row.title,
                reverse("planning:addendum", args=[row.addendum.code]),
                detail=str(row.addendum.title),
            )
            for row in page.gaps.without_kpi
            if row.addendum is not None
        ],
    )
