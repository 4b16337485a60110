"""The sheet on the method: rules, notes, units, what the approval adds, where the data is from."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from reporting.choices import GateKind, ReviewVerdict
from reporting.render import labels
from reporting.render.sheets.cells import (
    Cell,
    Column,
    Part,
    Sheet,
    choice,
    name,
    on,
    said,
    title,
    typed,
)
from reporting.render.wording import status_word

Row = tuple[Cell, ...]


def method(snapshot: Part, seal: Part | None, sha256: str) -> Sheet:
    """Return the method of a report on an operational plan."""
    rules = [
        (said(_("Status")), said(status_word(status)), None, name(rule))
        for status, rule in labels.status_rules(snapshot["ruleVersion"])
    ]
    notes = [
        (said(_("Rule")), None, None, name(text)) for text in labels.notes_of(snapshot).values()
    ]
    return method_sheet([*rules, *notes, *seal_rows(seal), *origin_rows(snapshot, sha256)])


def method_sheet(rows: list[Row]) -> Sheet:
    """Return the sheet of these rows."""
    return Sheet(
        "method",
        _("Method"),
        (
            Column(_("Kind"), "middle"),
            Column(_("What"), "middle"),
            Column(_("Date")),
            Column(_("Text"), "wide"),
        ),
        tuple(rows),
    )


def seal_rows(seal: Part | None) -> Iterator[Row]:
    """Give who read the report before its approval, and what was let through for which reason."""
    if seal is None:
        return
    for row in seal["reviews"]:
        verdict = choice(ReviewVerdict, row["verdict"]) or said(_("has not answered"))
        yield said(_("Review")), name(row["unit"]), on(row["on"]), verdict
    if seal["withoutReview"]:
        yield said(_("Without every review")), None, None, typed(seal["withoutReview"])
    for row in seal["waivers"]:
        gate = choice(GateKind, row["gate"])
        yield said(_("Issued all the same")), gate, on(row["on"]), typed(row["reason"])


def origin_rows(snapshot: Part, sha256: str) -> Iterator[Row]:
    """Give the names of the units, and what identifies the data."""
    for code, unit in sorted(snapshot["units"].items()):
        yield said(_("Directorate")), name(code), None, title(unit["title"])
    origin = {
        _("Rule version"): str(snapshot["ruleVersion"]),
        _("Version of the report's data"): str(snapshot["schemaVersion"]),
        _("SHA-256 of the report's data"): sha256,
    }
    for label, text in origin.items():
        yield said(_("Origin of this report")), name(label), None, name(text)
