"""The first page after signing in, by role."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from objectives.planning.selectors.queues import has_queue, queue_count
from personnel.access import access_of, signed_in
from personnel.choices import Role


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Send each role to what it comes for: what waits for the user goes first."""
    access = access_of(request.user)
    if has_queue(access) and queue_count(signed_in(request.user)):
        return redirect("planning:queue")
    if access.has(Role.PLANNER, Role.HEAD) and not access.is_superuser:
        return redirect("planning:own_unit")
    if access.roles == {Role.STEERING_GROUP}:
        return redirect("security:overview")
    return redirect("reporting:dashboard")
