"""The page "waiting for you", and one step with many objectives of it."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from objectives.planning.forms.workflow import BulkStepForm
from objectives.planning.models import OperationalObjective
from objectives.planning.selectors.queues import queue_of
from objectives.planning.services import objectives_move
from objectives.planning.services.workflow import MoveResult
from personnel.access import access_of, signed_in

# What holds UUID and version of an objective together in a check box.
_MARK: Final = "@"


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Show what waits for the user, by kind."""
    return _page(request)


def _page(
    request: HttpRequest,
    *,
    refused: Sequence[MoveResult] = (),
    picked: Sequence[str] = (),
    step: str = "",
    error: str = "",
) -> HttpResponse:
    """Show the page; `error` stands at the list of `step`, in which `picked` stay ticked."""
    groups = queue_of(signed_in(request.user))
    total = sum(len(group.rows) for group in groups)
    request.things_waiting = total  # type: ignore[attr-defined] # for the navigation
    context = {
        "groups": groups,
        "total": total,
        "late": sum(row.is_late for group in groups for row in group.rows),
        "refused": refused,
        "picked": set(picked),
        "error_step": step,
        "error": error,
        "demo_mark": signed_in(request.user).is_demo,
    }
    return render(request, "planning/queue.html", context, status=422 if error else 200)


@require_POST
def queue_step(request: HttpRequest) -> HttpResponse:
    """Take one step with the ticked objectives; tell which went, and why the others did not."""
    picked = request.POST.getlist("pick")
    wanted = {uuid: version for uuid, version in map(_read, picked) if uuid is not None}
    form = BulkStepForm(request.POST, offered=[one for one in picked if _read(one)[0]])
    if not form.is_valid():
        error = " ".join(str(message) for found in form.errors.values() for message in found)
        return _page(request, picked=picked, step=request.POST.get("step", ""), error=error)
    rows = (
        OperationalObjective.objects.visible_to(access_of(request.user))
        .filter(uuid__in=wanted)
        .select_related("plan", "unit")
        .order_by("plan__year", "unit__order", "werf__order", "code", "pk")
    )
    results = objectives_move(
        actor=signed_in(request.user),
        objectives=[(row, wanted[row.uuid]) for row in rows],
        step=form.cleaned_data["step"],
    )
    _tell_moved(request, [one.objective.code for one in results if not one.refused])
    refused = [one for one in results if one.refused]
    return _page(request, refused=refused) if refused else redirect("planning:queue")


def _tell_moved(request: HttpRequest, codes: Sequence[str]) -> None:
    if codes:
        text = ngettext(
            "%(n)s objective went on: %(codes)s.",
            "%(n)s objectives went on: %(codes)s.",
            len(codes),
        )
        messages.success(request, text % {"n": len(codes), "codes": ", ".join(codes)})
    else:
        messages.error(request, _("Nothing went on."))


def _read(text: str) -> tuple[UUID | None, int]:
    """Return the UUID and version that a check box names; None for what is not one."""
    uuid, _mark, version = text.partition(_MARK)
    try:
        return UUID(uuid), int(version)
    except ValueError:
        return None, 0
