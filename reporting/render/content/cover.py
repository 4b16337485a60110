"""The first page of a report, and what stands on every page."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reporting.render.blocks import Cover, CoverPerson, Name, Run, Terms, Words
from reporting.render.content.changes import counts_run
from reporting.render.content.quality import has_withheld
from reporting.render.sentences import joined, sentence
from reporting.render.wording import (
    DOT,
    FactReader,
    as_typed,
    coded,
    dated,
    day,
    in_style,
    labelled_run,
    moment,
    plain,
    words,
)
from reporting.snapshot.reading import SECURITY_REPORT

Part = Mapping[str, Any]


def title_of(snapshot: Part) -> str:
    """Return the title of the report."""
    if snapshot["schema"] == SECURITY_REPORT:
        return _("Progress report on the National Security Plan")
    return _("Progress report on the operational plan %(year)s") % {
        "year": snapshot["plan"]["year"]
    }


def running_title(snapshot: Part) -> str:
    """Return what the head of every page says: plan, minister and reference date."""
    return DOT.join(
        [
            _running_plan(snapshot),
            plain(snapshot["minister"]["shortTitle"]),
            day(snapshot["referenceDate"]),
        ]
    )


def _running_plan(snapshot: Part) -> str:
    if snapshot["schema"] == SECURITY_REPORT:
        return plain(snapshot["plan"]["title"])
    return f"OP {snapshot['plan']['year']}"


def marks_of(snapshot: Part, seal: Part | None) -> tuple[str, ...]:
    """Return the marks of every page: a report that is not issued, and fictional figures."""
    draft = _("Draft") if seal is None else ""
    demo = _("Demonstration: fictional figures") if snapshot["isDemo"] else ""
    return tuple(mark for mark in (draft, demo) if mark)


def cover_page(snapshot: Part, facts: FactReader) -> Cover:
    """Return the plan, for whom the report is, who made it, and of when it is."""
    title = words(snapshot["plan"]["title"])
    return Cover(
        plan=Words(title["text"], lang=title["lang"]),
        people=_people(snapshot),
        facts=Terms(tuple(_facts(snapshot, facts)), "cover"),
    )


def headline_run(summary: Part, facts: FactReader) -> Run:
    """Return how many operational objectives are achieved or on track."""
    template = ngettext(
        "%(good)s of %(total)s operational objective is achieved or on track.",
        "%(good)s of %(total)s operational objectives are achieved or on track.",
        facts.number(summary["total"]),
    )
    good, total = facts.figure(summary["good"]), facts.figure(summary["total"])
    return sentence(template, good=good, total=total)


def security_headline_run(summary: Part, facts: FactReader) -> Run:
    """Return to how many objectives of the NVP operational ones contribute."""
    template = ngettext(
        "Operational objectives contribute to %(linked)s of the %(total)s objective of the NVP.",
        "Operational objectives contribute to %(linked)s of the %(total)s objectives of the NVP.",
        facts.number(summary["objectives"]),
    )
    return sentence(
        template,
        linked=facts.figure(summary["linked"]),
        total=facts.figure(summary["objectives"]),
    )


def share_sentence(summary: Part, facts: FactReader) -> Run:
    """Return how many of the figures that were due are submitted."""
    return sentence(
        _("%(submitted)s of the %(due)s figures that were due are submitted."),
        submitted=facts.figure(summary["submitted"]),
        due=facts.figure(summary["due"]),
    )


def _people(snapshot: Part) -> tuple[CoverPerson, ...]:
    minister, president = snapshot["minister"], snapshot["president"]
    rows = [
        (_("For"), plain(minister["title"]), minister["holder"]),
        (_("Made by"), plain(president["office"]) if president else "", president),
    ]
    return tuple(
        CoverPerson(label, office, holder["name"] if holder else "")
        for label, office, holder in rows
        if office or holder
    )


def _facts(snapshot: Part, facts: FactReader) -> list[tuple[str, Run]]:
    provisional = (
        _("Provisional: not all figures are validated yet.")
        if snapshot["provisional"] or has_withheld(snapshot["summary"], facts)
        else _("Validated")
    )
    return [
        *_in_short(snapshot, facts),
        (_("Reference date"), (Name(day(snapshot["referenceDate"], "DATE_FORMAT")),)),
        (_("As known on"), (Name(moment(snapshot["knownAt"])),)),
        *_edition(snapshot),
        (_("Figures"), (Words(provisional),)),
        (_("Share submitted"), share_sentence(snapshot["summary"], facts)),
    ]


def _in_short(snapshot: Part, facts: FactReader) -> list[tuple[str, Run]]:
    """Return the message for who reads one page: where it stands, what is asked, what moved."""
    is_security = snapshot["schema"] == SECURITY_REPORT
    said = (security_headline_run if is_security else headline_run)(snapshot["summary"], facts)
    rows: list[tuple[str, Run]] = [(_("In short"), in_style(said, "strong"))]
    if "decisions" in snapshot:
        rows.append((_("Decisions asked"), _decisions(snapshot)))
    if snapshot.get("changes") and snapshot.get("since"):
        rows.append((_("Changed since the last report"), counts_run(snapshot["movements"], facts)))
    return rows


def _decisions(snapshot: Part) -> Run:
    """Return about which objectives or indicators a decision waits."""
    asked = set(snapshot["decisions"])
    waiting = [row for row in snapshot["questions"] if row["id"] in asked and row["open"]]
    if not waiting:
        return (Words(_("No decision is asked of the minister.")),)
    return joined(*(coded(row) for row in waiting), separator=DOT)


def _edition(snapshot: Part) -> list[tuple[str, Run]]:
    """Return the number of a correction, what it replaces and why; the first edition has none."""
    edition = snapshot.get("edition")
    if not edition or edition["number"] == 1:
        return []
    number = (Name(str(edition["number"])),)
    if not edition["corrects"]:
        return [(_("Edition"), number)]
    reason = labelled_run(Words(_("Reason")), as_typed(edition["reason"]))
    return [(_("Edition"), joined(corrects_run(edition), reason))]


def corrects_run(edition: Part) -> Run:
    """Return which edition this one replaces."""
    return sentence(
        _("Edition %(number)s. It replaces edition %(before)s, issued on %(day)s."),
        number=Name(str(edition["number"])),
        before=Name(str(edition["corrects"]["edition"])),
        day=dated(edition["corrects"]["issuedOn"]),
    )
