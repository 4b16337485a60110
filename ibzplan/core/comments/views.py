"""Writing a remark, answering it, settling it; where they are shown is the record's own page."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ibzplan.core.comments import registry
from ibzplan.core.comments.forms import AnswerForm, CommentForm
from ibzplan.core.errors import DomainError
from ibzplan.core.forms import add_domain_error
from ibzplan.core.models import Comment, Record
from ibzplan.core.services.comments import comment_add, comment_answer, comment_settle
from ibzplan.core.views import refused_as_403


def _target(request: HttpRequest, type_name: str, uuid: UUID) -> Record:
    """Return the record with remarks that the user may read, or raise 404."""
    kind = registry.commentable(type_name)
    target = kind.find(request.user, uuid) if kind else None
    if target is None or not registry.may_see(request.user, target):
        raise Http404
    return target


def _comment(request: HttpRequest, uuid: UUID) -> tuple[Comment, Record]:
    comment = get_object_or_404(Comment.objects.select_related("parent"), uuid=uuid)
    return comment, _target(request, comment.target_type, comment.target_uuid)


def _address(target: Record) -> str:
    kind = registry.commentable(target.type_name())
    return kind.url(target) if kind else "/"


def _back(target: Record, comment: Comment) -> HttpResponse:
    first = comment.parent or comment
    return redirect(f"{_address(target)}#comment-{first.uuid}")


@require_POST
def comment_new(request: HttpRequest, type_name: str, uuid: UUID) -> HttpResponse:
    """Begin a thread."""
    target = _target(request, type_name, uuid)
    form = CommentForm(request.POST, fields=registry.field_labels(target))
    if form.is_valid():
        try:
            with refused_as_403():
                comment = comment_add(actor=_actor(request), target=target, **form.cleaned_data)
                return _back(target, comment)
        except DomainError as error:
            add_domain_error(form, error)
    return _again(request, form, target, title=_("Remark"))


@require_POST
def comment_reply(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Answer in a thread."""
    comment, target = _comment(request, uuid)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            with refused_as_403():
                text = form.cleaned_data["text"]
                comment_answer(actor=_actor(request), comment=comment, target=target, text=text)
                return _back(target, comment)
        except DomainError as error:
            add_domain_error(form, error)
    return _again(request, form, target, title=_("Answer"), about=comment.parent or comment)


@require_POST
def comment_settlement(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Settle a thread, or open it again."""
    comment, target = _comment(request, uuid)
    settled = request.POST.get("settled") != "no"
    with refused_as_403():
        comment_settle(actor=_actor(request), comment=comment, target=target, settled=settled)
    return _back(target, comment)


def _again(
    request: HttpRequest,
    form: forms.Form,
    target: Record,
    *,
    title: str,
    about: Comment | None = None,
) -> HttpResponse:
    """Show what was typed with what is wrong in it."""
    context = {
        "form": form,
        "title": title,
        "about": about,
        "back": _address(target),
        "demo_mark": target.is_demo,
    }
    return render(request, "core/comment_form.html", context, status=422)


def _actor(request: HttpRequest) -> Any:
    return request.user
