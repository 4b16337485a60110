"""The pages of API keys: one's own, for the corporate cell everyone's."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ibzplan.core.api.links import API_PATH
from ibzplan.core.errors import DomainError
from ibzplan.core.forms import add_domain_error
from ibzplan.core.models import ApiToken
from ibzplan.core.services.tokens import OVERLAP_HOURS
from ibzplan.core.views import refused_as_403
from personnel.access import Access, access_of, signed_in
from personnel.forms import ApiKeyForm
from personnel.key_rows import KeyRow, key_history, key_rows, keys_visible, works_first
from personnel.models import User
from personnel.services.api_keys import (
    has_keys,
    keeps_all_keys,
    key_make,
    key_revoke,
    key_rotate,
)

PER_PAGE: Final = 50


def _reader(request: HttpRequest) -> tuple[User, Access]:
    """Return who asks. Raises PermissionDenied without a role."""
    access = access_of(request.user)
    if not has_keys(access):
        raise PermissionDenied
    return signed_in(request.user), access


def _row(request: HttpRequest, uuid: UUID) -> KeyRow:
    """Return a key that the user may look at. Raises Http404."""
    user, access = _reader(request)
    token = get_object_or_404(keys_visible(user, access), uuid=uuid)
    return key_rows([token], user, access, timezone.now())[0]


def _trail(*labels: str) -> list[dict[str, str]]:
    own = [{"label": _("API keys"), "url": reverse("personnel:api_keys")}]
    return [*own, *({"label": label, "url": ""} for label in labels)]


@require_safe
def key_list(request: HttpRequest) -> HttpResponse:
    """Show the keys, those that work first."""
    user, access = _reader(request)
    now = timezone.now()
    rows = works_first(keys_visible(user, access), now)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": key_rows(page.object_list, user, access, now),
        "page": page,
        "usable": rows.filter(revoked_at=None).exclude(expires_at__lte=now).count(),
        "keeps_all": keeps_all_keys(access),
    }
    return render(request, "personnel/key_list.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def key_new(request: HttpRequest) -> HttpResponse:
    """Make a key, and show it this once."""
    user, _access = _reader(request)
    form = ApiKeyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            with refused_as_403():
                token, key = key_make(actor=user, sheet=form.sheet())
        except DomainError as error:
            add_domain_error(form, error)
        else:
            return _made(request, token, key)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "breadcrumb": _trail(_("New key"))}
    return render(request, "personnel/key_form.html", context, status=status)


def _made(request: HttpRequest, token: ApiToken, key: str) -> HttpResponse:
    user, access = _reader(request)
    context = {
        "row": key_rows([token], user, access, timezone.now())[0],
        "key": key,
        "example": request.build_absolute_uri(f"/{API_PATH}/indicators"),
        "overlap_hours": OVERLAP_HOURS,
        "breadcrumb": _trail(token.name),
    }
    return render(request, "personnel/key_made.html", context)


@require_safe
def key_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show what a key may do, how it stands and what happened with it."""
    row = _row(request, uuid)
    context = {
        "row": row,
        "history": key_history(row.token),
        "breadcrumb": _trail(row.token.name),
    }
    return render(request, "personnel/key_detail.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def key_renewal(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Give a new key in the place of one, after a question; show it this once."""
    row = _row(request, uuid)
    if request.method != "POST":
        return _question(request, row, "rotate", allowed=row.may_rotate)
    try:
        with refused_as_403():
            token, key = key_rotate(actor=signed_in(request.user), token=row.token)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("personnel:api_key", uuid=uuid)
    return _made(request, token, key)


@require_http_methods(["GET", "HEAD", "POST"])
def key_end(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """End a key, after a question."""
    row = _row(request, uuid)
    if request.method != "POST":
        return _question(request, row, "revoke", allowed=row.may_revoke)
    with refused_as_403():
        is_new = key_revoke(actor=signed_in(request.user), token=row.token)
    if is_new:
        messages.success(request, _("The key is ended: it opens nothing any more."))
    else:
        messages.info(request, _("This key was ended before."))
    return redirect("personnel:api_key", uuid=uuid)


def _question(request: HttpRequest, row: KeyRow, step: str, *, allowed: bool) -> HttpResponse:
    """Ask whether it is meant; who may not, or cannot any more, is led back to the key."""
    if not allowed:
        messages.warning(request, _("This cannot be done with this key."))
        return redirect("personnel:api_key", uuid=row.token.uuid)
    context = {
        "row": row,
        "step": step,
        "overlap_hours": OVERLAP_HOURS,
        "breadcrumb": _trail(row.token.name),
    }
    return render(request, "personnel/key_question.html", context)
