"""`manage.py verify_report [UUID ...] [--all] [--format text|json]`."""

import json
from argparse import ArgumentTypeError
from typing import Any, Final
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet

from reporting.choices import ReportState
from reporting.models import ProgressReport
from reporting.verifying import Outcome, Verification, report_verify

_MARKS: Final = {Outcome.RIGHT: "ok   ", Outcome.WRONG: "WRONG", Outcome.UNKNOWN: "?    "}


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise ArgumentTypeError(f"“{text}” is no UUID: copy it from the report's page") from error


class Command(BaseCommand):
    """Compute reports again, and say whether they are what was archived."""

    help = (
        "Verifies progress reports: the hash of the snapshot, the snapshot computed again as known "
        "at its time, the archived files, and the files made again. It changes nothing. Ends with "
        "status 1 when a report does not verify."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take which reports, and how to say it."""
        parser.add_argument("reports", nargs="*", type=_uuid, metavar="UUID")
        parser.add_argument("--all", action="store_true", help="every report that is issued")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Verify one after the other. Raises CommandError for a report that is not there."""
        reports = self._asked(options["reports"], is_all=options["all"])
        done = []
        for report in reports:
            verification = report_verify(report)
            done.append(verification)
            if options["format"] == "text":
                self._tell(verification)
        if options["format"] == "json":
            self.stdout.write(json.dumps([_as_json(row) for row in done], indent=2))
        wrong = sum(not row.is_right for row in done)
        if wrong:
            raise CommandError(f"{wrong} of {len(done)} reports do not verify.", returncode=1)
        if options["format"] == "text":
            self.stdout.write(f"{len(done)} reports verify.")

    def _asked(self, uuids: list[UUID], *, is_all: bool) -> QuerySet[ProgressReport]:
        rows = ProgressReport.objects.select_related(
            "strategic_plan", "plan", "plan__plan", "minister", "corrects"
        ).order_by("reference_date", "pk")
        if is_all:
            return rows.exclude(issued_at=None)
        if not uuids:
            raise CommandError("Name the reports by their UUID, or ask for --all.")
        found = rows.filter(uuid__in=uuids)
        missing = set(uuids) - set(found.values_list("uuid", flat=True))
        if missing:
            raise CommandError(f"No such report: {', '.join(sorted(map(str, missing)))}.")
        if unmade := found.exclude(state=ReportState.READY).first():
            raise CommandError(f"{unmade} is not made yet: there is nothing to verify.")
        return found

    def _tell(self, verification: Verification) -> None:
        self.stdout.write(f"{verification.report} ({verification.report.uuid})")
        for finding in verification.findings:
            mark = _MARKS[finding.outcome]
            said = ": ".join(part for part in (finding.about, finding.detail) if part)
            self.stdout.write(f"  {mark} {finding.kind.value}{' ' + said if said else ''}")


def _as_json(verification: Verification) -> dict[str, Any]:
    return {
        "report": str(verification.report.uuid),
        "verifies": verification.is_right,
        "checks": [
            {
                "check": finding.kind.value,
                "outcome": finding.outcome.value,
                "about": finding.about,
                "detail": finding.detail,
            }
            for finding in verification.findings
        ],
    }
