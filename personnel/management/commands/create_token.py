"""`manage.py create_token NAME --role ROLE`, with what it may do and how long."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from ibzplan.core.choices import TokenScope
from ibzplan.core.errors import DomainError
from ibzplan.core.services.tokens import LIFE_DAYS, LIFE_MAX_DAYS
from personnel.management.scope import scope_arguments, scope_of
from personnel.services import client_create


class Command(BaseCommand):
    """Print an API token, once."""

    help = "Makes an API client and prints its token; the token cannot be shown again."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the client's name, role and scope."""
        parser.add_argument("name")
        scope_arguments(parser)
        parser.add_argument(
            "--write",
            action="store_true",
            help="let it write what its role may; an api_client needs --unit and plans for that",
        )
        parser.add_argument(
            "--days",
            type=int,
            default=LIFE_DAYS,
            metavar="N",
            help=f"how long it works: 1 to {LIFE_MAX_DAYS} days, {LIFE_DAYS} unless told",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make the client; say which codes exist when one is unknown."""
        if not 1 <= options["days"] <= LIFE_MAX_DAYS:
            raise CommandError(f"--days {options['days']}: give 1 to {LIFE_MAX_DAYS} days.")
        try:
            _token, key = client_create(
                name=options["name"],
                scopes=[TokenScope.WRITE if options["write"] else TokenScope.READ],
                expires_at=timezone.now() + timedelta(days=options["days"]),
                **scope_of(options),
            )
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(key)
