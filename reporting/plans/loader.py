"""Loads both plans: the service, and the load itself."""

import uuid
from collections import defaultdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from django.db import models, transaction
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError
from ibzplan.core.services import clock_rewritten, history_record, next_instant
from reporting.plans.columns import PLANS, Column, Links, Row, Subject
from reporting.plans.merge import Outcome, merge
from reporting.plans.prune import prune
from reporting.plans.reader import Entry, Problem, Reading, folder_read
from reporting.plans.report import Finding, LoadReport, SubjectCount, Vanished
from reporting.plans.specs import SHAPES, SUBJECTS, subject_entries
from reporting.plans.tables import Table, search_key, stable_uuid

if TYPE_CHECKING:
    from personnel.models import User

ACTION_LOADED = "loaded"


class InvalidFixtures(DomainError):
    """The fixtures are wrong and nothing was loaded; `problems` says where and why."""

    def __init__(self, problems: list[Problem]) -> None:
        """Keep the problems; the message has one on each line."""
        lines = "\n".join(str(problem) for problem in problems)
        super().__init__(
            "invalid_fixtures", _("The fixtures hold errors:\n%(lines)s") % {"lines": lines}
        )
        self.problems = problems


def fixtures_read(*, folder: Path) -> Reading:
    """Return all entries of the fixtures in `folder` with every problem; touches no database."""
    reading = folder_read(folder, SHAPES)
    sources = {entry.source for entry in reading.entries(PLANS)}
    reading.problems.extend(
        Problem(entry.file, entry.code, "source", f"no plan in plans.yaml has {entry.source!r}")
        for entries in reading.lists.values()
        for entry in entries
        if sources and entry.source not in sources
    )
    return reading


@transaction.atomic
def plans_load(
    *, actor: "User | None" = None, folder: Path, with_prune: bool = False
) -> LoadReport:
    """Bring the database to the fixtures in `folder`, and return what was done.

    Values that a user edited since the last load stay and are reported. Rows whose entry vanished
    are reported; `with_prune` deletes those that nobody edited and nothing refers to. Each updated
    row gets a history entry; new rows share one per plan, with their numbers.
    Raises InvalidFixtures, having written nothing, when any file is wrong.
    Costs about one query a table, and one or two for each row that changes.
    """
    reading = fixtures_read(folder=folder)
    if reading.problems:
        raise InvalidFixtures(reading.problems)
    load = _Load(reading, actor, next_instant())
    for subject in SUBJECTS:
        load.subject_load(subject)
    load.finish(with_prune=with_prune)
    if not load.report.is_unchanged:
        clock_rewritten(at=load.at)  # new rows and links between rows have no history
    return load.report


