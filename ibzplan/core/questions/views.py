"""The list of questions, the page of one with its answer, and the form with which one asks."""

from typing import TYPE_CHECKING, Any, Final, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ibzplan.core.asked import clocks_asked
from ibzplan.core.choices import QuestionKind, Verdict
from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError
from ibzplan.core.exports import About, Column, ExportTable, Kind, export_response
from ibzplan.core.forms import add_domain_error, offer_again
from ibzplan.core.models import Record
from ibzplan.core.questions import registry
from ibzplan.core.questions.due import usual_due
from ibzplan.core.questions.forms import AnswerForm, AskForm, FilterForm
from ibzplan.core.questions.listing import matching_keys, questions_filtered, questions_keyed
from ibzplan.core.questions.rows import OPEN, QuestionRow, question_rows
from ibzplan.core.questions.selectors import open_at, question_row, questions_visible
from ibzplan.core.services.questions import (
    is_asked,
    may_answer,
    may_withdraw,
    question_answer,
    question_ask,
    question_withdraw,
)
from ibzplan.core.views import refused_as_403

if TYPE_CHECKING:
    from personnel.access import Access
    from personnel.models import User

PER_PAGE: Final = 50


def _account(request: HttpRequest) -> "User":
    return cast("User", request.user)  # the middleware lets no one else in


def _access(request: HttpRequest) -> "Access":
    """Return the access of whoever takes part in questions; a 403 for others."""
    parties = registry.parties()
    access = parties.access_of(request.user)
    if not parties.takes_part(access):
        raise PermissionDenied
    return access


# The list -----------------------------------------------------------------------------------------


@require_safe
def question_list(request: HttpRequest) -> HttpResponse:
    """Show questions and decisions: what waits first, the earliest day on top."""
    access, clocks = _access(request), clocks_asked(request)
    form = _filter_form(request)
    wanted = form.wanted()
    asked = questions_filtered(access, clocks, wanted)
    found: Any = asked
    abouts = None
    if wanted.text:
        found, abouts = matching_keys(asked, wanted.text, clocks)

    def rows_of(some: Any) -> list[QuestionRow]:
        rows = questions_keyed(some, clocks) if wanted.text else some
        return question_rows(rows, clocks, abouts)

    answer = export_response(
        request,
        lambda: [_table(rows_of(found))],
        file_name=_("questions"),
        about=About(
            _("Questions and decisions"),
            clocks,
            filters=form.in_force(),
            is_demo=_account(request).is_demo,
        ),
    )
    if answer is not None:
        return answer
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    waiting = open_at(questions_visible(access), clocks)
    return render(
        request,
        "core/question_list.html",
        {
            "rows": rows_of(page.object_list),
            "page_obj": page,
            "total": page.paginator.count,
            "waiting": waiting.count() if wanted.state != OPEN else page.paginator.count,
            "form": form,
            "is_filtered": any(form.cleaned_data.values()),
            "clocks": clocks,
            "demo_mark": _account(request).is_demo,
        },
    )


def _filter_form(request: HttpRequest) -> FilterForm:
    parties = registry.parties()
    units = dict(sorted(parties.units().values(), key=lambda one: one[0]))
    return FilterForm(
        request.GET,
        units={code: f"{title} ({code})" for code, title in units.items()},
        ministers={code: str(title) for code, title in parties.ministers().values()},
    )


def _table(rows: list[QuestionRow]) -> ExportTable:
    """Return the list as it is exported: each answer in a line of its own cell."""
    return ExportTable(
        "questions",
        _("Questions and decisions"),
        (
            Column("kind", _("Kind")),
            Column("code", _("Code")),
            Column("title", _("Name")),
            Column("place", _("About")),
            Column("unit", _("Directorate")),
            Column("minister", _("Minister")),
            Column("text", _("Text")),
            Column("askedOn", _("Asked on"), Kind.DATE),
            Column("dueOn", _("Answer by"), Kind.DATE),
            Column("state", _("State")),
            Column("answer", _("Answer")),
            Column("answeredOn", _("Answered on"), Kind.DATE),
        ),
        [
            (
                row.kind_text,
                row.code,
                row.title,
                row.place,
                row.unit,
                row.minister,
                row.question.text,
                timezone.localdate(row.question.asked_at),
                row.due_on,
                row.state_text,
                "\n\n".join(answer.text for answer in row.answers),
                timezone.localdate(row.answers[0].answered_at) if row.answers else None,
            )
            for row in rows
        ],
    )


