"""`manage.py reconcile [--format text|json] [--reference DATE] [--known DATE]`."""

import json
from fractions import Fraction
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from budget.reconciliation import PARTS, Finding, Table, Unit, Verdict
from budget.selectors.reconciliation import (
    VERDICTS,
    ReconciledLine,
    Reconciliation,
    reconcile,
)
from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError
from ibzplan.core.exports.values import plain_number


class Command(BaseCommand):
    """Say where the printed tables and texts disagree with what they add up to."""

    help = (
        "Reconciles the printed credits and staffing: every subtotal and total, the tables with "
        "each other, and the text with the tables. It changes nothing. A difference is 'rounding' "
        "when it is at most half a rounding step for each row that was added and half a step for "
        "the total, 'mismatch' when it is more, and 'only_in_one' for what stands in one place "
        "only. Ends with status 1 when there is a mismatch."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how to say it, and the two clocks."""
        parser.add_argument("--format", choices=["text", "json"], default="text")
        parser.add_argument(
            "--reference", default="", metavar="YYYY-MM-DD", help="tables up to this day"
        )
        parser.add_argument(
            "--known", default="", metavar="YYYY-MM-DD", help="as known at the end of this day"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """List all differences. Raises CommandError with status 1 when one is a mismatch."""
        try:
            clocks = Clocks.from_query({name: options[name] for name in ("reference", "known")})
        except DomainError as error:
            raise CommandError(f"--{error.field}: {error.message}") from error
        found = reconcile(clocks)
        if options["format"] == "json":
            self.stdout.write(json.dumps(_as_json(found), indent=2, ensure_ascii=False))
        else:
            self._tell(found)
        mismatches = found.count(Verdict.MISMATCH)
        if mismatches:
            raise CommandError(
                f"Mismatches between what is printed and what is recomputed: {mismatches}.",
                returncode=1,
            )

    def _tell(self, found: Reconciliation) -> None:
        counts = ", ".join(f"{verdict}: {found.count(verdict)}" for verdict in VERDICTS)
        self.stdout.write(f"{found.agreeing} of {found.checks} checks agree. {counts}.")
        for line in found.lines:
            self.stdout.write(_text(line))


def _text(line: ReconciledLine) -> str:
    finding = line.finding
    place = (finding.table, finding.sheet, finding.line, finding.column)
    parts = [
        f"{finding.verdict:<11} {finding.check:<9} {' '.join(part for part in place if part)}:",
        f"printed {_printed(finding)}",
    ]
    if finding.recomputed is not None:
        parts.append(f"recomputed {_exact(finding, finding.recomputed)}")
        parts.append(f"difference {_exact(finding, finding.difference)}")
    return f"{' '.join(parts)} {finding.unit} (line {finding.source_line}, {line.title})"


def _printed(finding: Finding) -> str:
    """Return the figure as printed; what a text gives in millions also in the unit of the line."""
    exact = _exact(finding, finding.value)
    if finding.table == Table.TEXT and finding.unit == Unit.KEUR:
        return f"{finding.printed} = {exact}"
    return finding.printed or exact


def _as_json(found: Reconciliation) -> dict[str, Any]:
    return {
        "checks": found.checks,
        "agree": found.agreeing,
        "counts": {verdict: found.count(verdict) for verdict in VERDICTS},
        "differences": [_item(line) for line in found.lines],
    }


def _item(line: ReconciledLine) -> dict[str, Any]:
    """Return a difference: numbers as exact decimals in `unit`, what there is none of left out."""
    finding = line.finding
    item = {
        "class": finding.verdict,
        "check": finding.check,
        "table": finding.table,
        "sheet": finding.sheet,
        "line": finding.line,
        "where": dict(line.title),
        "column": finding.column,
        "unit": finding.unit,
        "printed": finding.printed,
        "value": _exact(finding, finding.value),
        "recomputed": _exact(finding, finding.recomputed),
        "difference": _exact(finding, finding.difference),
        "sourceFile": line.row.source_file,
        "sourceLine": finding.source_line,
    }
    return {name: value for name, value in item.items() if value not in ("", None)}


def _exact(finding: Finding, value: int | None) -> str:
    """Return a value in the unit of the finding; "" for none."""
    if value is None:
        return ""
    return plain_number(Fraction(value, PARTS[finding.unit]))
