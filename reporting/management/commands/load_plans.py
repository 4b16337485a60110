"""`manage.py load_plans [FOLDER] [--check] [--prune]`."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from reporting.plans.loader import InvalidFixtures, fixtures_read, plans_load
from reporting.plans.report import Finding, LoadReport

_HEADINGS = ("new", "changed", "kept edits", "conflicts")
_MAX_SHOWN_CHARACTERS = 160


class Command(BaseCommand):
    """Load both plans, and say what changed."""

    help = (
        "Loads the strategic plan and the National Security Plan from the fixtures. "
        "It can be run again at any time: edits made in the product are kept and listed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder, and the two ways to do less or more."""
        parser.add_argument(
            "folder", nargs="?", type=Path, default=Path(settings.BASE_DIR) / "fixtures"
        )
        parser.add_argument(
            "--check", action="store_true", help="only check the files; load nothing"
        )
        parser.add_argument(
            "--prune",
            action="store_true",
            help="delete rows whose entry vanished, if unedited and in use nowhere",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Check, or load and report. Fixture errors end with status 1, kept edits do not."""
        if options["check"]:
            self.check_only(options["folder"])
            return
        try:
            report = plans_load(folder=options["folder"], with_prune=options["prune"])
        except InvalidFixtures as error:
            raise CommandError(error.message) from error
        self.print_counts(report)
        self.print_findings("Kept edits (changed here, not in the fixture)", report.kept_edits)
        self.print_findings("Conflicts (changed here and in the fixture)", report.conflicts)
        self.print_vanished(report)
        if report.is_unchanged:
            self.stdout.write("Nothing changed.")

    def check_only(self, folder: Path) -> None:
        """Print how many entries there are. Raises CommandError with every problem."""
        reading = fixtures_read(folder=folder)
        if reading.problems:
            raise CommandError("\n".join(str(problem) for problem in reading.problems))
        total = sum(len(entries) for entries in reading.lists.values())
        files = len({file for file, _name in reading.lists})
        self.stdout.write(f"{files} files, {total} entries, no errors.")

    def print_counts(self, report: LoadReport) -> None:
        """Print one line a subject, and the total."""
        rows = [(s.name, s.new, s.changed, s.kept_edits, s.conflicts) for s in report.subjects]
        totals = [sum(row[i] for row in rows) for i in range(1, 5)]  # type: ignore[misc]
        width = max(len(row[0]) for row in rows)
        heads = "".join(f"{heading:>12}" for heading in _HEADINGS)
        self.stdout.write(f"{'subject':<{width}}{heads}")
        for name, *counts in [*rows, ("total", *totals)]:
            numbers = "".join(f"{count:>12}" for count in counts)
            self.stdout.write(f"{name:<{width}}{numbers}")

    def print_findings(self, heading: str, findings: list[Finding]) -> None:
        """Print the three values of each edited field."""
        if not findings:
            return
        self.stdout.write(f"\n{heading}: {len(findings)}")
        for finding in findings:
            self.stdout.write(f"  {finding.record}, {finding.field}")
            self.stdout.write(f"    stored:      {_shown(finding.stored)}")
            self.stdout.write(f"    last loaded: {_shown(finding.loaded)}")
            self.stdout.write(f"    fixture:     {_shown(finding.fixture)}")

    def print_vanished(self, report: LoadReport) -> None:
        """Print what stands here but no longer in a fixture."""
        if report.vanished:
            self.stdout.write(f"\nNo longer in the fixtures: {len(report.vanished)}")
            for row in report.vanished:
                because = f" (stays: {row.kept_because})" if row.kept_because else ""
                self.stdout.write(f"  {row.record}{because}")
        if report.pruned:
            self.stdout.write(f"\nPruned: {len(report.pruned)}")
            for record in report.pruned:
                self.stdout.write(f"  {record}")


def _shown(value: Any) -> str:
    text = str(value)
    return text if len(text) <= _MAX_SHOWN_CHARACTERS else f"{text[:_MAX_SHOWN_CHARACTERS]}…"
