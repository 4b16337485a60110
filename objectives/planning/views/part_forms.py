"""What the forms of the parts of an objective share: of its activities and its risks."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from ibzplan.core.drafts.selectors import draft_panel
from ibzplan.core.errors import DomainError
from ibzplan.core.forms import add_domain_error
from ibzplan.core.models import Record
from objectives.planning.forms.activities import PartWithdrawForm
from objectives.planning.models import OperationalObjective
from objectives.planning.views.drafting import typed_key
from objectives.planning.views.lookup import ObjectiveAccess
from objectives.planning.views.objectives import breadcrumb_of, closed_to_edits
from personnel.access import signed_in


def part_page(
    request: HttpRequest,
    objective: OperationalObjective,
    form: forms.Form,
    *,
    name: str,
    kinds: tuple[str, str],
    heading: str,
    part: Record | None = None,
    conflict: list[dict[str, str]] | None = None,
) -> HttpResponse:
    """Show the form of a part, of which the template `<name>_form.html` knows the fields.

    `kinds` are the drafts of a new part and of one that is there already.
    """
    key = part.uuid if part else typed_key(form["key"].value(), uuid4())
    draft = draft_panel(
        signed_in(request.user),
        kinds[1] if part else kinds[0],
        key,
        form,
        place="" if part else str(objective.uuid),
    )
    return render(
        request,
        f"planning/{name}_form.html",
        {
            "form": form,
            "objective": objective,
            "part": part,
            "heading": heading,
            "conflict": conflict,
            "draft": draft,
            "demo_mark": objective.is_demo,
            "breadcrumb": breadcrumb_of(objective, last=heading),
        },
    )


def saved(
    request: HttpRequest, objective: OperationalObjective, again: str, anchor: str
) -> HttpResponse:
    """Say that it is saved, and lead to the next empty form or back to the objective."""
    messages.success(request, _("Saved."))
    if "again" in request.POST:
        return redirect(again, uuid=objective.uuid)
    return back_to(objective, anchor)


def back_to(objective: OperationalObjective, anchor: str) -> HttpResponse:
    """Lead to a panel on the page of the objective."""
    answer = redirect("planning:objective", uuid=objective.uuid)
    answer["Location"] += f"#{anchor}"
    return answer


@dataclass(frozen=True, slots=True)
class WithdrawalTexts:
    """What the page says that asks why a part is withdrawn, and what is said once it is."""

    heading: str
    explanation: str
    done: str


def part_withdrawal(
    request: HttpRequest,
    found: ObjectiveAccess,
    withdraw: Callable[..., None],
    *,
    title: object,
    anchor: str,
    texts: WithdrawalTexts,
) -> HttpResponse:
    """Ask why, then take a part out of an open objective: `withdraw` is the service, which still
    takes who does it and why.
    """
    if closed := closed_to_edits(request, found):
        return closed
    objective = found.objective
    form = PartWithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw(actor=signed_in(request.user), reason=form.cleaned_data["reason"])
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, texts.done)
            return back_to(objective, anchor)
    return render(
        request,
        "planning/part_withdraw_form.html",
        {
            "form": form,
            "objective": objective,
            "heading": texts.heading,
            "part_title": title,
            "explanation": texts.explanation,
            "demo_mark": objective.is_demo,
            "breadcrumb": breadcrumb_of(objective, last=texts.heading),
        },
    )
