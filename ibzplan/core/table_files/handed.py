"""A table between the hands: given out to fill in, carried by its preview until it is applied."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from ibzplan.core.exports import csv_file, xlsx_file
from ibzplan.core.table_files.template import Cell, TemplateColumn, template_csv, template_xlsx

# A preview is for now: after a night, the file is looked at again.
_CARRIED_SECONDS: Final = 12 * 60 * 60


def carried_sign(request: HttpRequest, carried: Mapping[str, Any], *, salt: str) -> str:
    """Return what a preview was made of, signed for whoever handed it in."""
    return signing.dumps({**carried, "user": request.user.pk}, salt=salt, compress=True)


def carried_read(request: HttpRequest, *, salt: str) -> dict[str, Any] | None:
    """Return what the preview was made of; None when it is too old, not whole, or another's."""
    try:
        carried: dict[str, Any] = signing.loads(
            request.POST.get("carried", ""), salt=salt, max_age=_CARRIED_SECONDS
        )
    except signing.BadSignature:
        return None
    return carried if carried["user"] == request.user.pk else None


def reason_told(file_name: str, reason: str) -> str:
    """Return what the history of each line says: from which file, and why."""
    parts = {"file": file_name, "reason": reason.strip()}
    return (_("Table %(file)s: %(reason)s") if parts["reason"] else _("Table %(file)s")) % parts


def table_response(
    columns: Sequence[TemplateColumn],
    rows: Iterable[Sequence[Cell]],
    *,
    title: str,
    name: str,
    is_csv: bool,
) -> HttpResponse:
    """Return the table to fill in as a file; `name` is without its ending."""
    content = template_csv(columns, rows) if is_csv else template_xlsx(title, columns, rows)
    return HttpResponse(
        content,
        content_type=csv_file.CONTENT_TYPE if is_csv else xlsx_file.CONTENT_TYPE,
        headers={
            "Content-Disposition": f'attachment; filename="{name}.{"csv" if is_csv else "xlsx"}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )
