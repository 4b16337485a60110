"""`manage.py create_user USERNAME --name NAME --role ROLE [--unit CODE] [--minister CODE]`."""

from getpass import getpass
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ibzplan.core.errors import DomainError
from personnel.management.scope import scope_arguments, scope_of
from personnel.services import user_create

_ASK: Final = object()


class Command(BaseCommand):
    """Make an account with one role."""

    help = (
        "Makes an account with one role and prints a generated password, once. With --password "
        "it asks for the password instead."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take who it is, the role and its scope."""
        parser.add_argument("username")
        parser.add_argument("--name", required=True, help="the name that pages show")
        scope_arguments(parser)
        parser.add_argument("--email", default="")
        parser.add_argument(
            "--password",
            nargs="?",
            default="",
            const=_ASK,
            help="without a value: asked for, so that it stays out of the shell's history",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make the account; say which codes exist when one is unknown."""
        scope = scope_of(options)
        given = _asked() if options["password"] is _ASK else options["password"]
        try:
            user, password = user_create(
                actor=None,
                username=options["username"],
                display_name=options["name"],
                email=options["email"],
                password=given,
                **scope,
            )
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{user.username} can sign in.")
        if not given:
            self.stdout.write(f"Password, shown this once: {password}")


def _asked() -> str:
    password = getpass("Password: ")
    if not password or password != getpass("Password again: "):
        raise CommandError("No password, or two different ones; nothing was made.")
    return password
