"""Keeping and dropping what is typed, and who else is typing."""

from typing import TYPE_CHECKING, Final, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ibzplan.core.drafts.selectors import moment_text, others_editing
from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.forms import version_in
from ibzplan.core.services.drafts import draft_drop, draft_kind, draft_save

if TYPE_CHECKING:
    from personnel.models import User

_NOT_KEPT: Final = frozenset({"csrfmiddlewaretoken"})


@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, form: str, target: UUID) -> HttpResponse:
    """Keep what was typed (POST), or tell who else has unsaved text in this form (GET)."""
    user = cast("User", request.user)
    if request.method == "POST":
        return _keep(request, user, form, target)
    try:
        draft_kind(user, form, target)
    except NotAllowed as error:
        raise Http404 from error
    others = others_editing(user, form, target)
    return render(request, "core/includes/draft_others.html", {"others": others})


def _keep(request: HttpRequest, user: "User", form: str, target: UUID) -> HttpResponse:
    """Answer with a sentence, which the page shows beside the buttons."""
    data = {name: values for name, values in request.POST.lists() if name not in _NOT_KEPT}
    try:
        kept = draft_save(
            actor=user,
            form=form,
            target=target,
            data={name: [str(value) for value in values] for name, values in data.items()},
            base_version=version_in(request.POST.get("version", "")),
        )
    except NotAllowed as error:
        return HttpResponse(error.message, status=403, content_type="text/plain; charset=utf-8")
    except DomainError as error:
        return HttpResponse(error.message, status=413, content_type="text/plain; charset=utf-8")
    said = _("Kept at %(time)s, not saved yet") % {"time": moment_text(kept.saved_at)}
    return HttpResponse(said, content_type="text/plain; charset=utf-8")


@require_POST
def draft_dropping(request: HttpRequest, form: str, target: UUID) -> HttpResponse:
    """Forget one's own unsaved text and go back to the form."""
    if draft_drop(actor=cast("User", request.user), form=form, target=target):
        messages.success(request, _("What you had typed and not saved is dropped."))
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        back, {request.get_host()}, require_https=request.is_secure()
    ):
        back = reverse("home")
    return HttpResponseRedirect(back)  # an address, never the name of one
