"""The archived files of reports: each whole, with its row and its hash, or not at all."""

import hashlib
import logging
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, default_storage
from django.db import transaction
from django.utils import timezone

from reporting.models import ProgressReport, ReportFile

if TYPE_CHECKING:
    from django.db.models import QuerySet

logger = logging.getLogger(__name__)

FOLDER: Final = "reports"
# A file is written before its row: for so long it may be without one.
WITHOUT_ROW: Final = timedelta(days=1)


def report_file_keep(
    report: ProgressReport,
    format_: str,
    content: bytes,
    *,
    is_final: bool = False,
    published_at: datetime | None = None,
) -> ReportFile:
    """Archive a rendered format of a report with its hash: the file and its row, or neither.

    Nobody can fetch it before it is published. Raises OSError when there is no room.
    """
    row = report_file_write(report, format_, content, is_final=is_final)
    row.published_at = published_at
    try:
        row.save()
    except BaseException:
        row.file.delete(save=False)
        raise
    return row


def report_file_write(
    report: ProgressReport, format_: str, content: bytes, *, is_final: bool
) -> ReportFile:
    """Write the file of a format; return its row, which is not saved. Raises OSError.

    Its name is its own: an attempt that lost its worker leaves a file that no row names.
    """
    row = ReportFile(
        report=report,
        format=format_,
        is_final=is_final,
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    row.file.save(f"{row.uuid}.{format_}", ContentFile(content), save=False)
    return row


def files_unpublished(report: ProgressReport) -> "QuerySet[ReportFile]":
    """Return the files of a report that nobody can fetch yet."""
    return report.files.filter(published_at=None)


def files_drop(files: "QuerySet[ReportFile]") -> None:
    """Delete rows; their files go once that is committed."""
    stored = [(row.file.storage, row.file.name) for row in files if row.file.name]
    files.delete()
    transaction.on_commit(partial(_delete, stored))


def _delete(stored: list[tuple[Storage, str]]) -> None:
    for storage, name in stored:
        storage.delete(name)


def files_sweep() -> int:
    """Delete the files that lost their worker before they had a row; return how many."""
    folder = Path(default_storage.path(FOLDER))
    before = (timezone.now() - WITHOUT_ROW).timestamp()
    swept = 0
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.stat().st_mtime >= before:
            continue
        name = path.relative_to(default_storage.path("")).as_posix()
        if not ReportFile.objects.filter(file=name).exists():
            path.unlink(missing_ok=True)
            logger.warning("%s: no report has it; it is deleted", name)
            swept += 1
    return swept
