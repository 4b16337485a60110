"""What a process reads of the running plan when it starts: see `ibzplan.core.steady`."""

from ibzplan.core.clocks import Clocks
from objectives.planning.selectors.plan_years import current_plan
from personnel.access import Access
from personnel.choices import Role
from reporting.selectors.board import board
from reporting.selectors.dashboard import DashboardFilter


def read_running_plan() -> None:
    """Read what the pages about the running plan have in common, whoever opens them."""
    plan = current_plan(None)
    if plan is not None:
        everything = Access(roles=frozenset({Role.AUDITOR}))
        board(filter_=DashboardFilter(plan), clocks=Clocks.now(), access=everything)
