"""`manage.py messages`: bring the message files up to date, or check that they are."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """A tool of development: its libraries come with `make test`, not with the product."""

    help = "Update the Dutch and French message files from the code, or check them."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Write or check."""
        parser.add_argument("--check", action="store_true", help="change nothing; fail on gaps")

    def handle(self, *_args: str, **options: Any) -> None:
        """Do it; the list of problems is the message."""
        try:
            from ibzplan.core import messages
        except ModuleNotFoundError as error:
            raise CommandError(
                f"{error.name} is not installed: `make test` installs what development needs."
            ) from error
        if options["check"]:
            if problems := messages.check(settings.BASE_DIR):
                listed = "\n  ".join(problems)
                raise CommandError(
                    f"{len(problems)} problems in the message files; "
                    f"`make messages` brings them up to date:\n  {listed}"
                )
            self.stdout.write("Message files: complete.")
            return
        for language, count in messages.update(settings.BASE_DIR).items():
            self.stdout.write(f"{language}: {count} messages wait for a translation.")
