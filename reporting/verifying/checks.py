"""The checks of one report; they write nothing."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Any, Final

from objectives.indicators.engine import registry
from reporting.models import ProgressReport, ReportFile
from reporting.render import FORMATS, render
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
    """What is checked of a report; FINAL_FILES is there for an issued one only."""

    SNAPSHOT_HASH = "snapshot_hash"
    SEAL_HASH = "seal_hash"
    RECOMPUTED = "recomputed"
    FILE_HASH = "file_hash"
    FINAL_FILES = "final_files"
    RENDERED = "rendered"


class Outcome(StrEnum):
    """What a check says; UNKNOWN is what this release cannot compute any more."""

    RIGHT = "right"
    WRONG = "wrong"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check; `about` is the file where there is one, `detail` is in English."""

    kind: CheckKind
    outcome: Outcome
    about: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """All checks of one report."""

    report: ProgressReport
    findings: tuple[Finding, ...]

    @property
    def is_right(self) -> bool:
        """Tell whether nothing is other than it was archived."""
        return all(finding.outcome != Outcome.WRONG for finding in self.findings)


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
    if report.issued_at is not None:
        yield _final_files(report)
    for file in report.files.exclude(published_at=None):
        content = _content(file)
        yield _file(file, content)
        if content is not None:
            yield _rendered(report, file, content)


def _hash(kind: CheckKind, text: str, sha256: str) -> Finding:
    if bool(text) and sha256_of(text) == sha256:
        return Finding(kind, Outcome.RIGHT)
    return Finding(kind, Outcome.WRONG, detail="the text is not the one hashed")


def _is_of_this_release(report: ProgressReport) -> bool:
    return report.schema_version == SCHEMA_VERSION and report.rule_version in registry.RULE_SETS


def _not_known(report: ProgressReport) -> str:
    """Return which of the versions that a report recorded this release does not have; '' if none.

    Rules of older versions stay; a snapshot is only ever made in the present schema.
    """
    missing = []
    if report.schema_version != SCHEMA_VERSION:
        missing.append(
            f"made with schema {report.schema_version}, and this release makes {SCHEMA_VERSION}"
        )
    if report.rule_version not in registry.RULE_SETS:
        known = ", ".join(str(version) for version in sorted(registry.RULE_SETS))
        missing.append(f"made with rules {report.rule_version}, and this release has {known}")
    return "; ".join([*missing, "the release of that time recomputes it"]) if missing else ""


def _recomputed(report: ProgressReport) -> Finding:
    """Compute the snapshot as known at its time, with the versions that it recorded."""
    if detail := _not_known(report):
        return Finding(CheckKind.RECOMPUTED, Outcome.UNKNOWN, detail=detail)
    try:
        text = canonical_json(snapshot_build(question_of(report)))
    except Exception as error:  # whatever it is, the other reports are verified
        return Finding(CheckKind.RECOMPUTED, Outcome.WRONG, detail=_said(error))
    if text == report.snapshot:
        return Finding(CheckKind.RECOMPUTED, Outcome.RIGHT)
    found = different_paths(json.loads(report.snapshot or "{}"), json.loads(text))
    return Finding(CheckKind.RECOMPUTED, Outcome.WRONG, detail=_listed(found))


def _final_files(report: ProgressReport) -> Finding:
    """Check that an issued report has every format; one of an earlier release had the PDF only."""
    there = set(
        report.files.filter(is_final=True)
        .exclude(published_at=None)
        .values_list("format", flat=True)
    )
    missing = [format_ for format_ in FORMATS if format_ not in there]
    if not missing:
        return Finding(CheckKind.FINAL_FILES, Outcome.RIGHT)
    outcome = Outcome.WRONG if _is_of_this_release(report) or not there else Outcome.UNKNOWN
    return Finding(CheckKind.FINAL_FILES, outcome, detail=f"not there: {', '.join(missing)}")


def _content(file: ReportFile) -> bytes | None:
    try:
        with file.file.open("rb") as stored:
            content: bytes = stored.read()
    except OSError:
        return None
    return content


def _file(file: ReportFile, content: bytes | None) -> Finding:
    if content is None:
        return Finding(CheckKind.FILE_HASH, Outcome.WRONG, _name(file), "the file is gone")
    if (len(content), hashlib.sha256(content).hexdigest()) == (file.size_bytes, file.sha256):
        return Finding(CheckKind.FILE_HASH, Outcome.RIGHT, _name(file))
    detail = "the file is not the one that was archived"
    return Finding(CheckKind.FILE_HASH, Outcome.WRONG, _name(file), detail)


def _rendered(report: ProgressReport, file: ReportFile, content: bytes) -> Finding:
    """Make the file again: the same bytes, or (by a later renderer) the same figures."""
    seal = json.loads(report.seal) if file.is_final and report.seal else None
    try:
        again = render(file.format, json.loads(report.snapshot), seal)
    except Exception as error:  # a renderer that refuses it; the other files are checked
        return _again(file, Outcome.WRONG, _said(error))
    if again == content:
        return _again(file, Outcome.RIGHT, "same bytes")
    try:
        was, is_now = figures_in(file.format, content), figures_in(file.format, again)
    except ValueError as error:
        return _again(file, Outcome.WRONG, str(error))
    if was == is_now:
        return _again(file, Outcome.RIGHT, "other bytes, same figures")
    if not _is_of_this_release(report):  # this release shows more, or less, of it
        return _again(file, Outcome.UNKNOWN, _figures(was, is_now))
    return _again(file, Outcome.WRONG, _figures(was, is_now))


def _again(file: ReportFile, outcome: Outcome, detail: str) -> Finding:
    return Finding(CheckKind.RENDERED, outcome, _name(file), detail)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


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
