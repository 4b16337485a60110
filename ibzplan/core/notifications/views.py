"""The page of what a user was told, and the one of how they want to be told."""

from typing import TYPE_CHECKING, Final, cast
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ibzplan.core.errors import DomainError
from ibzplan.core.forms import add_domain_error
from ibzplan.core.models import Notification
from ibzplan.core.notifications.forms import PreferenceForm
from ibzplan.core.notifications.registry import told
from ibzplan.core.notifications.selectors import (
    notifications_of,
    preference_of,
    unread_count,
)
from ibzplan.core.services.notifications import (
    notification_preference_set,
    notification_read,
    notifications_read_all,
)

if TYPE_CHECKING:
    from personnel.models import User

PER_PAGE: Final = 50


def _account(request: HttpRequest) -> "User":
    return cast("User", request.user)  # the middleware lets no one else in


@require_safe
def notification_list(request: HttpRequest) -> HttpResponse:
    """Show what the user was told, newest first, unread ones marked."""
    user = _account(request)
    page = Paginator(notifications_of(user), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "core/notifications.html",
        {
            "rows": [(row, told(row)) for row in page.object_list],
            "page": page,
            "unread": unread_count(user),
            "preference": preference_of(user),
        },
    )


@require_POST
def notification_reading(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Mark one message as read; `open` in the form leads on to what it is about."""
    user = _account(request)
    row = Notification.objects.filter(user=user, uuid=uuid).first()
    if row is None:
        raise Http404
    notification_read(actor=user, uuid=uuid)
    url = told(row).url if "open" in request.POST else ""
    return redirect(url or reverse("notifications"))


@require_POST
def notification_reading_all(request: HttpRequest) -> HttpResponse:
    """Mark all messages as read."""
    notifications_read_all(actor=_account(request))
    return redirect("notifications")


@require_http_methods(["GET", "HEAD", "POST"])
def notification_preferences(request: HttpRequest) -> HttpResponse:
    """Show and keep how the user wants to be told."""
    user = _account(request)
    preference = preference_of(user)
    form = PreferenceForm(
        request.POST if request.method == "POST" else None,
        initial={"is_muted": preference.is_muted, "language": preference.language},
    )
    if form.is_valid():
        try:
            notification_preference_set(actor=user, **form.cleaned_data)
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, _("It is kept how you want to be told."))
            return redirect("notification_preferences")
    return render(
        request,
        "core/notification_preferences.html",
        {
            "form": form,
            "address": user.email,
            "breadcrumb": [
                {"label": _("Messages"), "url": reverse("notifications")},
                {"label": _("How you are told"), "url": ""},
            ],
        },
        status=422 if request.method == "POST" else 200,
    )
