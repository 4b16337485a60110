"""What planners say to the findings of the SMART check, and what stops a submission."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError, EditConflict
from ibzplan.core.selectors import last_instant
from ibzplan.core.services import history_record, next_instant
from objectives.indicators.models import Indicator
from objectives.planning.models import OperationalObjective, SmartMotivation
from objectives.planning.selectors.smart import (
    EVERYTHING,
    MotivatedFinding,
    SmartReading,
    smart_readings,
)
from objectives.planning.services.links import must_be_open, must_plan_for, raise_version
from objectives.planning.smart_texts import MOTIVATED, place_label, rule_label
from personnel.models import User


def smart_now(objective: OperationalObjective, at: datetime) -> SmartReading:
    """Return what the check says of an objective on the day of an instant that the caller took.

    Everything that was recorded counts, nothing is left out.
    """
    current = OperationalObjective.objects.select_related("plan", "unit").get(pk=objective.pk)
    clocks = Clocks(timezone.localdate(at), max(at, last_instant() or at))
    return smart_readings([current], clocks=clocks, access=EVERYTHING)[0]


def must_be_smart(objective: OperationalObjective, at: datetime) -> None:
    """Refuse to submit what has a blocking finding, or an advisory one that nobody motivated.

    Raises DomainError that names them all: `smart_blocking` when one stops the submission, else
    `smart_unmotivated`.
    """
    reading = smart_now(objective, at)
    blocking, open_ones = reading.blocking, reading.unmotivated
    parts = []
    if blocking:
        parts.append(
            _("The SMART check stops the submission. Mend first: %(findings)s.")
            % {"findings": _named(blocking, reading)}
        )
    if open_ones:
        parts.append(
            _("The SMART check asks for a motivation, or to mend: %(findings)s.")
            % {"findings": _named(open_ones, reading)}
        )
    if parts:
        raise DomainError("smart_blocking" if blocking else "smart_unmotivated", " ".join(parts))


def _named(findings: Iterable[MotivatedFinding], reading: SmartReading) -> str:
    """Return 'vague words (Dutch title); no interim target (Occupancy)', each once."""
    names = []
    for one in findings:
        label, code = rule_label(one.finding.rule), one.key.indicator
        place = place_label(one.finding) or (reading.indicators[code].title if code else "")
        names.append(f"{label} ({place})" if place else label)
    return "; ".join(dict.fromkeys(names))


@transaction.atomic
def smart_motivate(
    *,
    actor: User,
    objective: OperationalObjective,
    words: Mapping[str, str],
    expected_version: int | None = None,
) -> int:
    """Record the motivations of advisory findings, by their token; return how many changed.

    '' takes the earlier word back; a finding that is not named keeps its own. Raises NotAllowed
    for whoever does not plan for the unit, DomainError when the objective is in force or one of
    the findings is no longer there, EditConflict when someone changed the objective meanwhile.
    """
    must_plan_for(actor, objective.unit)
    at = next_instant()  # takes the lock, so that what follows cannot be overtaken
    must_be_open(objective)
    current = OperationalObjective.objects.select_for_update().get(pk=objective.pk)
    if expected_version is not None and expected_version != current.version:
        raise EditConflict(_("Someone else changed this while you were working."), {})
    findings = {one.key.token: one for one in smart_now(objective, at).advisory}
    if words.keys() - findings.keys():
        raise DomainError(
            "finding_gone",
            _("One of the findings is no longer there. Look at the others and save again."),
        )
    changed = [
        (findings[token], text.strip())
        for token, text in words.items()
        if text.strip() != _word(findings[token])
    ]
    for finding, text in changed:
        _record(actor=actor, objective=objective, finding=finding, text=text, at=at)
    if changed:
        raise_version(objective)
    return len(changed)


def _word(finding: MotivatedFinding) -> str:
    return finding.motivation.reason if finding.motivation else ""


def _record(
    *,
    actor: User,
    objective: OperationalObjective,
    finding: MotivatedFinding,
    text: str,
    at: datetime,
) -> None:
    key = finding.key
    SmartMotivation.objects.create(
        objective=objective,
        rule=key.rule,
        language=key.language,
        indicator=Indicator.objects.get(code=key.indicator) if key.indicator else None,
        answers=key.answers,
        reason=text,
        recorded_by=actor,
        recorded_at=at,
        is_demo=objective.is_demo,
    )
    place = ":".join(part for part in (key.language, key.indicator) if part)
    history_record(
        actor=actor,
        target=objective,
        action=f"{MOTIVATED}{key.rule}",
        changes={f"motivation {place}".strip(): (_word(finding), text)},
        reason=text,
        at=at,
    )
