"""What may change in the list of operational plans: its change feed."""

from ibzplan.core.api.feed_window import Feed, Tells, changed, created, touching
from objectives.planning.feeds.before import steps_of
from objectives.planning.models import OperationalPlan

PLANS = Feed(
    (
        created(OperationalPlan),
        touching(OperationalPlan, changed(OperationalPlan)),
        touching(OperationalPlan, steps_of(OperationalPlan), tells=Tells.ALWAYS),
    )
)
