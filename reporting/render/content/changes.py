"""What changed since the last report, and the figures that say something else by now."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from django.utils.translation import gettext as _

from objectives.planning.choices import ChangeKind
from reporting.choices import MovementKind
from reporting.movement_texts import movement_phrase
from reporting.render.blocks import (
    Block,
    Cell,
    Column,
    Heading,
    Items,
    Name,
    Paragraph,
    Run,
    Table,
    Words,
    plain_text,
)
from reporting.render.content.causes import cause_run, now_run
from reporting.render.content.security_changes import security_change_blocks
from reporting.render.sentences import joined, sentence
from reporting.render.wording import (
    EM_SPACE,
    FactReader,
    as_typed,
    coded,
    dated,
    in_style,
    labelled_run,
    lines_of,
    period,
    plan_text,
    status_of,
)
from reporting.snapshot.sides import year_of

Part = Mapping[str, Any]

_ARROW: Final = " \N{RIGHTWARDS ARROW} "
# What amendments do that brings an objective into the plan or takes it out.
_COMES: Final = (ChangeKind.ADD, ChangeKind.SPLIT, ChangeKind.MERGE)
_GOES: Final = (ChangeKind.WITHDRAW, ChangeKind.SPLIT, ChangeKind.MERGE)


def changes_section(snapshot: Part, facts: FactReader) -> list[Block]:
    """Return what moved since the report before this one, and why.

    Nothing for a snapshot of before version 6, which does not tell it.
    """
    if "changes" not in snapshot:
        return []
    heading = Heading(1, (Words(_("Changed since the last report")),), "changes")
    rows, since = snapshot["changes"], snapshot["since"]
    if rows is None or since is None:
        none = Words(_("No earlier report on this plan to compare with."))
        return [heading, Paragraph((none,), "changes.none")]
    blocks: list[Block] = [heading, Paragraph(_compared(since), "changes.since")]
    if since.get("year", year_of(snapshot)) != year_of(snapshot):
        blocks.append(Paragraph(_of_another_year(since), "changes.year"))
    security = security_change_blocks(snapshot.get("securityChanges"), facts, "changes.security")
    if not rows:
        none = Words(_("No operational objective moved since, and none was adjusted."))
        return [*blocks, Paragraph((none,), "changes.none"), *security]
    blocks.append(
        Paragraph(counts_run(snapshot["movements"], facts), "changes.counts", look="lead")
    )
    return [*blocks, *change_blocks(rows, snapshot, facts, "change"), *security]


def _compared(since: Part) -> Run:
    """Return which report it is compared with, so that a reader can take it up."""
    parts = {
        "day": dated(since["referenceDate"]),
        "issued": dated(since["issuedOn"]),
        "number": Name(str(since["edition"])),
    }
    if since["edition"] > 1:
        return sentence(
            _(
                "Compared with the progress report of %(day)s, edition %(number)s, issued on "
                "%(issued)s."
            ),
            **parts,
        )
    return sentence(
        _("Compared with the progress report of %(day)s, issued on %(issued)s."), **parts
    )


def _of_another_year(since: Part) -> Run:
    """Return what can be compared with a report on an earlier plan year."""
    return sentence(
        _(
            "That report is on the plan year %(year)s: only objectives that continue one of that "
            "year can be compared."
        ),
        year=Name(str(since["year"])),
    )


def counts_run(counts: Mapping[str, str], facts: FactReader) -> Run:
    """Return '2 worsened, 1 improved'."""
    return joined(
        *(
            sentence(movement_phrase(kind, facts.number(key), shown="%(n)s"), n=facts.figure(key))
            for kind, key in sorted(counts.items(), key=lambda item: _place(item[0]))
        ),
        separator=", ",
    )


def _place(kind: str) -> int:
    return MovementKind.values.index(kind)


def change_blocks(
    rows: Sequence[Part], snapshot: Part, facts: FactReader, prefix: str
) -> Iterator[Block]:
    """Give the objectives that moved under their kind of movement, each with its causes.

    `prefix` begins their anchors: one document can hold two of these lists.
    """
    year = year_of(snapshot)
    for kind, group in groupby(rows, key=lambda row: str(row["kind"])):
        moved = list(group)
        yield Heading(2, (Words(_kind_text(kind, moved)),), f"{prefix}s.{kind}")
        for row in moved:
            anchor = f"{prefix}:{row['id']}"
            yield Paragraph(_moved(row), anchor)
            causes = tuple(cause_run(cause, facts, year) for cause in row["causes"])
            if causes:
                yield Items(causes, f"{anchor}.why")


def _kind_text(kind: str, rows: Sequence[Part]) -> str:
    """Return the kind of movement; of what no amendment brought or took, only where it is."""
    if kind == MovementKind.ADDED and not all(_amended(row, _COMES) for row in rows):
        return _("New in this report")
    if kind == MovementKind.REMOVED and not all(_amended(row, _GOES) for row in rows):
        return _("Not in this report any more")
    return str(MovementKind(kind).label)


def _amended(row: Part, kinds: Sequence[str]) -> bool:
    return any(one["kind"] == "amendment" and one["code"] in kinds for one in row["causes"])


def _moved(row: Part) -> Run:
    statuses = list(dict.fromkeys(code for code in (row["from"], row["to"]) if code))
    return joined(
        coded(row),
        joined(*(status_of(code) for code in statuses), separator=_ARROW),
        Name(row["unit"], style="muted"),
        separator=EM_SPACE,
    )


def restated_section(snapshot: Part, facts: FactReader) -> list[Block]:
    """Return the figures of the report before this one that are other ones now, and why.

    Nothing where there is no such report.
    """
    if snapshot.get("restated") is None:
        return []
    heading = Heading(1, (Words(_("Restated figures")),), "restated")
    return [heading, *restated_blocks(snapshot["restated"], facts, "restated")]


def restated_blocks(rows: Sequence[Part], facts: FactReader, anchor: str) -> list[Block]:
    """Return the table: reported X on D, now Y, because Z; a sentence when no figure differs."""
    if not rows:
        none = Words(_("No figure that was shown then is another one now."))
        return [Paragraph((none,), f"{anchor}.none")]
    columns = (
        Column(_("Indicator")),
        Column(_("Period"), 20),
        Column(_("Reported"), 28, align="right"),
        Column(_("Now"), 28, align="right"),
        Column(_("Because"), 52),
    )
    cells = tuple(_restated(row, facts) for row in rows)
    return [Table(_("Restated figures"), columns, cells, f"{anchor}.table")]


def _restated(row: Part, facts: FactReader) -> tuple[Cell, ...]:
    parts = _parts(row)
    reported = sentence(_("on %(day)s"), day=dated(row["reportedOn"]))
    changed = sentence(_("on %(day)s"), day=dated(row["changedOn"])) if row["changedOn"] else ()
    return (
        Cell(lines_of(coded(row), in_style(parts, "small"), Name(row["unit"], style="muted"))),
        Cell(((Name(period(row)),),)),
        Cell(
            lines_of(facts.figure(row["was"], may_wrap=True), in_style(reported, "small")),
        ),
        Cell(lines_of(in_style(now_run(row, facts), "strong"), in_style(changed, "small"))),
        Cell(lines_of(as_typed(row["reason"]) if row["reason"] else Words(_("No reason given.")))),
    )


def _parts(row: Part) -> Run:
    """Return of which part of a figure it speaks: 'Region: Brussels'; nothing for the whole."""
    return joined(
        *(
            labelled_run(plan_text(one["dimension"]), plan_text(one["member"]))
            for one in row["breakdown"]
        ),
        separator=", ",
    )


def restated_name(row: Part) -> str:
    """Return the title of a restated indicator with the part of the figure that it speaks of."""
    return plain_text(joined(plan_text(row["title"]), _parts(row), separator=", "))
