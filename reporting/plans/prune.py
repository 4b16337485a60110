"""Deleting a row whose entry vanished from its fixture."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models

from ibzplan.core.models import HistoryEntry
from ibzplan.core.services import history_record
from reporting.plans.columns import Row
from reporting.plans.specs import SUBJECTS

if TYPE_CHECKING:
    from personnel.models import User

ACTION_REMOVED = "removed"

# Join rows go with their owner; only its own list counts as part of a row.
_OWNED = frozenset(
    (subject.model, links.model, links.owner) for subject in SUBJECTS for links in subject.links
)


def prune(*, actor: "User | None", row: Row, edited: list[str], at: datetime) -> str:
    """Delete `row`, with its history, or return why it stays: edited, or something refers to it."""
    if edited:
        return f"edited: {', '.join(edited)}"
    referrer = _referrer(row)
    if referrer:
        return f"in use by {referrer}"
    history_record(
        actor=actor,
        target=row,
        action=ACTION_REMOVED,
        changes={name: (value, None) for name, value in (row.loaded_values or {}).items()},
        at=at,
    )
    row.delete()
    return ""


def _referrer(row: Row) -> str:
    """Return the name of a type that refers to the row, by a key or by type and UUID, or ""."""
    for relation in row._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ForeignObjectRel) or relation.many_to_many:
            continue
        model = relation.related_model
        name = relation.remote_field.name
        if (type(row), model, name) not in _OWNED and _exists(model, **{name: row}):
            return str(model._meta.verbose_name)
    for model in apps.get_models():
        names = {field.name for field in model._meta.concrete_fields}
        has_target = {"target_type", "target_uuid"} <= names and model is not HistoryEntry
        if has_target and _exists(model, target_type=row.type_name(), target_uuid=row.uuid):
            return str(model._meta.verbose_name)
    return ""


def _exists(model: type[models.Model], **conditions: Any) -> bool:
    return model._base_manager.filter(**conditions).exists()
