"""Pages that belong to no app: accessibility statement, how statuses are read."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Show the accessibility statement."""
    return render(request, "core/accessibility.html")


@login_not_required
@require_safe
def status_rules(request: HttpRequest) -> HttpResponse:
    """Show how the statuses are worked out."""
    return render(request, "core/status_rules.html")
