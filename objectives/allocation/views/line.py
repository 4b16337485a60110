"""One line: the objectives that count on it, and the forms to add, change and withdraw a share."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ibzplan.core.asked import clocks_asked
from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError, EditConflict
from ibzplan.core.forms import add_domain_error, offer_again, typed_text
from ibzplan.core.views import refused_as_403
from objectives.allocation.forms import AllocationForm, ShareForm, WithdrawalForm
from objectives.allocation.selectors import (
    AllocationBook,
    LineUse,
    Part,
    Pool,
    allocation_book,
    findings_of,
)
from objectives.allocation.selectors.history import line_history
from objectives.allocation.selectors.lines import added
from objectives.allocation.selectors.structure import withdrawn_from
from objectives.allocation.services import (
    allocation_set,
    allocation_withdraw,
    kept_text,
    may_allocate,
    may_allocate_of,
    may_change_now,
)
from objectives.allocation.share_texts import share_text
from objectives.allocation.views.asked import line_or_404, line_url, trail, year_asked
from objectives.planning.models import OperationalObjective
from objectives.planning.selectors.plan_years import years_latest_first
from personnel.access import Access, access_of, signed_in
from personnel.choices import Statute


@require_safe
def line_detail(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """Show a line with its parts, to the cent, and what is left of it."""
    clocks, access = clocks_asked(request), access_of(request.user)
    year = year_asked(request, clocks)
    book = allocation_book(year, clocks, access)
    use = line_or_404(book, kind, code)
    may_write = may_allocate_of(access, use.unit) and not clocks.pinned_known
    offered = _offered(book, use, access) if may_write else []
    return render(
        request,
        "allocation/line.html",
        {
            "use": use,
            "line": use.line,
            "pools": [_shown(pool, use, access, may_write=may_write) for pool in _pools(use)],
            "findings": list(findings_of(use)),
            "history": line_history(book, use),
            "year": year,
            "years": years_latest_first() or [year],
            "clocks": clocks,
            "may_add": bool(offered),
            "lacks_objectives": may_write and not offered,
            "demo_mark": any(part.allocation.is_demo for part in use.parts),
            "breadcrumb": trail(year, (str(use.line.title), "")),
        },
    )


def _pools(use: LineUse) -> list[Pool]:
    """Return the pools to show: not that of all people where only statutes are divided."""
    return [
        pool for pool in use.pools if pool.parts or pool is not use.whole or len(use.pools) == 1
    ]


def _shown(pool: Pool, use: LineUse, access: Access, *, may_write: bool) -> dict[str, Any]:
    """Return a pool with its parts by name; those that the reader may not see are one row."""
    hidden = [part for part in pool.parts if part.objective is None]
    return {
        "pool": pool,
        "rows": [
            {
                "part": part,
                "objective": part.objective,
                "may_change": may_write
                and may_change_now(access, part.objective)
                and may_allocate(access, use.unit, part.objective),
            }
            for part in pool.parts
            if part.objective is not None
        ],
        "hidden": hidden,
        "hidden_share": sum((part.share for part in hidden), Fraction(0)),
        "hidden_amounts": added([part.amounts for part in hidden]),
    }


def _offered(book: AllocationBook, use: LineUse, access: Access) -> list[int]:
    """Return the keys of the objectives to which the user may allocate of the line now."""
    return [
        key
        for key, row in book.objectives.items()
        if may_change_now(access, row) and may_allocate(access, use.unit, row)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def allocation_new(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """Allocate a share of a line to an objective that has none of it."""
    book, use, access = _to_write(request, kind, code)
    asked = {name: request.GET.get(name, "") for name in ("objective", "share")}
    form = AllocationForm(
        request.POST or None,
        kind=use.kind,
        offered=_offered(book, use, access),
        initial={"version": 0, **asked},
    )
    conflict: list[dict[str, str]] = []
    if request.method == "POST" and form.is_valid():
        statute = form.cleaned_data.get("statute", Statute.ALL.value)
        done, conflict = _save(request, form, use, form.cleaned_data["objective"], statute)
        if done:
            return redirect(line_url(use, book.year))
    return _form_page(
        request, form, use, book, heading=_("Allocate of this line"), conflict=conflict
    )


@require_http_methods(["GET", "HEAD", "POST"])
def allocation_edit(request: HttpRequest, kind: str, code: str, uuid: UUID) -> HttpResponse:
    """Change a share; after a conflict both versions stand side by side."""
    book, use, access = _to_write(request, kind, code)
    if gone := _gone(request, book, use, uuid):
        return gone
    pool, part = _part_or_404(use, uuid)
    if closed := _closed(request, book, use, part, access):
        return closed
    form = ShareForm(request.POST or None, initial=ShareForm.initial_of(part))
    conflict: list[dict[str, str]] = []
    if request.method == "POST" and form.is_valid():
        done, conflict = _save(request, form, use, _objective(part), pool.statute)
        if done:
            return redirect(line_url(use, book.year))
    return _form_page(
        request, form, use, book, heading=_("Change the share"), conflict=conflict, part=part
    )


@require_http_methods(["GET", "HEAD", "POST"])
def allocation_withdrawal(request: HttpRequest, kind: str, code: str, uuid: UUID) -> HttpResponse:
    """Take a share back."""
    book, use, access = _to_write(request, kind, code)
    if gone := _gone(request, book, use, uuid):
        return gone
    _pool, part = _part_or_404(use, uuid)
    if closed := _closed(request, book, use, part, access):
        return closed
    form = WithdrawalForm(request.POST or None, initial={"version": part.allocation.version})
    if request.method == "POST" and form.is_valid():
        try:
            with refused_as_403():
                allocation_withdraw(
                    actor=signed_in(request.user),
                    allocation=part.allocation,
                    reason=form.cleaned_data["reason"],
                    expected_version=form.cleaned_data["version"],
                )
        except EditConflict as error:
            form.add_error(None, error.message)
            offer_again(form, version=str(error.theirs.get("version", 0)))
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, _("The share is withdrawn."))
            return redirect(line_url(use, book.year))
    return _form_page(
        request, form, use, book, heading=_("Withdraw the share"), part=part, is_withdrawal=True
    )


def _to_write(request: HttpRequest, kind: str, code: str) -> tuple[AllocationBook, LineUse, Access]:
    """Return the line as it is now, or raise 404, or PermissionDenied for who only reads."""
    clocks, access = Clocks.now(), access_of(request.user)
    book = allocation_book(year_asked(request, clocks), clocks, access)
    use = line_or_404(book, kind, code)
    if not may_allocate_of(access, use.unit):
        raise PermissionDenied
    return book, use, access


def _gone(
    request: HttpRequest, book: AllocationBook, use: LineUse, uuid: UUID
) -> HttpResponse | None:
    """Return where a request leads that speaks of a share that someone withdrew meanwhile.

    What was typed for another share goes along into an empty form.
    """
    objective = book.objectives.get(withdrawn_from(use.line, uuid) or 0)
    if objective is None:
        return None
    messages.info(request, _("Someone withdrew this share meanwhile."))
    typed = typed_text(request, "share")
    if not typed:
        return redirect(line_url(use, book.year))
    query = urlencode({"year": book.year, "objective": objective.uuid, "share": typed})
    path = reverse("allocation:new", args=[use.kind.value, use.line.code])
    return redirect(f"{path}?{query}")


def _part_or_404(use: LineUse, uuid: UUID) -> tuple[Pool, Part]:
    """Return a part of an objective that the user sees, with its pool, or raise 404."""
    for pool in use.pools:
        for part in pool.parts:
            if part.allocation.uuid == uuid and part.objective is not None:
                return pool, part
    raise Http404


def _objective(part: Part) -> OperationalObjective:
    assert part.objective is not None  # noqa: S101 (_part_or_404 gives no other)
    return part.objective


def _closed(
    request: HttpRequest, book: AllocationBook, use: LineUse, part: Part, access: Access
) -> HttpResponse | None:
    """Return where a request leads that changes means which stay as they are."""
    objective = _objective(part)
    if not may_allocate(access, use.unit, objective):
        raise PermissionDenied
    if may_change_now(access, objective):
        return None
    messages.error(request, kept_text(objective))
    return redirect(line_url(use, book.year))


def _save(
    request: HttpRequest,
    form: ShareForm,
    use: LineUse,
    objective: OperationalObjective,
    statute: str,
) -> tuple[bool, list[dict[str, str]]]:
    """Save what was typed; return whether it was taken, and both versions after a conflict."""
    try:
        with refused_as_403():
            allocation_set(
                actor=signed_in(request.user),
                line=use.line,
                objective=objective,
                share=form.cleaned_data["share"],
                statute=statute,
                reason=form.cleaned_data["reason"],
                expected_version=form.cleaned_data["version"] or 0,
            )
    except EditConflict as error:
        form.add_error(None, error.message)
        return False, _beside(form, error.theirs)
    except DomainError as error:
        add_domain_error(form, error)
        return False, []
    messages.success(request, _("Saved."))
    return True, []


def _beside(form: ShareForm, theirs: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return both versions; saving again puts what was typed in the place of the other one."""
    offer_again(form, version=str(theirs["version"]))
    stored = theirs["share"]
    shown = _("not allocated") if stored is None else share_text(stored)
    mine = share_text(form.cleaned_data["share"])
    label = str(form.fields["share"].label)
    return [{"label": label, "theirs": shown, "mine": mine}] if shown != mine else []


def _form_page(
    request: HttpRequest,
    form: forms.Form,
    use: LineUse,
    book: AllocationBook,
    *,
    heading: str,
    conflict: list[dict[str, str]] | None = None,
    part: Part | None = None,
    is_withdrawal: bool = False,
) -> HttpResponse:
    """Return the page of a form about a line."""
    back = line_url(use, book.year)
    return render(
        request,
        "allocation/form.html",
        {
            "form": form,
            "heading": heading,
            "use": use,
            "year": book.year,
            "part": part,
            "pools": _pools(use),
            "conflict": conflict,
            "is_withdrawal": is_withdrawal,
            "back": back,
            "demo_mark": use.line.is_demo,
            "breadcrumb": trail(book.year, (str(use.line.title), back), (heading, "")),
        },
        status=422 if form.errors else 200,
    )
