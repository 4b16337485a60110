"""What the typesetter is given: the snapshot in the words and number formats of its language.

Every figure comes from `FactReader`; this module and the typesetter compute none.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ibzplan.core.localised import STATE_UNOFFICIAL, LocalisedText
from objectives.indicators.choices import SlotState, Status
from objectives.indicators.templatetags.status import counts_sentence, labelled
from reporting.render import labels
from reporting.render.annex import indicator_notes, objectives_of
from reporting.render.pictures import (
    distribution,
    status_marks,
    target_text,
    trajectory,
)
from reporting.render.questions import questions_shown
from reporting.render.wording import (
    NONE,
    FactReader,
    day,
    moment,
    period,
    plain,
    remark_words,
    status_word,
    words,
)

Part = Mapping[str, Any]

SMALL_BAR_WIDTH: Final = 130
SMALL_BAR_HEIGHT: Final = 18
NEEDS_EXPLANATION: Final = (Status.AT_RISK, Status.OFF_TRACK, Status.NO_DATA)
_STATES_IN_WORDS: Final = {
    "missing": SlotState.MISSING,
    "notApplicable": SlotState.NOT_APPLICABLE,
    "notYetDue": SlotState.NOT_YET_DUE,
}


def document(snapshot: Part, sha256: str) -> dict[str, Any]:
    """Return the whole report in the active language; `sha256` identifies the snapshot."""
    facts = FactReader(snapshot["facts"])
    return {
        "language": snapshot["language"],
        "title": _("Progress report on the operational plan %(year)s")
        % {"year": snapshot["plan"]["year"]},
        "subject": plain(snapshot["minister"]["title"]),
        "running": " · ".join(
            [
                f"OP {snapshot['plan']['year']}",
                plain(snapshot["minister"]["shortTitle"]),
                day(snapshot["referenceDate"]),
            ]
        ),
        "demo": _("Demonstration: fictional figures") if snapshot["isDemo"] else "",
        "t": labels.labels(),
        "marks": status_marks(),
        "statuses": {status: status_word(status) for status in Status.values},
        "cover": _cover(snapshot, facts),
        "summary": _summary(snapshot, facts),
        "strategic": [_strategic(row, facts) for row in snapshot["strategicObjectives"]],
        "late": [_late(row) for row in snapshot["late"]],
        "questions": questions_shown(snapshot),
        "method": _method(snapshot, facts, sha256),
    }


def _share_sentence(summary: Part, facts: FactReader) -> str:
    return _("%(submitted)s of the %(due)s figures that were due are submitted.") % {
        "submitted": facts.text(summary["submitted"]),
        "due": facts.text(summary["due"]),
    }


def _cover(snapshot: Part, facts: FactReader) -> dict[str, Any]:
    minister, president = snapshot["minister"], snapshot["president"]
    rows = [
        (_("For"), plain(minister["title"]), minister["holder"]),
        (_("Made by"), plain(president["office"]) if president else "", president),
    ]
    return {
        "plan": words(snapshot["plan"]["title"]),
        "people": [
            {"label": label, "office": office, "name": holder["name"] if holder else ""}
            for label, office, holder in rows
            if office or holder
        ],
        "facts": [
            {"label": _("Reference date"), "value": day(snapshot["referenceDate"], "DATE_FORMAT")},
            {"label": _("As known on"), "value": moment(snapshot["knownAt"])},
            {
                "label": _("Figures"),
                "value": (
                    _("Provisional: not all figures are validated yet.")
                    if snapshot["provisional"]
                    else _("Validated")
                ),
            },
            {
                "label": _("Share submitted"),
                "value": _share_sentence(snapshot["summary"], facts),
            },
        ],
    }


def _headline(summary: Part, facts: FactReader) -> str:
    total = facts.number(summary["total"])
    values = {"good": facts.text(summary["good"]), "total": facts.text(summary["total"])}
    return (
        ngettext(
            "%(good)s of %(total)s operational objective is achieved or on track.",
            "%(good)s of %(total)s operational objectives are achieved or on track.",
            total,
        )
        % values
    )


def _summary(snapshot: Part, facts: FactReader) -> dict[str, Any]:
    summary = snapshot["summary"]
    counts = facts.counts(summary["counts"])
    objectives = {row["code"]: row for row in objectives_of(snapshot)}
    return {
        "headline": _headline(summary, facts),
        "share": _share_sentence(summary, facts),
        "bar": distribution(counts),
        "legend": [
            {"status": status, "count": facts.text(summary["counts"][status])}
            for status in Status.values
        ],
        "strategic": [
            {
                "code": row["code"],
                "title": words(row["title"]),
                "total": facts.text(row["total"]),
                "bar": _small_bar(row["counts"], facts),
            }
            for row in snapshot["strategicObjectives"]
        ],
        "attention": [_attention(objectives[code], facts) for code in snapshot["attention"]],
        "judgement_note": labels.judgement_note() if _has_judgements(snapshot) else "",
    }


def _small_bar(counts: Mapping[str, str], facts: FactReader) -> dict[str, str]:
    return distribution(facts.counts(counts), width=SMALL_BAR_WIDTH, height=SMALL_BAR_HEIGHT)


def _attention(objective: Part, facts: FactReader) -> dict[str, Any]:
    return {
        "code": objective["code"],
        "title": words(objective["title"]),
        "unit": objective["unit"],
        "status": objective["status"],
        "judgement": _judgement(objective),
        "progress": _progress(objective, facts),
        "remarks": remark_words(objective["remarks"]),
    }


def _judgement(objective: Part) -> list[dict[str, str]]:
    """Return the head's judgement: none or one, with the sentence that says since when and why."""
    judgement = objective["judgement"]
    if judgement is None:
        return []
    said = _("Since %(day)s: %(reason)s") % {
        "day": day(judgement["since"]),
        "reason": judgement["reason"],
    }
    return [{"status": judgement["status"], "said": said}]


