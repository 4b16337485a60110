"""The checks of one report; they write nothing."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Any, Final

from objectives.indicators.engine import CURRENT_RULE_VERSION
from reporting.models import ProgressReport, ReportFile
from reporting.render import render
from reporting.snapshot import (
    SCHEMA_VERSION,
    canonical_json,
    question_of,
    sha256_of,
    snapshot_build,
)
from reporting.verifying.contents import figures_in
from reporting.verifying.differences import different_paths

# More than this says no more than that much is different.
_MOST_NAMED: Final = 20


class CheckKind(StrEnum):
    """What is checked of a report."""

    SNAPSHOT_HASH = "snapshot_hash"
    SEAL_HASH = "seal_hash"
    RECOMPUTED = "recomputed"
    FILE_HASH = "file_hash"
    RENDERED = "rendered"


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check; `about` is the file where there is one, `detail` is in English."""

    kind: CheckKind
    is_right: bool
    about: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """All checks of one report."""

    report: ProgressReport
    findings: tuple[Finding, ...]

    @property
    def is_right(self) -> bool:
        """Tell whether everything is as it was archived."""
        return all(finding.is_right for finding in self.findings)


def report_verify(report: ProgressReport) -> Verification:
    """Check a report that was made: hashes, the snapshot computed again, the files made again.

    It reads the database as a report does, and renders every format: seconds, not milliseconds.
    """
    return Verification(report, tuple(_findings(report)))


def _findings(report: ProgressReport) -> Iterator[Finding]:
    yield _hash(CheckKind.SNAPSHOT_HASH, report.snapshot, report.snapshot_sha256)
    if report.seal or report.seal_sha256:
        yield _hash(CheckKind.SEAL_HASH, report.seal, report.seal_sha256)
    yield _recomputed(report)
    for file in report.files.exclude(published_at=None):
        content = _content(file)
        yield _file(file, content)
        if content is not None:
            yield _rendered(report, file, content)


def _hash(kind: CheckKind, text: str, sha256: str) -> Finding:
    is_right = bool(text) and sha256_of(text) == sha256
    return Finding(kind, is_right, detail="" if is_right else "the text is not the one hashed")


def _recomputed(report: ProgressReport) -> Finding:
    """Compute the snapshot as known at its time, with the versions that it recorded."""
    versions = (report.schema_version, report.rule_version)
    if versions != (SCHEMA_VERSION, CURRENT_RULE_VERSION):
        return Finding(
            CheckKind.RECOMPUTED,
            is_right=False,
            detail=f"made with schema {versions[0]} and rules {versions[1]}: the release of that "
            f"time recomputes it, this one makes {SCHEMA_VERSION} and {CURRENT_RULE_VERSION}",
        )
    text = canonical_json(snapshot_build(question_of(report)))
    if text == report.snapshot:
        return Finding(CheckKind.RECOMPUTED, is_right=True)
    found = different_paths(json.loads(report.snapshot or "{}"), json.loads(text))
    return Finding(CheckKind.RECOMPUTED, is_right=False, detail=_listed(found))


def _content(file: ReportFile) -> bytes | None:
    try:
        with file.file.open("rb") as stored:
            content: bytes = stored.read()
    except OSError:
        return None
    return content


def _file(file: ReportFile, content: bytes | None) -> Finding:
    if content is None:
        return Finding(
            CheckKind.FILE_HASH, is_right=False, about=_name(file), detail="the file is gone"
        )
    is_right = (len(content), hashlib.sha256(content).hexdigest()) == (file.size_bytes, file.sha256)
    detail = "" if is_right else "the file is not the one that was archived"
    return Finding(CheckKind.FILE_HASH, is_right, _name(file), detail)


def _rendered(report: ProgressReport, file: ReportFile, content: bytes) -> Finding:
    """Make the file again: the same bytes, or (by a later renderer) the same figures."""
    seal = json.loads(report.seal) if file.is_final and report.seal else None
    again = render(file.format, json.loads(report.snapshot), seal)
    if again == content:
        return _again(file, "same bytes", is_right=True)
    try:
        was, is_now = figures_in(file.format, content), figures_in(file.format, again)
    except ValueError as error:
        return _again(file, str(error), is_right=False)
    if was == is_now:
        return _again(file, "other bytes, same figures", is_right=True)
    return _again(file, _figures(was, is_now), is_right=False)


def _again(file: ReportFile, detail: str, *, is_right: bool) -> Finding:
    return Finding(CheckKind.RENDERED, is_right, _name(file), detail)


def _name(file: ReportFile) -> str:
    return f"{file.format}, {'final' if file.is_final else 'draft'}"


def _figures(was: Counter[str], is_now: Counter[str]) -> str:
    lost, new = was - is_now, is_now - was
    return f"archived only: {_listed(iter(lost))}; made again only: {_listed(iter(new))}"


def _listed(names: Iterator[Any]) -> str:
    """Return the first names, and that there are more."""
    shown = list(islice(names, _MOST_NAMED))
    more = next(names, None) is not None
    return ", ".join(str(name) for name in shown) + (", ..." if more else "")
