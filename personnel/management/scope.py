"""What commands ask that give somebody a role: the role, and its unit or minister by code."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db.models import Model

from personnel.choices import Role
from personnel.models import OrganisationUnit, SupervisingMinister


def scope_arguments(parser: CommandParser) -> None:
    """Take a role and its scope."""
    parser.add_argument("--role", required=True, choices=Role.values)
    parser.add_argument("--unit", metavar="CODE", help="needed by a planner and a head")
    parser.add_argument("--minister", metavar="CODE", help="needed by cabinet staff")


def scope_of(options: dict[str, Any]) -> dict[str, Any]:
    """Return role, unit and minister for a service. Raises CommandError naming the codes."""
    return {
        "role": options["role"],
        "unit": _named(OrganisationUnit, "unit", options["unit"]),
        "minister": _named(SupervisingMinister, "minister", options["minister"]),
    }


def _named(model: type[Model], name: str, code: str | None) -> Model | None:
    if not code:
        return None
    rows = model._default_manager.all()
    row = rows.filter(code=code).first()
    if row is None:
        codes = ", ".join(rows.values_list("code", flat=True))
        there = f"There are: {codes}" if codes else "There are none yet: run load_plans first."
        raise CommandError(f"No {name} {code}. {there}")
    return row
