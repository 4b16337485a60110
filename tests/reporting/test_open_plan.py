"""`open_plan`: a year that directorates can plan in, without demo data."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from ibzplan.core.models import HistoryEntry
from objectives.planning.models import OperationalPlan
from objectives.planning.services import ObjectiveSheet, objective_create
from objectives.strategy.models import Plan
from tests.factories import Ministry, text


def open_plan(*arguments: str) -> str:
    out = StringIO()
    call_command("open_plan", *arguments, stdout=out)
    return out.getvalue()


def test_a_planner_plans_in_the_year_that_was_opened(ministry: Ministry) -> None:
    assert "2027 is open (draft)" in open_plan("2027")

    plan = OperationalPlan.objects.get(year=2027)
    entry = HistoryEntry.objects.get(target_uuid=plan.uuid)
    assert (entry.actor, entry.action) == (None, "created")
    objective = objective_create(
        actor=ministry.users["planner_adcv"],
        plan=plan,
        werf=ministry.werf,
        unit=ministry.adcv,
        sheet=ObjectiveSheet(
            title=text("Doel"), starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31)
        ),
    )
    assert objective.code == "2.6.1"


def test_approved_from_the_start(ministry: Ministry) -> None:
    open_plan("2027", "--approved")

    plan = OperationalPlan.objects.get(year=2027)
    assert (plan.state, plan.approved_on) == ("approved", timezone.localdate())


def test_a_plan_that_is_there_is_left_alone(ministry: Ministry) -> None:
    said = open_plan("2026")

    assert "is there already (approved)" in said
    assert OperationalPlan.objects.get() == ministry.year


def test_a_year_outside_the_strategic_plan_and_no_plan_at_all(ministry: Ministry) -> None:
    with pytest.raises(CommandError, match="2031"):
        open_plan("2031")

    OperationalPlan.objects.all().delete()
    ministry.werf.objective.werven.all().delete()
    ministry.werf.objective.delete()
    Plan.objects.all().delete()
    with pytest.raises(CommandError, match="load_plans"):
        open_plan("2027")
