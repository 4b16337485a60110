"""What differs of the National Security Plan itself: since the last report, or side by side."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from objectives.planning.choices import MilestoneState
from reporting.render.blocks import Block, Heading, Items, Name, Paragraph, Run, Words
from reporting.render.sentences import sentence
from reporting.render.wording import FactReader, coded, labelled_run, plan_text

Part = Mapping[str, Any]


def security_change_blocks(found: Part | None, facts: FactReader, prefix: str) -> Iterator[Block]:
    """Give what differs of the counts, and the objectives of the NVP with what differs of each.

    `prefix` begins their anchors. Nothing where nothing differs, or for a report on a plan year.
    """
    if not found or not any(found.values()):
        return
    yield Heading(2, (Words(_("Objectives of the NVP")),), prefix)
    if found["tally"]:
        rows = tuple(_tallied(name, keys, facts) for name, keys in found["tally"].items())
        yield Items(rows, f"{prefix}.tally")
    for row in found["objectives"]:
        anchor = f"{prefix}:{row['id']}"
        yield Paragraph(coded(row), anchor)
        yield Items(
            tuple(security_cause_run(cause, facts) for cause in row["causes"]), f"{anchor}.why"
        )


def _tallied(name: str, keys: Sequence[str], facts: FactReader) -> Run:
    """Return 'With indicators: 14, was 12'."""
    labels = {
        "objectives": _("Objectives of the NVP"),
        "linked": _("With a contribution"),
        "withIndicators": _("With indicators"),
        "withoutIndicators": _("Without indicators"),
    }
    was, now = (facts.figure(key) for key in keys)
    return labelled_run(Words(labels[name]), sentence(_("%(now)s, was %(was)s"), now=now, was=was))


def security_cause_run(cause: Part, facts: FactReader) -> Run:
    """Return what differs of an objective of the NVP."""
    return _RUNS[cause["kind"]](cause, facts)


def _came(_cause: Part, _facts: FactReader) -> Run:
    return (Words(_("New in the plan")),)


def _left(_cause: Part, _facts: FactReader) -> Run:
    return (Words(_("Not in the plan any more")),)


def _served(cause: Part, _facts: FactReader) -> Run:
    return labelled_run(Words(_("Contributes since")), Name(", ".join(cause["names"])))


def _unserved(cause: Part, _facts: FactReader) -> Run:
    return labelled_run(Words(_("Does not contribute any more")), Name(", ".join(cause["names"])))


def _indicators(cause: Part, facts: FactReader) -> Run:
    return sentence(
        _("Indicators: %(now)s, was %(was)s"),
        now=facts.figure(cause["now"]),
        was=facts.figure(cause["was"]),
    )


def _milestone(cause: Part, _facts: FactReader) -> Run:
    told = {"milestone": plan_text(cause["title"])}
    was, now = (
        Words(str(MilestoneState(cause[side]).label).lower()) if cause[side] else None
        for side in ("from", "to")
    )
    if now is None:
        return sentence(_("Milestone “%(milestone)s” is not there any more"), **told)
    if was is None:
        return sentence(_("New milestone “%(milestone)s”: %(now)s"), now=now, **told)
    return sentence(_("Milestone “%(milestone)s”: %(now)s, was %(was)s"), now=now, was=was, **told)


def _text(_cause: Part, _facts: FactReader) -> Run:
    return (Words(_("Its text in the plan is another one")),)


_RUNS: Final[Mapping[str, Callable[[Part, FactReader], Run]]] = {
    "came": _came,
    "left": _left,
    "served": _served,
    "unserved": _unserved,
    "indicators": _indicators,
    "milestone": _milestone,
    "text": _text,
}