def _progress(part: Part, facts: FactReader) -> dict[str, str]:
    progress = part["progress"] or {"actual": None, "expected": None}
    return {name: facts.text(key) for name, key in progress.items()}


def _strategic(row: Part, facts: FactReader) -> dict[str, Any]:
    counts = facts.counts(row["counts"])
    return {
        "code": row["code"],
        "title": words(row["title"]),
        "description": words(row["description"]),
        "counts": counts_sentence(counts),
        "bar": distribution(counts),
        "werven": [_werf(werf, facts) for werf in row["werven"]],
    }


def _werf(werf: Part, facts: FactReader) -> dict[str, Any]:
    return {
        "code": werf["code"],
        "title": words(werf["title"]),
        "status": werf["status"],
        "remarks": remark_words(werf["remarks"]),
        "total": facts.text(werf["total"]),
        "bar": _small_bar(werf["counts"], facts),
        "progress": _progress(werf, facts),
        "milestone": day(werf["nextMilestone"]),
        "objectives": [_objective(row, facts) for row in werf["objectives"]],
    }


def _objective(row: Part, facts: FactReader) -> dict[str, Any]:
    charts = [
        {"code": indicator["shortCode"], "title": words(indicator["title"]), **picture}
        for indicator in row["indicators"]
        if (picture := trajectory(indicator, facts)) is not None
    ]
    return {
        "code": row["code"],
        "title": words(row["title"]),
        "description": words(row["description"]),
        "unit": row["unit"],
        "holder": plain(row["holder"]) if row["holder"] else "",
        "status": row["status"],
        "judgement": _judgement(row),
        "provisional": row["provisional"],
        "remarks": remark_words(row["remarks"]),
        "progress": _progress(row, facts),
        "indicators": [_indicator(indicator, facts) for indicator in row["indicators"]],
        "left_out": _left_out(row, facts),
        "charts": charts,
        "explanations": _explanations(row, facts),
        "narratives": [
            {"code": indicator["shortCode"], "period": period(latest), "text": words(narrative)}
            for indicator in row["indicators"]
            if (latest := indicator["latest"]) and (narrative := latest["narrative"])
        ],
    }


def _left_out(objective: Part, facts: FactReader) -> str:
    """Return how many indicators of an objective are confidential; '' when none is."""
    count = facts.number(objective["confidential"])
    return labels.left_out(count, facts.text(objective["confidential"])) if count else ""


def _confidential_notes(summary: Part, facts: FactReader) -> list[str]:
    """Return what the method says of confidential indicators; nothing when there are none."""
    if not facts.number(summary["confidential"]):
        return []
    left_out, total = facts.text(summary["confidential"]), facts.text(summary["indicators"])
    return [labels.confidential_note(left_out, total)]


