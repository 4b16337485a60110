"""A stored file is whole under its name, or not there at all."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from ibzplan.core.storage import UNFINISHED, WholeFileStorage


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_it_is_the_storage_of_the_product() -> None:
    assert isinstance(default_storage, WholeFileStorage)


def test_a_file_gets_its_name_when_it_is_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []
    fsync = os.fsync

    def noted(descriptor: int) -> None:
        seen.append(names(tmp_path))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    storage = WholeFileStorage(tmp_path)
    assert storage.save("2026/a.pdf", ContentFile(b"%PDF")) == "2026/a.pdf"
    (unfinished,), whole = seen
    assert unfinished.startswith("a.pdf.")
    assert unfinished.endswith(UNFINISHED)
    assert whole == names(tmp_path) == ["a.pdf"]
    assert (tmp_path / "2026" / "a.pdf").read_bytes() == b"%PDF"


def test_a_name_that_is_taken_is_not_overwritten(tmp_path: Path) -> None:
    storage = WholeFileStorage(tmp_path)
    storage.save("a.pdf", ContentFile(b"one"))
    other = storage.save("a.pdf", ContentFile(b"two"))
    assert other != "a.pdf"
    assert (tmp_path / "a.pdf").read_bytes() == b"one"


@pytest.mark.parametrize(
    "place", ["django.core.files.locks.unlock", "os.fsync", "pathlib.Path.replace"]
)
def test_a_full_disk_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    def full(*_given: Any) -> int:
        raise OSError(28, "No space left on device")

    storage = WholeFileStorage(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(place, full)
        with pytest.raises(OSError, match="No space left"):
            storage.save("a.pdf", ContentFile(b"%PDF"))
    assert names(tmp_path) == []
