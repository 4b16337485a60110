"""Opening a workbook that came from outside: nothing too large, no macros."""

import io
import zipfile
from typing import Final

from django.utils.translation import gettext as _

MAX_BYTES: Final = 15 * 1024 * 1024
MAX_UNPACKED_BYTES: Final = 150 * 1024 * 1024


class UnreadableFile(Exception):
    """The file as a whole cannot be read; `message` says why and what to do."""

    def __init__(self, code: str, message: str) -> None:
        """Keep both."""
        super().__init__(message)
        self.code = code
        self.message = message


def not_a_workbook() -> UnreadableFile:
    """Return the error for what is no workbook at all."""
    return UnreadableFile(
        "not_a_workbook",
        _("This file is not an Excel workbook (.xlsx). Save it in Excel as .xlsx."),
    )


def open_archive(content: bytes) -> zipfile.ZipFile:
    """Open the file and refuse what is too large, has macros or is no workbook at all."""
    if len(content) > MAX_BYTES:
        raise UnreadableFile(
            "too_large",
            _("The file is larger than %(most)s MB. Leave out what does not belong to the plan.")
            % {"most": MAX_BYTES // 1024**2},
        )
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError) as error:
        raise not_a_workbook() from error
    names = archive.namelist()
    if "xl/workbook.xml" not in names:
        raise not_a_workbook()
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise UnreadableFile(
            "macros", _("The file holds macros. Save it as .xlsx, without macros.")
        )
    if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED_BYTES:
        raise UnreadableFile(
            "too_large", _("The file is too large once unpacked. Export the workbook again.")
        )
    return archive
