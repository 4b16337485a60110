"""Writing history, and the one way to change a record."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from ibzplan.core.errors import EditConflict
from ibzplan.core.localised import LocalisedText
from ibzplan.core.models import HistoryEntry, Record
from ibzplan.core.services.clock import next_instant

if TYPE_CHECKING:
    from personnel.models import User


def _as_json(value: Any) -> Any:
    """Return the form in which `ibzplan.core.rewind` can read a value back exactly."""
    if isinstance(value, LocalisedText):
        return value.as_json()
    if isinstance(value, datetime):
        return value.isoformat()  # Django's own encoder would cut it to milliseconds
    if isinstance(value, Record):
        return str(value.uuid)
    if isinstance(value, models.Model):
        return value.pk
    return value


@transaction.atomic(savepoint=False)
def history_record(
    *,
    actor: "User | None",
    target: Record,
    action: str,
    changes: Mapping[str, tuple[Any, Any]] | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> HistoryEntry:
    """Append one entry; `changes` maps a field to (old, new). `actor` None means the system.

    `at` is the instant that the caller took already; demo data, whose past is made up, gives its
    own. Without it the entry takes the next instant: then call this before any other write.
    """
    entry = history_entry(
        actor=actor,
        target=target,
        action=action,
        changes=changes,
        reason=reason,
        at=at or next_instant(),
    )
    entry.save(force_insert=True)
    return entry


def history_entry(
    *,
    actor: "User | None",
    target: Record,
    action: str,
    at: datetime,
    changes: Mapping[str, tuple[Any, Any]] | None = None,
    reason: str = "",
) -> HistoryEntry:
    """Return an entry that is still to be appended, by history_record_all."""
    return HistoryEntry(
        target_type=target.type_name(),
        target_uuid=target.uuid,
        actor=actor,
        at=at,
        action=action,
        changes={k: [_as_json(old), _as_json(new)] for k, (old, new) in (changes or {}).items()},
        reason=reason,
        is_demo=target.is_demo,
    )


def history_record_all(entries: Iterable[HistoryEntry]) -> None:
    """Append the entries of many records at once, in their order."""
    HistoryEntry.objects.bulk_create(entries)


@transaction.atomic
def record_change(
    *,
    actor: "User | None",
    target: Record,
    values: Mapping[str, Any],
    expected_version: int | None = None,
    action: str = "changed",
    reason: str = "",
    at: datetime | None = None,
) -> bool:
    """Set `values` on `target`, with its history; return whether anything changed.

    Raises EditConflict when `expected_version` is no longer the stored version; nothing is
    written then. The caller has checked rights and rules. `at` as for history_record.
    """
    at = at or next_instant()
    current = type(target)._default_manager.select_for_update().get(pk=target.pk)
    changes = {
        name: (getattr(current, name), value)
        for name, value in values.items()
        if getattr(current, name) != value
    }
    if expected_version is not None and expected_version != current.version:
        raise EditConflict(
            _("Someone else changed this while you were working."),
            {name: getattr(current, name) for name in values},
        )
    if not changes:
        return False
    for name, (_old, new) in changes.items():
        setattr(target, name, new)
    target.version = current.version + 1
    target.save(update_fields=[*changes, "version"])
    history_record(actor=actor, target=target, action=action, changes=changes, reason=reason, at=at)
    return True