class _Load:
    """One load, from the first table to the last."""

    def __init__(self, reading: Reading, actor: "User | None", at: datetime) -> None:
        self.reading = reading
        self.actor = actor
        self.at = at  # one instant for all that this load does
        self.report = LoadReport()
        self.tables: dict[type[models.Model], Table] = {}
        self.rows_by_code: dict[tuple[str, str], Row] = {}
        self.rows_by_uuid: dict[str, Row] = {}
        self.plan_codes = {entry.source: entry.code for entry in reading.entries(PLANS)}
        # plan code -> subject -> [rows that were there, rows that are there now]
        self.tallies: dict[str, dict[str, list[int]]] = defaultdict(dict)

    def subject_load(self, subject: Subject) -> None:
        """Load one subject; those that it refers to are loaded."""
        table = self.tables.get(subject.model)
        if table is None:
            table = self.tables[subject.model] = Table(subject, self.tables)
        count = SubjectCount(subject.name)
        self.report.subjects.append(count)
        linked = {links.name: self.links_stored(links, table) for links in subject.links}
        relinked: dict[str, list[tuple[Row, list[dict[str, Any]]]]] = defaultdict(list)
        for entry in subject_entries(
            subject, self.reading.entries(subject.file, subject.list_name)
        ):
            values = {column.name: self.value(column, entry) for column in subject.columns}
            links = {links.name: self.links_wanted(links, entry) for links in subject.links}
            path = table.path(values)
            if path in table.met_paths:
                code, message = entry.parent_code or entry.code, f"{path} stands twice"
                raise InvalidFixtures([Problem(entry.file, code, subject.nested, message)])
            identity = stable_uuid(subject.model, path)
            row = table.find(identity, path)
            tally = self.tallies[self.plan_codes[entry.source]].setdefault(subject.name, [0, 0])
            tally[1] += 1
            if row is None:
                count.new += 1
                row = self.row_new(subject, table, identity, {**values, **links})
                taken = [name for name in links if links[name]]
            else:
                tally[0] += 1
                stored = {name: linked[name].get(row.pk, []) for name in links}
                taken = self.row_merge(subject, table, row, {**values, **links}, stored, count)
            table.match(row, path)
            for name in taken:
                relinked[name].append((row, links[name]))
            self.rows_by_uuid[str(row.uuid)] = row
            if not subject.nested:
                self.rows_by_code[subject.file, entry.code] = row
        table.flush()
        for link in subject.links:
            self.links_write(link, relinked[link.name], linked[link.name])

    def value(self, column: Column, entry: Entry) -> Any:
        """Return the fixture's value in JSON form; of a reference, the UUID of its row."""
        value = column.take(entry)
        if not column.target or value is None:
            return value
        code = self.plan_codes[value] if column.target == PLANS else value
        row = self.rows_by_code[column.target, code]
        if row.pk is None:
            self.tables[type(row)].flush()
        return str(row.uuid)

    def assign(self, row: models.Model, name: str, value: Any) -> None:
        """Set a value that stands in JSON form."""
        field = cast("models.Field[Any, Any]", row._meta.get_field(name))
        if field.is_relation:
            setattr(row, name, None if value is None else self.rows_by_uuid[value])
        else:
            setattr(row, name, field.to_python(value))

    def row_new(
        self, subject: Subject, table: Table, identity: uuid.UUID, values: dict[str, Any]
    ) -> Row:
        """Return a new row, pending insertion."""
        row = subject.model(uuid=identity, loaded_values=values)
        for column in subject.columns:
            self.assign(row, column.name, values[column.name])
        if hasattr(row, "search_key"):
            row.search_key = search_key(row)
        table.pending.append(row)
        return row

    def row_merge(
        self,
        subject: Subject,
        table: Table,
        row: Row,
        values: dict[str, Any],
        stored_links: dict[str, list[dict[str, Any]]],
        count: SubjectCount,
    ) -> list[str]:
        """Merge an entry into its stored row; return the names of the links to write again."""
        loaded = dict(row.loaded_values or {})
        changes: dict[str, tuple[Any, Any]] = {}
        for name, fixture in values.items():
            is_link = name in stored_links
            stored = stored_links[name] if is_link else table.value(row, name)
            last = loaded.get(name, [] if is_link else table.default(name))
            outcome = merge(stored=stored, loaded=last, fixture=fixture)
            if outcome in (Outcome.SAME, Outcome.TAKEN):
                loaded[name] = fixture
            if outcome is Outcome.TAKEN:
                changes[name] = (stored, fixture)
                if not is_link:
                    self.assign(row, name, fixture)
            elif outcome is not Outcome.SAME:
                self.found(outcome, Finding(self.label(row), name, stored, last, fixture), count)
        self.row_save(row, loaded, changes)
        count.changed += bool(changes)
        return [name for name in changes if name in stored_links]

    def row_save(
        self, row: Row, loaded: dict[str, Any], changes: dict[str, tuple[Any, Any]]
    ) -> None:
        """Write what changed, with its history. Derived columns are refreshed in silence."""
        written = [name for name in changes if name not in _LINK_NAMES]
        if changes:
            row.version += 1
            written.append("version")
            history_record(
                actor=self.actor, target=row, action=ACTION_LOADED, changes=changes, at=self.at
            )
        if hasattr(row, "search_key") and row.search_key != search_key(row):
            row.search_key = search_key(row)
            written.append("search_key")
        if loaded != row.loaded_values:
            row.loaded_values = loaded
            written.append("loaded_values")
        if written:
            row.save(update_fields=written)

    def found(self, outcome: Outcome, finding: Finding, count: SubjectCount) -> None:
        """Report a value that a user edited."""
        shown = Finding(
            finding.record,
            finding.field,
            self.shown(finding.stored),
            self.shown(finding.loaded),
            self.shown(finding.fixture),
        )
        if outcome is Outcome.CONFLICT:
            count.conflicts += 1
            self.report.conflicts.append(shown)
        else:
            count.kept_edits += 1
            self.report.kept_edits.append(shown)

    def label(self, row: Row) -> str:
        """Return how the report names a record: its type and its codes."""
        return f"{row._meta.object_name} {self.tables[type(row)].paths[row.uuid]}"

    def shown(self, value: Any) -> Any:
        """Return a value for people: the codes of a row instead of its UUID."""
        if isinstance(value, list):
            return [self.shown(item) for item in value]
        if isinstance(value, dict):
            return {name: self.shown(item) for name, item in value.items()}
        row = self.rows_by_uuid.get(value) if isinstance(value, str) else None
        return self.tables[type(row)].paths[row.uuid] if row else value

    def links_wanted(self, links: Links, entry: Entry) -> list[dict[str, Any]]:
        """Return the link rows that the entry asks for, in JSON form."""
        rows = [
            {column.name: self.value(column, below) for column in links.columns}
            for below in entry.children.get(links.name, ())
        ]
        return rows if links.is_ranked else sorted(rows, key=_link_order)

    def links_stored(self, links: Links, table: Table) -> dict[int, list[dict[str, Any]]]:
        """Return the stored link rows by the key of their owner, in JSON form."""
        found: dict[int, list[dict[str, Any]]] = defaultdict(list)
        if not table.stored:
            return found
        manager = cast("models.Manager[Any]", links.model._default_manager)
        order = "order" if links.is_ranked else "pk"
        names = [column.name for column in links.columns]
        for row in manager.order_by(order, "pk").values(f"{links.owner}_id", *names):
            found[row[f"{links.owner}_id"]].append(
                {name: self.link_value(links, name, row[name]) for name in names}
            )
        if links.is_ranked:
            return found
        return {owner: sorted(rows, key=_link_order) for owner, rows in found.items()}

    def link_value(self, links: Links, name: str, value: Any) -> Any:
        """Return a stored value of a link row in JSON form."""
        target = links.model._meta.get_field(name).related_model
        if target is None or value is None:
            return value
        table = self.tables[target]
        return str(table.uuids_by_pk[value])

    def links_write(
        self,
        links: Links,
        relinked: list[tuple[Row, list[dict[str, Any]]]],
        stored: dict[int, list[dict[str, Any]]],
    ) -> None:
        """Replace the link rows of the owners in `relinked`, all of them before any new one."""
        manager = cast("models.Manager[Any]", links.model._default_manager)
        old = [owner.pk for owner, _wanted in relinked if owner.pk in stored]
        if old:
            manager.filter(**{f"{links.owner}__in": old}).delete()
        fresh = []
        for owner, wanted in relinked:
            for position, values in enumerate(wanted):
                row = links.model(**{links.owner: owner})
                for name, value in values.items():
                    self.assign(row, name, value)
                if links.is_ranked:
                    self.assign(row, "order", position)
                fresh.append(row)
        if fresh:
            manager.bulk_create(fresh)

    def edited(self, row: Row) -> list[str]:
        """Return the names of what a user changed in a row since it was loaded."""
        table = self.tables[type(row)]
        links = {
            links.name: self.links_stored(links, table).get(row.pk, [])
            for subject in SUBJECTS
            for links in subject.links
            if subject.model is type(row)
        }
        return [
            name
            for name, loaded in (row.loaded_values or {}).items()
            if loaded != (links[name] if name in links else table.value(row, name))
        ]

    def finish(self, *, with_prune: bool) -> None:
        """Report or prune what vanished, and write each plan's own history entry."""
        order = list(dict.fromkeys(subject.model for subject in reversed(SUBJECTS)))
        for model in order:
            table = self.tables[model]
            for row in table.vanished():
                because = ""
                if with_prune:
                    because = prune(actor=self.actor, row=row, edited=self.edited(row), at=self.at)
                if with_prune and not because:
                    self.report.pruned.append(self.label(row))
                else:
                    self.report.vanished.append(Vanished(self.label(row), because))
        for code, subjects in self.tallies.items():
            grown = {name: (was, now) for name, (was, now) in subjects.items() if was != now}
            if grown:
                history_record(
                    actor=self.actor,
                    target=self.rows_by_code[PLANS, code],
                    action=ACTION_LOADED,
                    changes=grown,
                    at=self.at,
                )
        if self.report.new:
            # New rows say of themselves the wall clock: the record clock goes past it, so that they
            # are there in what is read as known right after the load.
            next_instant()


_LINK_NAMES = frozenset(links.name for subject in SUBJECTS for links in subject.links)


def _link_order(row: dict[str, Any]) -> str:
    return repr(sorted(row.items(), key=lambda item: item[0]))
