"""What was asked to be changed in a record, and is not settled: it stops the next step."""

from django.utils.translation import gettext as _

from ibzplan.core.comments.registry import field_labels
from ibzplan.core.comments.threads import open_requests
from ibzplan.core.errors import DomainError
from ibzplan.core.models import Record


def refuse_open_requests(record: Record) -> None:
    """Refuse a step that says that the text is good while a change of it is asked for."""
    asked = open_requests(record.type_name(), [record.uuid]).get(record.uuid, [])
    if not asked:
        return
    labels = field_labels(record)
    named = [
        f"{labels[one.field]}: “{one.text}”" if one.field in labels else f"“{one.text}”"
        for one in asked
    ]
    raise DomainError(
        "change_requested",
        _("Settle first what was asked to be changed: %(requests)s.")
        % {"requests": "; ".join(named)},
    )