# One question -------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def question_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a question with what was answered; who answers it does so here."""
    access, clocks = _access(request), clocks_asked(request)
    row = question_row(access, uuid, clocks)
    if row is None:
        raise Http404
    form = _answer_form(request, row)
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if _answer(request, row, form):
            return redirect("questions:detail", uuid=uuid)
        row = question_row(access, uuid, Clocks.now()) or row
        offer_again(form, seen=str(len(row.answers)))
    return render(
        request,
        "core/question_detail.html",
        {
            "row": row,
            "form": form,
            "clocks": clocks,
            "may_withdraw": row.is_open
            and not clocks.pinned_known
            and may_withdraw(_account(request), row.question),
            "demo_mark": row.question.is_demo,
            "breadcrumb": [
                {"label": _("Questions and decisions"), "url": reverse("questions:list")},
                {"label": f"{row.kind_text} {row.code}", "url": ""},
            ],
        },
        status=422 if request.method == "POST" else 200,
    )


def _answer_form(request: HttpRequest, row: QuestionRow) -> AnswerForm | None:
    """Return the form of whoever may answer; None for others and on an earlier page.

    Who was writing while it was withdrawn is told so, and keeps the text.
    """
    may = is_asked if request.method == "POST" else may_answer
    if row.clocks.pinned_known or not may(_account(request), row.question):
        return None
    awaits = row.is_request and (not row.answers or row.verdict == Verdict.DEFERRED)
    return AnswerForm(
        request.POST if request.method == "POST" else None,
        verdict=row.verdict if awaits else None,
        initial={"seen": len(row.answers)},
    )


def _answer(request: HttpRequest, row: QuestionRow, form: AnswerForm) -> bool:
    """Answer with what was typed; return whether it was accepted."""
    if not form.is_valid():
        return False
    try:
        with refused_as_403():
            question_answer(actor=_account(request), question=row.question, **form.cleaned_data)
    except DomainError as error:
        add_domain_error(form, error)
        return False
    messages.success(request, _("Your answer is given; the other side is told."))
    return True


@require_POST
def question_withdrawal(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a question back that nobody answered yet."""
    row = question_row(_access(request), uuid, Clocks.now())
    if row is None:
        raise Http404
    try:
        with refused_as_403():
            question_withdraw(actor=_account(request), question=row.question)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("It is withdrawn; the other side is told."))
    return redirect("questions:detail", uuid=uuid)


# Asking -------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def question_new(request: HttpRequest) -> HttpResponse:
    """Ask about the record that the address names, or about one place of it."""
    access = _access(request)
    if "target" not in request.GET:
        messages.info(request, _("Open the objective or the indicator that you want to ask about."))
        return redirect("questions:list")
    target = _target(request, access)
    found = registry.askable(target.type_name())
    assert found is not None  # noqa: S101 (_target found it by its type)
    unit_id = registry.unit_of(target).pk
    kinds = registry.parties().kinds(access, unit_id) if found.is_open(target) else ()
    if not kinds:
        raise PermissionDenied
    form = _ask_form(request, access, target, kinds)
    if request.method == "POST" and form.is_valid():
        try:
            with refused_as_403():
                row = question_ask(actor=_account(request), target=target, **form.asked())
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, _("It is sent; the other side is told."))
            return redirect("questions:detail", uuid=row.uuid)
    about = registry.abouts([(target.type_name(), target.uuid)])[target.type_name(), target.uuid]
    return render(
        request,
        "core/question_form.html",
        {
            "form": form,
            "about": about,
            "title": _("Ask for a decision")
            if QuestionKind.REQUEST in kinds
            else _("Ask a question or give a decision"),
            "demo_mark": target.is_demo,
            "breadcrumb": [
                {"label": f"{about.code} {about.title}", "url": about.url},
                {"label": _("Ask"), "url": ""},
            ],
        },
        status=422 if request.method == "POST" else 200,
    )


def _target(request: HttpRequest, access: "Access") -> Record:
    try:
        uuid = UUID(request.GET["target"])
    except ValueError as error:
        raise Http404 from error
    target = registry.find(access, request.GET.get("type", ""), uuid)
    if target is None:
        raise Http404
    return target


def _ask_form(
    request: HttpRequest, access: "Access", target: Record, kinds: tuple[str, ...]
) -> AskForm:
    found = registry.askable(target.type_name())
    unit_id = registry.unit_of(target).pk
    offices = registry.parties().offices(access, kinds[0], unit_id)
    return AskForm(
        request.POST if request.method == "POST" else None,
        kinds=kinds,
        offices=offices,
        places=found.anchors(target) if found else {},
        initial={
            "kind": request.GET.get("kind", kinds[0]),
            "anchor": request.GET.get("at", ""),
            "due_on": usual_due(timezone.localdate()),
        },
    )
