"""The panel "next step" of an objective: the desks, the buttons, the form that sends it back."""

from dataclasses import dataclass
from typing import Any

from ibzplan.core.clocks import Clocks
from ibzplan.core.comments.threads import comments_panel
from objectives.planning.choices import RETURNS, Step
from objectives.planning.forms.workflow import StepForm
from objectives.planning.models import OperationalObjective
from objectives.planning.remarks import reads_remarks
from objectives.planning.selectors.desks import DeskMark, desk_line
from objectives.planning.services.workflow import possible_steps
from objectives.planning.views.lookup import ObjectiveAccess
from personnel.models import User


@dataclass(frozen=True, slots=True)
class StepPanel:
    """What the panel shows; `steps` and `returns` are empty on a page of an earlier moment."""

    desks: list[DeskMark]
    steps: list[Step]
    returns: list[Step]
    form: StepForm


def step_context(
    shown: OperationalObjective,
    found: ObjectiveAccess,
    user: User,
    clocks: Clocks,
    *,
    bound: StepForm | None = None,
) -> dict[str, Any]:
    """Return the panel and the remarks: three queries, none for whoever may not read them.

    `shown` is the objective as it stood; `bound` what someone typed who could not send it back.
    """
    objective = found.objective
    if not reads_remarks(found.access, objective.unit_id):
        return {"step_panel": None, "comments": None}
    possible = [] if clocks.pinned_known else possible_steps(objective, found.access)
    panel = StepPanel(
        desk_line(shown, clocks.known_at),
        [step for step in possible if step not in RETURNS],
        [step for step in possible if step in RETURNS],
        bound or StepForm(initial={"version": objective.version}),
    )
    moment = clocks.moment_asked
    return {"step_panel": panel, "comments": comments_panel(objective, user, moment)}
