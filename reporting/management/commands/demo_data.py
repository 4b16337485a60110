"""`manage.py demo_data --seed 1 [--today 2026-10-14] [--without-reports]`, or `--remove`."""

from datetime import date
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from reporting.demo import DemoUnavailable, demo_create, demo_exists, demo_remove
from reporting.demo.accounts import logins_path

DEFAULT_TODAY: Final = date(2026, 10, 14)


class Command(BaseCommand):
    """Make the fictional plans and accounts, or take them away."""

    help = (
        "Makes fictional operational plans, figures and accounts below the real plans. "
        "The same seed and day give the same demo; --remove takes all of it away again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the seed, the day around which everything happens, and the password."""
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--today",
            type=date.fromisoformat,
            default=DEFAULT_TODAY,
            metavar="YYYY-MM-DD",
            help="everything happened before this day (default: %(default)s)",
        )
        parser.add_argument(
            "--password", default="", help="of every demo account (default: a random one)"
        )
        parser.add_argument(
            "--without-reports",
            action="store_true",
            help="make no progress reports: a third of the time",
        )
        parser.add_argument("--remove", action="store_true", help="take the demo away")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do one of the two; a demo that is there already is left alone."""
        if options["remove"]:
            self.remove()
        elif demo_exists():
            self.stdout.write("The demo is there already; nothing was changed.")
            if logins_path().exists():
                self.stdout.write(f"Its logins: {logins_path()}")
        else:
            self.create(
                options["seed"],
                options["today"],
                options["password"],
                has_reports=not options["without_reports"],
            )

    def create(self, seed: int, today: date, password: str, *, has_reports: bool) -> None:
        """Make the demo and print its logins."""
        if today > timezone.localdate():
            self.stderr.write(
                f"{today} lies in the future: pages show its figures from then on, or with that "
                "reference date and day of knowledge."
            )
        try:
            made = demo_create(seed=seed, today=today, password=password, has_reports=has_reports)
        except DemoUnavailable as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Fictional demo around {today} (seed {seed}):")
        for name, number in made.counts.items():
            self.stdout.write(f"  {number:>6} {name}")
        self.stdout.write(f"\nLogins (also in {made.logins_file}), password {made.password}")
        for login in made.logins:
            self.stdout.write(f"  {login.username:<16} {login.name}")

    def remove(self) -> None:
        """Take the demo away and say what went."""
        gone = demo_remove()
        if not gone:
            self.stdout.write("There is no demo to remove.")
            return
        self.stdout.write("The demo is gone; the real plans are as they were.")
        for name, number in gone.items():
            self.stdout.write(f"  {number:>6} {name}")
