"""What every app's views share, and the pages that belong to no app."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ibzplan.core.errors import NotAllowed


@contextmanager
def refused_as_403() -> Iterator[None]:
    """Answer 403, in its own words, when a service refuses what is done inside.

    It stands inside a `try` that puts the other errors of a service on the page.
    """
    try:
        yield
    except NotAllowed as error:
        raise PermissionDenied(error.message) from error


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
