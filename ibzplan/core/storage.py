"""Files appear under their name when they are whole, or not at all."""

import os
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Final
from uuid import uuid4

from django.core.files.storage import FileSystemStorage

# What is being written, or was when its process died; nobody reads it.
UNFINISHED: Final = ".part"


class WholeFileStorage(FileSystemStorage):
    """Writes beside the name, to the disk, and then renames.

    Whoever keeps a file gives it a name of its own, such as a UUID: of two writers of one name at
    once the last one stays.
    """

    def save(self, name: str | None, content: "IO[Any]", max_length: int | None = None) -> str:
        """Keep the content under a name that is free; return that name. Raises OSError."""
        wanted = self.get_available_name(name or str(content.name), max_length=max_length)
        part = f"{wanted}.{uuid4().hex}{UNFINISHED}"
        try:
            written = Path(self.path(super().save(part, content)))
            _to_disk(written)
            written.replace(self.path(wanted))
        except BaseException:
            with suppress(OSError):
                self.delete(part)
            raise
        _to_disk(written.parent)
        return wanted


def _to_disk(path: str | Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
