"""`manage.py open_plan YEAR [--approved]`."""

from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from ibzplan.core.errors import DomainError
from objectives.planning.choices import PlanState
from objectives.planning.models import OperationalPlan
from objectives.planning.services import operational_plan_create
from objectives.strategy.models import Plan

STRATEGIC_PLAN_CODE: Final = "SP2025"


class Command(BaseCommand):
    """Open the operational plan of a year."""

    help = (
        "Opens the operational plan of a year, in which directorates enter their objectives. "
        "A plan that is there already is left alone."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the year, and whether the plan was approved already, elsewhere."""
        parser.add_argument("year", type=int)
        parser.add_argument(
            "--approved",
            action="store_true",
            help="taken over from elsewhere as approved today; the committee puts it in force",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Open it, or say that it is there."""
        year, approved = options["year"], options["approved"]
        plan = Plan.objects.filter(code=STRATEGIC_PLAN_CODE).first()
        if plan is None:
            raise CommandError(
                f"There is no plan {STRATEGIC_PLAN_CODE}. Load the plans first: "
                "manage.py load_plans"
            )
        found = OperationalPlan.objects.filter(plan=plan, year=year).first()
        if found:
            of_demo = " of the demo" if found.is_demo else ""
            self.stdout.write(f"The plan of {year}{of_demo} is there already ({found.state}).")
            return
        try:
            made = operational_plan_create(
                actor=None,
                plan=plan,
                year=year,
                state=PlanState.APPROVED if approved else PlanState.DRAFT,
                approved_on=timezone.localdate() if approved else None,
            )
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"The plan of {year} is open ({made.state}).")
