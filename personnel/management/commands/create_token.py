"""`manage.py create_token NAME --role ROLE [--unit CODE] [--minister CODE]`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ibzplan.core.errors import DomainError
from personnel.management.scope import scope_arguments, scope_of
from personnel.services import client_create


class Command(BaseCommand):
    """Print an API token, once."""

    help = "Makes an API client and prints its token; the token cannot be shown again."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the client's name, role and scope."""
        parser.add_argument("name")
        scope_arguments(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make the client; say which codes exist when one is unknown."""
        try:
            _token, key = client_create(name=options["name"], **scope_of(options))
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(key)
