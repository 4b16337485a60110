"""The translation queue, and one text of it."""

from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from ibzplan.core.errors import DomainError, EditConflict
from ibzplan.core.forms import typed_text
from ibzplan.core.localised import STATE_MISSING, STATE_OUTDATED, STATE_UNOFFICIAL
from ibzplan.core.services import translation_save
from ibzplan.core.translations import (
    LANGUAGES,
    WaitingText,
    source_of,
    text_waiting,
    translated_record,
)
from ibzplan.core.views import refused_as_403
from personnel.access import access_of, signed_in
from reporting.selectors.translations import (
    PLAN,
    QueueFilter,
    TranslationQueue,
    translates,
    translation_queue,
)

ROWS_PER_PAGE: Final = 20

STATES: Final[dict[str, Promise]] = {
    STATE_MISSING: gettext_lazy("missing"),
    STATE_OUTDATED: gettext_lazy("outdated"),
    STATE_UNOFFICIAL: gettext_lazy("not approved yet"),
}
NAMES: Final[dict[str, Promise]] = {"nl": gettext_lazy("Dutch"), "fr": gettext_lazy("French")}


class TranslationForm(forms.Form):
    """A translation, with the mark of the text that it was made from."""

    text = forms.CharField(
        widget=forms.Textarea,
        error_messages={"required": gettext_lazy("Type the translation.")},
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    next = forms.CharField(widget=forms.HiddenInput, required=False)


@require_safe
def translation_list(request: HttpRequest) -> HttpResponse:
    """List what waits for the user's translation, with a box beside each original."""
    access = access_of(request.user)
    if not translates(access):
        raise PermissionDenied
    asked = QueueFilter(
        unit=request.GET.get("unit", ""),
        kind=request.GET.get("kind", ""),
        language=request.GET.get("language", ""),
        state=request.GET.get("state", ""),
    )
    queue = translation_queue(access, asked)
    page = Paginator(queue.rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "reporting/translation_list.html",
        {
            "queue": queue,
            "page": page,
            "rows": [_shown(row) for row in page.object_list],
            "asked": asked,
            "is_filtered": asked != QueueFilter(),
            "choices": _choices(queue),
            "table": _table(queue),
            "PLAN": PLAN,
            "here": request.get_full_path(),
            "demo_mark": any(row.of.record.is_demo for row in page.object_list),
        },
    )


def _shown(row: WaitingText, **more: Any) -> dict[str, Any]:
    """Return what a template needs to show a text with its box."""
    record = row.of.record
    write_url = row.source.write_url
    return {
        "row": row,
        "id": f"{row.source.kind}-{record.uuid}-{row.field}-{row.language}",
        "state": STATES.get(row.state, _("approved")),
        "from_name": NAMES[row.original_language],
        "to_name": NAMES[row.language],
        "lines": min(12, max(2, len(row.original) // 60 + 1)),
        "typed": row.translation,
        "write_url": write_url(record) if write_url else "",
        "url": reverse(
            "reporting:translation", args=[row.source.kind, record.uuid, row.field, row.language]
        ),
        **more,
    }


def _choices(queue: TranslationQueue) -> dict[str, list[tuple[str, Any]]]:
    """Return the values of each filter with what they are called."""
    return {
        "unit": [(row.unit, _unit_name(row.unit)) for row in queue.table],
        "kind": [(source.kind, source.label) for source in queue.kinds],
        "language": list(NAMES.items()),
        "state": list(STATES.items()),
    }


def _unit_name(unit: str) -> str:
    return _("The plans themselves") if unit == PLAN else unit


def _table(queue: TranslationQueue) -> list[dict[str, Any]]:
    """Return the counts, each with the address of what it counts."""
    base = reverse("reporting:translations")
    return [
        {
            "name": _unit_name(row.unit),
            "url": f"{base}?{urlencode({'unit': row.unit})}#texts",
            "total": row.total,
            "cells": [
                {
                    "count": count,
                    "url": f"{base}?{urlencode({'unit': row.unit, 'kind': source.kind})}#texts",
                }
                for source, count in zip(queue.kinds, row.counts, strict=True)
            ],
        }
        for row in queue.table
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def translation_form(
    request: HttpRequest, kind: str, uuid: UUID, field: str, language: str
) -> HttpResponse:
    """Translate one text; when it changed meanwhile, show both versions side by side."""
    row = _text_or_404(request, kind, uuid, field, language)
    if request.method != "POST":
        return _form_page(request, row)
    form = TranslationForm(request.POST)
    typed = typed_text(request, "text")
    if not form.is_valid():
        return _form_page(request, row, typed=typed, error=str(form.errors["text"][0]))
    try:
        with refused_as_403():
            translation_save(
                actor=signed_in(request.user),
                access=access_of(request.user),
                source=row.source,
                record=row.of.record,
                field=field,
                language=language,
                text=form.cleaned_data["text"],
                approve=request.POST.get("action") == "approve",
                seen=form.cleaned_data["seen"],
            )
    except EditConflict as error:
        row = _text_or_404(request, kind, uuid, field, language)
        return _form_page(request, row, typed=typed, error=error.message, is_conflict=True)
    except DomainError as error:
        return _form_page(request, row, typed=typed, error=error.message)
    messages.success(request, _("Saved."))
    return redirect(_next(request, form.cleaned_data["next"]))


def _text_or_404(
    request: HttpRequest, kind: str, uuid: UUID, field: str, language: str
) -> WaitingText:
    access = access_of(request.user)
    if not translates(access):
        raise PermissionDenied
    source = source_of(kind)
    if source is None or field not in source.fields or language not in LANGUAGES:
        raise Http404
    of = translated_record(source, access, uuid)
    if of is None:
        raise Http404
    return text_waiting(source, of, field, language)


def _form_page(
    request: HttpRequest,
    row: WaitingText,
    *,
    typed: str | None = None,
    error: str = "",
    is_conflict: bool = False,
) -> HttpResponse:
    shown = _shown(row, error=error)
    if typed is not None:
        shown["typed"] = typed
    return render(
        request,
        "reporting/translation_form.html",
        {
            "one": shown,
            "is_conflict": is_conflict,
            "here": _next(request, request.POST.get("next", "")),
            "breadcrumb": [
                {"label": _("Translations"), "url": reverse("reporting:translations")},
                {"label": row.of.name, "url": ""},
            ],
            "demo_mark": row.of.record.is_demo,
        },
        status=422 if error else 200,
    )


def _next(request: HttpRequest, address: str) -> str:
    """Return the page of the queue to go back to, never one of another site."""
    is_ours = url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()})
    return address if address and is_ours else reverse("reporting:translations")
