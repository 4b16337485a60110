"""`manage.py create_token NAME --role ROLE [--unit CODE] [--minister CODE]`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ibzplan.core.errors import DomainError
from personnel.choices import Role
from personnel.models import OrganisationUnit, SupervisingMinister
from personnel.services import client_create


class Command(BaseCommand):
    """Print an API token, once."""

    help = "Makes an API client and prints its token; the token cannot be shown again."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the client's name, role and scope."""
        parser.add_argument("name")
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--unit", metavar="CODE")
        parser.add_argument("--minister", metavar="CODE")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make the client; say which codes exist when one is unknown."""
        unit = minister = None
        if options["unit"]:
            unit = OrganisationUnit.objects.filter(code=options["unit"]).first()
            if unit is None:
                codes = ", ".join(OrganisationUnit.objects.values_list("code", flat=True))
                raise CommandError(f"No unit {options['unit']}. There are: {codes}")
        if options["minister"]:
            minister = SupervisingMinister.objects.filter(code=options["minister"]).first()
            if minister is None:
                codes = ", ".join(SupervisingMinister.objects.values_list("code", flat=True))
                raise CommandError(f"No minister {options['minister']}. There are: {codes}")
        try:
            _token, key = client_create(
                name=options["name"], role=options["role"], unit=unit, minister=minister
            )
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(key)