def _indicator(row: Part, facts: FactReader) -> dict[str, Any]:
    latest = row["latest"]
    definition = words(row["definition"])
    return {
        "code": row["shortCode"],
        "title": words(row["title"]),
        "definition": definition,
        "isKey": row["isKey"],
        "status": row["status"],
        "remarks": remark_words(row["remarks"]),
        "baseline": facts.text(row["baseline"]["fact"] if row["baseline"] else None, may_wrap=True),
        "latest": _latest(row, facts),
        "latestPeriod": period(latest) if latest else "",
        "provisional": bool(latest and latest["provisional"]),
        "expected": facts.text(row["expected"], may_wrap=True),
        "target": target_text(row, facts, may_wrap=True),
        "locked": bool(latest and latest["locked"]),
        "returned": bool(latest and latest["returned"]),
        "parts": _parts(latest, facts) if latest else [],
        "slots": [_slot(slot, facts) for slot in row["slots"]],
    }


def _parts(slot: Part, facts: FactReader) -> list[dict[str, str]]:
    """Return the parts of a period's figure by their names: 'T3 2026, Region: Brussels'.

    The period stands with each, because above them a flow shows its sum over the periods.
    """
    return [
        {
            "title": ", ".join(
                [
                    period(slot),
                    *(
                        labelled(plain(one["dimension"]), plain(one["member"]))
                        for one in part["titles"]
                    ),
                ]
            ),
            "value": facts.text(part["fact"], may_wrap=True),
        }
        for part in slot["breakdown"]
    ]


def _latest(row: Part, facts: FactReader) -> str:
    """Return where the indicator stands: a flow's sum so far, else its latest figure."""
    latest = row["latest"]
    if row["actual"] is not None:
        return facts.text(row["actual"], may_wrap=True)
    return facts.text(latest["fact"], may_wrap=True) if latest else NONE


def _slot(slot: Part, facts: FactReader) -> dict[str, Any]:
    """Return one period with its figure or the state that stands in its place; 0 is a figure."""
    state = slot["valueState"]
    if state == "measured":
        shown = facts.text(slot["fact"], with_unit=False)
    else:
        shown = str(_STATES_IN_WORDS[state].label).lower()
    return {"period": period(slot).split(" ")[0], "text": shown, "missing": state == "missing"}


def _explanations(objective: Part, facts: FactReader) -> list[dict[str, Any]]:
    """Return why each indicator is where it is, for an objective that is not on track."""
    if objective["status"] not in NEEDS_EXPLANATION:
        return []
    return [
        {"code": row["shortCode"], "status": row["status"], "steps": facts.steps(row["why"])}
        for row in objective["indicators"]
        if row["status"] in NEEDS_EXPLANATION
    ]


def _late(row: Part) -> dict[str, Any]:
    return {
        "code": row["shortCode"],
        "title": words(row["title"]),
        "unit": row["unit"],
        "period": period(row),
        "due": day(row["dueOn"]),
    }


def _method(snapshot: Part, facts: FactReader, sha256: str) -> dict[str, Any]:
    unofficial = _has_unofficial_titles(snapshot["strategicObjectives"], snapshot["language"])
    return {
        "rules": labels.status_rules(),
        "notes": [
            *labels.method_notes(),
            *([labels.judgement_note()] if _has_judgements(snapshot) else []),
            *_confidential_notes(snapshot["summary"], facts),
            *([labels.unofficial_note()] if unofficial else []),
        ],
        **indicator_notes(snapshot, facts),
        "units": [
            {"code": code, "title": words(unit["title"])}
            for code, unit in sorted(snapshot["units"].items())
        ],
        "origin": [
            {"label": _("Rule version"), "value": str(snapshot["ruleVersion"])},
            {"label": _("Version of the report's data"), "value": str(snapshot["schemaVersion"])},
            {"label": _("SHA-256 of the report's data"), "value": sha256},
        ],
    }


def _has_judgements(snapshot: Part) -> bool:
    return any(row["judgement"] for row in objectives_of(snapshot))


def _has_unofficial_titles(strategic: Sequence[Part], language: str) -> bool:
    texts = [part["title"] for row in strategic for part in (row, *row["werven"])]
    return any(LocalisedText.from_json(t).state(language) == STATE_UNOFFICIAL for t in texts)
