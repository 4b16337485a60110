"""Errors of the API while developing: in debug mode Django shows pages of its own for them."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from ibzplan.core.api.problems import PROBLEM_TYPE, is_api, problem_outside


class ProblemsInDebugMiddleware:
    """Answer machines with a problem where debug mode has a page; the log keeps the traceback."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request; of an error below the API say no more than without debug mode."""
        response = self.get_response(request)
        is_problem = response.headers.get("Content-Type") == PROBLEM_TYPE
        if settings.DEBUG and response.status_code >= 400 and not is_problem and is_api(request):
            return problem_outside(response.status_code)
        return response
