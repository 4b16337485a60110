"""Any other address below the API."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from ibzplan.core.api.problems import problem_response


@login_not_required
@csrf_exempt
def unknown_address(request: HttpRequest, rest: str) -> HttpResponse:
    """Answer 404 as a problem, also in debug mode, where handler404 is not asked."""
    return problem_response(404, _("There is nothing at this address."))
