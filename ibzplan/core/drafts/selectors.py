"""Reads of what users typed and did not save yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.forms import BaseForm
from django.utils import timezone
from django.utils.formats import date_format

from ibzplan.core.drafts.comparing import Difference, differences, typed_values
from ibzplan.core.drafts.registry import kind_of, nothing_stored
from ibzplan.core.models import FormDraft

if TYPE_CHECKING:
    from personnel.models import User

# In a form for something new: where it will stand (a plan year, an objective).
PLACE_FIELD = "draft_place"


@dataclass(frozen=True, slots=True)
class Editor:
    """Someone else who typed in the form of the same record and did not save."""

    name: str
    since: str
    last: str
    uuid: UUID
    rows: list[Difference]


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A new record that the user began and did not save; `title` may be empty."""

    form: str
    target: UUID
    title: str
    typed_at: datetime


@dataclass(slots=True)
class DraftPanel:
    """What a form page says about unsaved content: one's own, and that of others.

    `restored_at` is set when the form shows what was typed; `conflict` holds the fields that
    differ when the record was changed since. `waiting` are one's other unfinished new records.
    """

    form: str
    target: UUID
    is_new: bool = False
    restored_at: datetime | None = None
    conflict: list[Difference] = field(default_factory=list)
    others: list[Editor] = field(default_factory=list)
    waiting: list[Unfinished] = field(default_factory=list)

    @property
    def restored_day(self) -> str:
        """Return the day on which it was typed."""
        moment = self.restored_at
        return date_format(timezone.localtime(moment), "SHORT_DATE_FORMAT") if moment else ""

    @property
    def restored_time(self) -> str:
        """Return the time at which it was typed."""
        moment = self.restored_at
        return date_format(timezone.localtime(moment), "TIME_FORMAT") if moment else ""


def moment_text(moment: datetime) -> str:
    """Return the time of a moment of today, day and time of an earlier one."""
    there = timezone.localtime(moment)
    is_today = there.date() == timezone.localdate()
    return date_format(there, "TIME_FORMAT" if is_today else "SHORT_DATETIME_FORMAT")


def draft_of(user: "User", form: str, target: UUID) -> FormDraft | None:
    """Return what the user typed in a form and did not save."""
    return FormDraft.objects.filter(user=user, form=form, target_uuid=target).first()


def drafts_at(user: "User", form: str, place: str) -> list[FormDraft]:
    """Return the user's unfinished new records of one place, newest first."""
    rows = FormDraft.objects.filter(user=user, form=form)
    return [row for row in rows if row.data.get(PLACE_FIELD) == [place]]


def others_editing(user: "User", form: str, target: UUID) -> list[Editor]:
    """Return who else typed in the form of this record, with what differs from what is stored.

    Nobody for whoever may not write it. Two queries, and those of the differences.
    """
    return _others(user, form, target, _drafts_of_all(form, target))


def _drafts_of_all(form: str, target: UUID) -> list[FormDraft]:
    """Return what anyone typed in a form and did not save, with who: one query."""
    return list(FormDraft.objects.filter(form=form, target_uuid=target).select_related("user"))


def _others(user: "User", form: str, target: UUID, drafts: list[FormDraft]) -> list[Editor]:
    kind = kind_of(form)
    if kind is None or not kind.may_write(target, user):
        return []
    rows = [row for row in drafts if row.user_id != user.pk and row.target_type == kind.target_type]
    stored = kind.stored(target, user) if rows else None
    return [
        Editor(
            name=str(row.user),
            since=moment_text(row.started_at),
            last=moment_text(row.saved_at),
            uuid=row.uuid,
            rows=differences(stored, row.data) if stored is not None else [],
        )
        for row in rows
    ]


def draft_panel(
    user: "User", form_name: str, target: UUID, form: BaseForm, *, place: str = ""
) -> DraftPanel:
    """Put the user's own unsaved text in an unbound form; return what the page says about it.

    A bound form keeps what was posted. When the record was changed since, the form takes the
    version that the page shows now: both texts stand on the page, saving is a choice.
    """
    kind = kind_of(form_name)
    drafts = _drafts_of_all(form_name, target)
    panel = DraftPanel(
        form_name,
        target,
        is_new=kind is not None and kind.stored is nothing_stored,
        others=_others(user, form_name, target, drafts),
    )
    if form.is_bound:
        return panel
    own = next((row for row in drafts if row.user_id == user.pk), None)
    rows = differences(form, own.data) if own is not None else []
    if own is not None and rows:
        panel.restored_at = own.saved_at
        stored_version = form.initial.get("version")
        if stored_version is not None and own.base_version != stored_version:
            panel.conflict = rows
        put_back(form, own.data)
    elif place:
        panel.waiting = [
            Unfinished(form_name, row.target_uuid, _title(row), row.saved_at)
            for row in drafts_at(user, form_name, place)
            if row != own
        ]
    return panel


def _title(row: FormDraft) -> str:
    typed = (row.data.get(name, [""]) for name in ("title_nl", "title_fr"))
    return next((texts[0] for texts in typed if texts and texts[0].strip()), "")


def put_back(form: BaseForm, data: Mapping[str, Any]) -> None:
    """Let an unbound form show what was typed; its version stays that of the stored record."""
    typed = typed_values(form, data)
    typed.pop("version", None)
    emptied = {name: None if value == "" else value for name, value in typed.items()}
    form.initial = {**form.initial, **emptied}
