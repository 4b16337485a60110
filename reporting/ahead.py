"""What a process reads of the running plan when it starts: see `ibzplan.core.steady`."""

from django.utils import timezone

from ibzplan.core.clocks import Clocks
from objectives.planning.selectors.plan_years import current_plan
from personnel.access import Access
from personnel.choices import Role
from reporting.selectors import home, home_roles
from reporting.selectors.board import board
from reporting.selectors.dashboard import DashboardFilter
from reporting.selectors.standing import standing


def read_running_plan() -> None:
    """Read what the pages about the running plan have in common, whoever opens them."""
    plan, today = current_plan(None), timezone.localdate()
    if plan is None:
        return
    everything = Access(roles=frozenset({Role.AUDITOR}))
    board(filter_=DashboardFilter(plan), clocks=Clocks.now(), access=everything)
    standing(everything, None, today)
    home.next_dates(everything, today)
    home_roles.moves_lately(everything, None, today)
