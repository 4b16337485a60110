"""Following a record and stopping, from the button on its page."""

from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ibzplan.core.errors import NotAllowed
from ibzplan.core.services.follows import follow, unfollow

if TYPE_CHECKING:
    from personnel.models import User


@require_POST
def following(request: HttpRequest, type_name: str, uuid: UUID) -> HttpResponse:
    """Follow a record, or stop when the form says so; back to the page that asked."""
    actor = cast("User", request.user)  # the middleware lets no one else in
    if request.POST.get("following") == "no":
        if unfollow(actor=actor, type_name=type_name, uuid=uuid):
            messages.success(request, _("You do not follow this any more."))
    else:
        try:
            is_new = follow(actor=actor, type_name=type_name, uuid=uuid)
        except NotAllowed as error:
            raise Http404 from error
        if is_new:
            messages.success(
                request, _("You follow this. What changes is told to you, once a day at most.")
            )
    return HttpResponseRedirect(_back(request))


def _back(request: HttpRequest) -> str:
    address = request.POST.get("next", "")
    is_own = url_has_allowed_host_and_scheme(
        address, {request.get_host()}, require_https=request.is_secure()
    )
    return address if is_own else reverse("home")
