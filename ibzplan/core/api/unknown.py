"""Any other address below the API."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from ibzplan.core.api.problems import problem_outside


@login_not_required
@csrf_exempt
def unknown_address(request: HttpRequest, rest: str) -> HttpResponse:
    """Answer 404 as a problem, whoever asks and by whichever method."""
    return problem_outside(404)
