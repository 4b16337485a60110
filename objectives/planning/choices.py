"""States of plans and objectives (design.md section 6)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlanState(models.TextChoices):
    """The life of an operational plan, and of each objective in it."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    APPROVED = "approved", _("Approved")
    CLOSED = "closed", _("Closed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# Approved, and what follows on it: what everyone may see and nobody edits directly.
IN_FORCE = (PlanState.APPROVED, PlanState.CLOSED, PlanState.WITHDRAWN)


class WaitsFor(models.TextChoices):
    """On whose desk an objective lies on its way to approval; '' once it is approved."""

    PLANNER = "planner", _("Planner")
    HEAD = "head", _("Head of directorate")
    CORPORATE = "corporate", _("Corporate cell")
    COMMITTEE = "committee", _("Direction committee")


DRAFT_DESKS = (WaitsFor.PLANNER, WaitsFor.HEAD)
SUBMITTED_DESKS = (WaitsFor.CORPORATE, WaitsFor.COMMITTEE)


class Step(models.TextChoices):
    """What someone does with an objective on its way to approval; the history keeps the value."""

    HAND_OVER = "handed_over", _("Hand over to the head")
    SUBMIT = "submitted", _("Submit to the corporate cell")
    PASS_ON = "passed_on", _("Pass on to the direction committee")
    APPROVE = "approved", _("Approve")
    RETURN = "returned", _("Return to the planner")
    RETURN_TO_CORPORATE = "returned_to_corporate", _("Return to the corporate cell")
    TAKE_BACK = "taken_back", _("Take back")


# Steps that ask for a reason.
RETURNS = (Step.RETURN, Step.RETURN_TO_CORPORATE)


class Origin(models.TextChoices):
    """The political text that an objective carries out."""

    COALITION_AGREEMENT = "coalition_agreement", _("Coalition agreement")
    POLICY_STATEMENT = "policy_statement", _("Policy statement")
    POLICY_NOTE = "policy_note", _("Policy note")


class LineageKind(models.TextChoices):
    """How an objective goes on in another one."""

    CONTINUED = "continued", _("Continued")
    SPLIT = "split", _("Split")
    MERGED = "merged", _("Merged")


class MilestoneState(models.TextChoices):
    """How a milestone stands on a day."""

    DONE = "done", _("Done")
    DONE_LATE = "done_late", _("Done late")
    DUE = "due", _("Still to come")
    FORECAST_LATER = "forecast_later", _("Expected late")
    LATE = "late", _("Too late")


class RiskResponse(models.TextChoices):
    """What is done about a risk."""

    AVOID = "avoid", _("Avoid")
    REDUCE = "reduce", _("Reduce")
    TRANSFER = "transfer", _("Transfer")
    ACCEPT = "accept", _("Accept")


class AmendmentState(models.TextChoices):
    """The life of an amendment."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ChangeKind(models.TextChoices):
    """What a proposed change does to a plan in force."""

    CHANGE = "change", _("Change")
    ADD = "add", _("Add")
    WITHDRAW = "withdraw", _("Withdraw")
    SPLIT = "split", _("Split")
    MERGE = "merge", _("Merge")
    TARGET = "target", _("Other target")
    OWNER = "owner", _("Other owner")
    ACTIVITY = "activity", _("Activity")
    RISK = "risk", _("Risk")


# Kinds that speak of what hangs below an objective.
PART_KINDS = (ChangeKind.ACTIVITY, ChangeKind.RISK)


class EvaluationResult(models.TextChoices):
    """What became of an objective."""

    ACHIEVED = "achieved", _("Achieved")
    PARTLY = "partly", _("Partly achieved")
    NOT_ACHIEVED = "not_achieved", _("Not achieved")


class EvaluationState(models.TextChoices):
    """The life of a final evaluation."""

    DRAFT = "draft", _("Draft")
    HANDED_IN = "handed_in", _("Handed in")


class WorkbookState(models.TextChoices):
    """What happens to an uploaded workbook."""

    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked")
    APPLYING = "applying", _("Being applied")
    APPLIED = "applied", _("Applied")
    FAILED = "failed", _("Failed")


class StatusKind(models.TextChoices):
    """What a computed status is about."""

    OPERATIONAL_OBJECTIVE = "operational_objective", _("Operational objective")
    INDICATOR = "indicator", _("Indicator")


class LibraryUse(models.TextChoices):
    """Where a series of the library is used."""

    IN_FORCE = "in_force", _("In force this year")
    EARLIER = "earlier", _("Only in earlier years")
    DRAFT = "draft", _("In a draft")
