"""The first page after signing in, by role."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from personnel.access import access_of
from personnel.choices import Role


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Send each role to what it comes for."""
    access = access_of(request.user)
    if access.has(Role.PLANNER, Role.HEAD) and not access.is_superuser:
        return redirect("planning:own_unit")
    if access.roles == {Role.STEERING_GROUP}:
        return redirect("security:overview")
    return redirect("reporting:dashboard")
