"""Progress reports and deadlines in the API, read as on the pages."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode

from django.db.models import Prefetch, QuerySet

from ibzplan.core.api.base import Read
from ibzplan.core.api.files import Archived, Files
from ibzplan.core.api.ordering import ByteOrder
from ibzplan.core.api.renderers import moment_text
from ibzplan.core.api.rewound import RecordCollection, there_then
from personnel.access import access_of
from reporting.feeds import DEADLINES, REPORTS
from reporting.filtersets import DeadlineFilters, ProgressReportFilters
from reporting.labels import file_name
from reporting.models import Deadline, ProgressReport, ReportFile
from reporting.selectors.report_files import CONTENT_TYPES, file_to_read, files_to_read
from reporting.selectors.reports import (
    read_then,
    reads_for_units,
    reports_progress,
    reports_visible_to,
)
from reporting.serializers import (
    DeadlineItem,
    ProgressReportItem,
    deadline_item,
    progress_report_item,
)

# Where a report of a page keeps whether it is made.
_STATE: Final = "_state_told"


class ReportFiles(Files):
    """The formats of a report, and the data that it was made from: as on its page."""

    types = CONTENT_TYPES

    def find(self, row: ProgressReport, file_format: str, read: Read) -> Archived | None:
        """Return the final file of an issued report, the draft before, as it was there then."""
        file = file_to_read(row, file_format, access_of(read.user))
        if file is None:
            return None
        name = file_name(row, file_format)
        return Archived(name, file.content_type, file.sha256, file.size_bytes, file.open)


class ProgressReports(RecordCollection[ProgressReport]):
    """Progress reports: what they speak of, how far they are, and where their files are."""

    name = "progressReports"
    item_type = ProgressReportItem
    filterset = ProgressReportFilters
    reference_date_means = "It is the same on any date."
    sortable = {
        "referenceDate": "reference_date",
        "knownAt": "known_at",
        "minister": ByteOrder("minister__code"),
        "language": "language",
        "edition": "edition",
        "issuedAt": "issued_at",
    }
    default_order = ("-referenceDate", "-knownAt", "minister", "language")
    feed = REPORTS
    search_prefix = None
    embeds = {"operationalPlan": "operationalPlans", "minister": "ministers"}
    files = ReportFiles()

    def visible(self, read: Read) -> QuerySet[ProgressReport]:
        """Return those that the user may see, made by then; without their snapshots and seals.

        Who reads issued ones only reads those that were issued then.
        """
        access, moment = access_of(read.user), read.clocks.known_at
        large = ("snapshot", "seal")
        rows = reports_visible_to(access).select_related("corrects")
        rows = there_then(rows.defer(*large, *(f"corrects__{name}" for name in large)), read)
        files = ReportFile.objects.all()
        if read.clocks.pinned_known:
            files = files.filter(published_at__lte=moment)
            rows = rows.filter(read_then(access, moment))
        return rows.prefetch_related(Prefetch("files", files))

    def shown(self, rows: Sequence[ProgressReport], read: Read) -> Sequence[ProgressReport]:
        """Return them as they stood then, with what their jobs say of them: one query."""
        found = reports_progress(super().shown(rows, read))
        for progress in found:
            vars(progress.report)[_STATE] = progress.state
        return [progress.report for progress in found]

    def item(self, row: ProgressReport, read: Read) -> ProgressReportItem:
        """Return one report."""

        def address(file: ReportFile) -> str:
            then = {"asOf": moment_text(read.clocks.known_at)} if read.clocks.pinned_known else {}
            found = read.links.file(self.name, row.uuid, file.format)
            return f"{found}?{urlencode(then)}" if then else found

        # A directorate reads a report on its page, which leaves out what is not for it.
        whole = not reads_for_units(access_of(read.user), row)
        files = files_to_read(row) if whole else []
        return progress_report_item(row, vars(row)[_STATE], files, read.links, address)


class Deadlines(RecordCollection[Deadline]):
    """Days of the plan cycle that someone entered."""

    name = "deadlines"
    item_type = DeadlineItem
    filterset = DeadlineFilters
    reference_date_means = "It is the same on any date."
    sortable = {
        "dueOn": "due_on",
        "year": "plan__year",
        "kind": "kind",
        "unit": ByteOrder("unit__code"),
    }
    default_order = ("dueOn", "kind")
    feed = DEADLINES
    search_fields = ("title",)
    search_prefix = None
    embeds = {"operationalPlan": "operationalPlans", "unit": "organisationUnits"}

    def visible(self, read: Read) -> QuerySet[Deadline]:
        """Return those that the user may see and that stood there then."""
        rows = Deadline.objects.visible_to(access_of(read.user))
        if read.clocks.pinned_known:
            rows = rows.standing_at(read.clocks.known_at)
        else:
            rows = rows.current()
        return there_then(rows.select_related("plan", "unit"), read)

    def item(self, row: Deadline, read: Read) -> DeadlineItem:
        """Return one deadline."""
        return deadline_item(row, read.links)


COLLECTIONS = (ProgressReports(), Deadlines())
