"""What the page of one report shows beside the report itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from personnel.access import Access
from reporting.models import ProgressReport
from reporting.selectors.reports import reports_visible_to


@dataclass(frozen=True, slots=True)
class Relatives:
    """Reports that belong with a report, as far as the user may see them.

    `later` is the last issued edition that replaces it, `draft` one in the making that will,
    `earlier` the edition that it corrects, `other` the same question in the other language,
    `place` the report that came in the place of this draft, `replaces` the latest one in whose
    place it came.
    """

    later: ProgressReport | None = None
    draft: ProgressReport | None = None
    earlier: ProgressReport | None = None
    other: ProgressReport | None = None
    place: ProgressReport | None = None
    replaces: ProgressReport | None = None


def relatives_of(report: ProgressReport, access: Access) -> Relatives:
    """Return the reports that belong with one: one query."""
    about = {
        "strategic_plan": report.strategic_plan_id,
        "minister": report.minister_id,
        "reference_date": report.reference_date,
    }
    same_moment = Q(known_at=report.known_at)
    same_language = Q(language=report.language)
    rows = (
        reports_visible_to(access)
        .filter(same_moment | same_language, **about)
        .exclude(pk=report.pk)
        .defer("snapshot", "seal")
    )
    return _relatives(report, list(rows))


def _relatives(report: ProgressReport, rows: Sequence[ProgressReport]) -> Relatives:
    editions = [row for row in rows if row.language == report.language]
    later = [row for row in editions if row.edition > report.edition]
    issued = [row for row in later if row.issued_at is not None]
    drafts = [row for row in later if row.issued_at is None and row.replaced_by_id is None]
    return Relatives(
        later=max(issued, key=lambda row: row.edition, default=None),
        draft=next(iter(drafts), None),
        earlier=next((row for row in editions if row.pk == report.corrects_id), None),
        other=next((row for row in rows if row.language != report.language), None),
        place=next((row for row in rows if row.pk == report.replaced_by_id), None),
        replaces=next((row for row in rows if row.replaced_by_id == report.pk), None),
    )
