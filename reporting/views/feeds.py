"""The calendar feed of a user: its secret address, and what a calendar program reads there."""

import hashlib

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ibzplan.core.notifications.selectors import language_of, preference_of
from objectives.planning.models import OperationalPlan
from personnel.access import access_of, signed_in
from reporting.ical import feed_text
from reporting.models import CalendarFeed
from reporting.selectors.calendar import calendar_items, own_items
from reporting.services.feeds import (
    calendar_feed_make,
    calendar_feed_stop,
    calendar_feed_user,
)


@require_http_methods(["GET", "HEAD", "POST"])
def feed_address(request: HttpRequest) -> HttpResponse:
    """Show whether the user has an address; make a new one, which is shown this once."""
    user = signed_in(request.user)
    address = ""
    if request.method == "POST":
        secret = calendar_feed_make(actor=user)
        address = request.build_absolute_uri(reverse("reporting:feed", args=[secret]))
    response = render(
        request,
        "reporting/feed_address.html",
        {
            "address": address,
            "feed": CalendarFeed.objects.filter(user=user).first(),
            "breadcrumb": [
                {"label": _("Calendar"), "url": reverse("reporting:calendar")},
                {"label": _("In your own calendar"), "url": ""},
            ],
        },
    )
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def feed_stopping(request: HttpRequest) -> HttpResponse:
    """Let the user's address lead nowhere any more."""
    calendar_feed_stop(actor=signed_in(request.user))
    return redirect("reporting:feed_address")


@login_not_required
@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """Return the dates that concern the owner of the address, from last year on.

    The address is the key: a calendar program cannot sign in.
    """
    user = calendar_feed_user(secret=secret)
    if user is None:
        raise Http404
    year = timezone.localdate().year
    plans = list(OperationalPlan.objects.filter(year__gte=year - 1).select_related("plan"))
    access = access_of(user)
    with translation.override(language_of(preference_of(user))):
        content = feed_text(
            own_items(calendar_items(plans=plans, access=access), access),
            site=request.build_absolute_uri("/").rstrip("/"),
        )
    etag = quote_etag(hashlib.sha256(content).hexdigest())
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer = get_conditional_response(request, etag=etag, response=response) or response
    answer["ETag"] = etag
    answer["Cache-Control"] = "private, max-age=900"
    answer["Content-Disposition"] = 'inline; filename="ibzplan.ics"'
    answer["X-Robots-Tag"] = "noindex"
    return answer
