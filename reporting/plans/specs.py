"""Which fixture fills which table: one `Subject` each, in the order in which they load.

Everything that is known about a fixture file stands here once; the shapes against which the
reader checks the files follow from it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import models

from ibzplan.core.localised import STATE_UNOFFICIAL, LocalisedText
from objectives.security.choices import FrameworkKind, FrameworkStatus, ObjectiveLevel
from objectives.security.models import (
    AttentionPoint,
    EnablingCondition,
    EnablingConditionPoint,
    FrameworkMention,
    KivDimension,
    PolicyFramework,
    SecurityObjective,
    SecurityObjectivePoint,
    SecurityTheme,
    ThemeKivLink,
)
from objectives.strategy.choices import ElementKind, PlanKind, WerfElementKind
from objectives.strategy.models import (
    CommunicationAction,
    Goal,
    Mission,
    Plan,
    PlanElement,
    PlanEntry,
    StrategicObjective,
    Werf,
    WerfElement,
    WerfUnit,
)
from personnel.choices import NameSource, UnitKind
from personnel.models import (
    MinisterUnit,
    OfficeHolder,
    OrganisationUnit,
    SupervisingMinister,
    UnitName,
)
from reporting.plans.reader import ENTRIES, Entry, FileShape, Key, Kind, Shape

Row = PlanEntry | OrganisationUnit | UnitName | SupervisingMinister | OfficeHolder | MinisterUnit
LinkRow = WerfUnit | ThemeKivLink | FrameworkMention

PLANS: Final = "plans"

# Titles keep the printed Dutch name (shortened); descriptions are our own words in both languages.
OURS_FR: Final = ("fr",)
OURS: Final = ("nl", "fr")


@dataclass(frozen=True)
class Column:
    """A column of a table: `take` gets its value, in its JSON form, from an entry.

    With `target` the column is a foreign key, and `take` gives the code of an entry of that file.
    """

    name: str
    take: Callable[[Entry], Any]
    keys: tuple[Key, ...] = ()
    target: str = ""


@dataclass(frozen=True)
class Links:
    """Rows of a join table, taken from the list `name` of an entry and owned by its row.

    They carry no loaded values of their own: the owner's `loaded_values` keep the whole list, so
    that a user's change of the list is kept like any other edit. The place in an `is_ranked` list
    has a meaning and is written to the column `order`.
    """

    name: str
    model: type[LinkRow]
    owner: str
    columns: tuple[Column, ...]
    scalar: str = ""
    is_ranked: bool = False


@dataclass(frozen=True)
class Subject:
    """A table, the list that fills it, and the columns that identify a row in it.

    `nested` names a list inside each entry of the file's list. Subjects that fill the same table
    have the same `lookup`; a column of it that a subject does not fill is empty there.
    """

    name: str
    model: type[Row]
    file: str
    columns: tuple[Column, ...]
    lookup: tuple[str, ...]
    list_name: str = ENTRIES
    nested: str = ""
    scalar: str = ""
    lines_from: str = ""
    links: tuple[Links, ...] = ()
    unused: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


def as_localised(value: Mapping[str, str] | None, ours: tuple[str, ...]) -> dict[str, Any]:
    """Return the stored form of a text of which the languages `ours` are unofficial."""
    return LocalisedText(value, dict.fromkeys(ours, STATE_UNOFFICIAL)).as_json()


def _localised(
    name: str, key: str = "", *, ours: tuple[str, ...] = OURS_FR, required: bool = False
) -> Column:
    key = key or name
    return Column(
        name,
        lambda entry: as_localised(entry.values[key], ours),
        (Key(key, Kind.LOCALISED, required),),
    )


def _plain(
    name: str,
    kind: Kind = Kind.TEXT,
    *,
    key: str = "",
    allowed: type[models.TextChoices] | None = None,
    required: bool = False,
    default: Any = None,
) -> Column:
    """Return a column that takes over the key's value, or `default` where there is none."""
    key = key or name

    def take(entry: Entry) -> Any:
        value = entry.values[key]
        if value is None:
            return default
        return value.isoformat() if kind is Kind.DATE else value

    choices = frozenset(allowed.values) if allowed else frozenset()
    return Column(name, take, (Key(key, kind, required, choices),))


def _constant(name: str, value: str) -> Column:
    return Column(name, lambda _entry: value)


def _reference(name: str, file: str, *, key: str = "", required: bool = False) -> Column:
    key = key or name
    return Column(
        name,
        lambda entry: entry.values[key],
        (Key(key, required=required, refers_to=file),),
        target=file,
    )


def _enclosing(name: str, file: str) -> Column:
    """Return the foreign key from a sub-entry to the entry that holds it."""
    return Column(name, lambda entry: entry.parent_code, target=file)


def _code(entry: Entry) -> str:
    return entry.code or f"{entry.parent_code}.{entry.order}"


def _attribute(entry: Entry, key: Key) -> Any:
    value = entry.values[key.name]
    if value is None:
        return None
    if key.kind is Kind.LOCALISED:
        return as_localised(value, OURS_FR)
    if key.kind is Kind.LOCALISED_TEXTS:
        return [as_localised(item, OURS_FR) for item in value]
    return value.isoformat() if key.kind is Kind.DATE else value


def _attributes(*keys: Key) -> Column:
    """Return the column with what only one kind of element has; what is not printed is left out."""

    def take(entry: Entry) -> dict[str, Any]:
        found = {key.name: _attribute(entry, key) for key in keys}
        flags = dict.fromkeys(sorted(entry.flags), True)
        return {**{name: value for name, value in found.items() if value is not None}, **flags}

    return Column("attributes", take, keys)


# The plan of an entry is the one that its source file prints (see plans.yaml).
_PLAN: Final = Column("plan", lambda entry: entry.source, target=PLANS)
_CODE: Final = Column("code", _code)
_ORDER: Final = Column("order", lambda entry: entry.order)
_PLACE: Final = (
    Column("source_file", lambda entry: entry.source),
    Column("source_first_line", lambda entry: entry.first_line),
    Column("source_last_line", lambda entry: entry.last_line),
)
_TITLE: Final = _localised("title", required=True)
_NAMED: Final = (_CODE, _TITLE, _ORDER, *_PLACE)
_DESCRIBED: Final = (*_NAMED, _localised("description", ours=OURS))


def _elements(name: str, file: str, *columns: Column, **options: Any) -> Subject:
    """Return a subject that fills `PlanElement`."""
    return Subject(
        name,
        PlanElement,
        file,
        (*_DESCRIBED, _PLAN, *columns),
        lookup=("plan", "kind", "code"),
        **options,
    )


_KIND: Final = _plain("kind", allowed=ElementKind, required=True)
_OPEN_STATE: Final = Column(
    "is_open",
    lambda entry: entry.values["state"] == "open",
    (Key("state", allowed=frozenset({"open"})),),
)
_OPEN_MILESTONE: Final = Column(
    "is_open",
    lambda entry: entry.values["kind"] == ElementKind.PLAN_MILESTONE and not entry.values["date"],
)

_ORGANISATION: Final = (
    Subject(
        "organisation units",
        OrganisationUnit,
        "organisation_units",
        (
            *_DESCRIBED,
            _plain("kind", allowed=UnitKind, required=True),
            _reference("parent", "organisation_units"),
        ),
        lookup=("code",),
        unused=("short_title", "remark", "hosted"),
    ),
    Subject(
        "unit names",
        UnitName,
        "organisation_units",
        (
            _enclosing("unit", "organisation_units"),
            _plain("where", allowed=NameSource, required=True),
            _plain("printed", required=True),
            *_PLACE,
        ),
        lookup=("unit", "where", "source_first_line"),
        nested="names",
    ),
    Subject(
        "ministers",
        SupervisingMinister,
        "ministers",
        (
            *_NAMED,
            _localised("short_title"),
            _plain("plan_codes", Kind.TEXTS, key="plans", default=[]),
        ),
        lookup=("code",),
        unused=("description", "units_lines"),
    ),
    Subject(
        "office holders",
        OfficeHolder,
        "ministers",
        (
            _enclosing("minister", "ministers"),
            _plain("name", required=True),
            _plain("holds_from", Kind.DATE, key="from"),
            *_PLACE,
        ),
        lookup=("minister", "name"),
        nested="holders",
        unused=("printed",),
    ),
    Subject(
        "officials",
        OfficeHolder,
        "ministers",
        (_plain("name", required=True), _localised("office", "title", required=True), *_PLACE),
        lookup=("minister", "name"),
        list_name="officials",
        unused=("unit",),
    ),
    Subject(
        "minister-unit links",
        MinisterUnit,
        "ministers",
        (
            _enclosing("minister", "ministers"),
            _reference("unit", "organisation_units", required=True),
            *_PLACE,
        ),
        lookup=("minister", "unit"),
        nested="units",
        scalar="unit",
        lines_from="units_lines",
    ),
)

_STRATEGIC_PLAN: Final = (
    _elements(
        "elements of the strategic plan",
        "plan_elements_sp",
        _KIND,
        _OPEN_STATE,
        _attributes(Key("members", Kind.LOCALISED_TEXTS), Key("law", Kind.LOCALISED)),
    ),
    Subject(
        "missions",
        Mission,
        "missions",
        (*_DESCRIBED, _PLAN, _localised("law")),
        lookup=("plan", "code"),
        unused=("law_lines",),
    ),
    Subject(
        "strategic objectives",
        StrategicObjective,
        "strategic_objectives",
        (*_DESCRIBED, _PLAN, _reference("coalition_line", "plan_elements_sp")),
        lookup=("plan", "code"),
    ),
    Subject(
        "goals",
        Goal,
        "goals",
        (*_DESCRIBED, _reference("objective", "strategic_objectives", required=True)),
        lookup=("objective", "code"),
    ),
    Subject(
        "werven",
        Werf,
        "werven",
        (*_DESCRIBED, _reference("objective", "strategic_objectives", required=True)),
        lookup=("objective", "code"),
        links=(
            Links(
                "units",
                WerfUnit,
                "werf",
                (_reference("unit", "organisation_units", required=True),),
                scalar="unit",
                is_ranked=True,
            ),
        ),
        unused=("units_unofficial",),
    ),
    Subject(
        "werf elements",
        WerfElement,
        "werf_elements",
        (
            *_DESCRIBED,
            _plain("kind", allowed=WerfElementKind, required=True),
            _reference("werf", "werven", required=True),
        ),
        lookup=("werf", "code"),
    ),
    Subject(
        "communication plan",
        CommunicationAction,
        "communication_plan",
        (
            *_NAMED,
            _PLAN,
            _localised("purpose"),
            _localised("audience"),
            _localised("timing"),
            _localised("message", ours=OURS),
            _localised("channel"),
            _localised("material"),
            _plain("date", Kind.DATE),
            _plain("date_printed", default=""),
        ),
        lookup=("plan", "code"),
        unused=("date_open", "audience_printed", "audience_open", "material_incomplete"),
    ),
)

_SECURITY_PLAN: Final = (
    Subject(
        "KIV dimensions",
        KivDimension,
        "kiv_dimensions",
        (*_DESCRIBED, _PLAN),
        lookup=("plan", "code"),
        unused=("printed_variants",),
    ),
    Subject(
        "security themes",
        SecurityTheme,
        "security_themes",
        (
            *_DESCRIBED,
            _PLAN,
            _reference("parent", "security_themes"),
            _plain("is_block", Kind.FLAG, required=True),
            _plain("is_kiv_transversal", Kind.FLAG, key="kiv_transversal", default=False),
            _plain("printed_variants", Kind.PRINTINGS, default=[]),
        ),
        lookup=("plan", "code"),
        links=(
            Links(
                "kiv",
                ThemeKivLink,
                "theme",
                (
                    _reference("dimension", "kiv_dimensions", key="kiv", required=True),
                    Column("source_line", lambda entry: entry.first_line),
                ),
            ),
        ),
        unused=("kiv_transversal_line",),
    ),
    Subject(
        "security objectives",
        SecurityObjective,
        "security_objectives",
        (
            *_DESCRIBED,
            _reference("theme", "security_themes", required=True),
            _plain("level", allowed=ObjectiveLevel, required=True),
            _plain("number", Kind.INTEGER, required=True),
            _localised("group"),
        ),
        lookup=("theme", "code"),
    ),
    Subject(
        "points of objectives",
        SecurityObjectivePoint,
        "security_objectives",
        (*_DESCRIBED, _enclosing("objective", "security_objectives")),
        lookup=("objective", "code"),
        nested="points",
    ),
    Subject(
        "attention points",
        AttentionPoint,
        "attention_points",
        (
            *_DESCRIBED,
            _reference("theme", "security_themes", required=True),
            _plain("is_general", Kind.FLAG, key="general", default=False),
        ),
        lookup=("theme", "code"),
    ),
    _elements(
        "police missions",
        "theme_missions",
        _constant("kind", ElementKind.THEME_MISSION.value),
        _attributes(Key("theme", required=True, refers_to="security_themes")),
    ),
    _elements(
        "regular police themes",
        "regular_police_themes",
        _constant("kind", ElementKind.REGULAR_THEME.value),
        _attributes(),
        flags=("open_ended",),
    ),
    _elements(
        "emphases of the method",
        "method_emphases",
        _constant("kind", ElementKind.EMPHASIS.value),
    ),
    Subject(
        "policy frameworks",
        PolicyFramework,
        "policy_frameworks",
        (
            *_DESCRIBED,
            _PLAN,
            _plain("kind", allowed=FrameworkKind, required=True),
            _plain("status", allowed=FrameworkStatus, default=""),
            _plain("valid_from_year", Kind.INTEGER),
            _plain("valid_to_year", Kind.INTEGER),
            _plain("published_year", Kind.INTEGER),
        ),
        lookup=("plan", "code"),
        links=(
            Links(
                "mentions",
                FrameworkMention,
                "framework",
                (
                    _reference("theme", "security_themes", required=True),
                    _reference("dimension", "kiv_dimensions", key="kiv"),
                    _plain("printed", required=True),
                    Column("source_line", lambda entry: entry.first_line),
                ),
            ),
        ),
    ),
    Subject(
        "enabling conditions",
        EnablingCondition,
        "enabling_conditions",
        (*_DESCRIBED, _PLAN),
        lookup=("plan", "code"),
    ),
    Subject(
        "points of conditions",
        EnablingConditionPoint,
        "enabling_conditions",
        (*_DESCRIBED, _enclosing("condition", "enabling_conditions")),
        lookup=("condition", "code"),
        nested="points",
    ),
    _elements(
        "police resources",
        "police_resources",
        _KIND,
        _attributes(
            Key("value"),
            Key("of"),
            Key("unit", Kind.LOCALISED),
            Key("year", Kind.INTEGER),
            Key("as_of", Kind.DATE),
            Key("approximate", Kind.FLAG),
            Key("printed"),
            Key("valid_from_year", Kind.INTEGER),
            Key("valid_to_year", Kind.INTEGER),
            Key("basis"),
        ),
    ),
    _elements(
        "follow-up",
        "follow_up",
        _KIND,
        _OPEN_MILESTONE,
        _attributes(Key("date", Kind.DATE), Key("actor", Kind.LOCALISED)),
    ),
    _elements(
        "abbreviations",
        "abbreviations",
        _constant("kind", ElementKind.ABBREVIATION.value),
    ),
)

SUBJECTS: Final = (
    Subject(
        "plans",
        Plan,
        PLANS,
        (
            *_DESCRIBED,
            _plain("kind", allowed=PlanKind, required=True),
            _plain("starts_on", Kind.DATE, required=True),
            _plain("ends_on", Kind.DATE, required=True),
            _plain("signed_on", Kind.DATE),
            _localised("replaces"),
        ),
        lookup=("code",),
        unused=(
            "replaces_lines",
            "signed_at",
            "signed_lines",
            "law",
            "law_lines",
            "motto",
            "motto_lines",
        ),
    ),
    *_ORGANISATION,
    *_STRATEGIC_PLAN,
    *_SECURITY_PLAN,
)


def _shape_of(subject: Subject) -> Shape:
    """Return the shape of a top-level list, with those of the lists inside its entries."""
    children = {
        nested.nested: Shape(
            _keys(nested.columns, nested.unused),
            scalar=nested.scalar,
            lines_from=nested.lines_from,
        )
        for nested in SUBJECTS
        if nested.nested and (nested.file, nested.list_name) == (subject.file, subject.list_name)
    }
    for links in subject.links:
        children[links.name] = Shape(_keys(links.columns), scalar=links.scalar)
    return Shape(_keys(subject.columns, subject.unused), children)


def _keys(columns: tuple[Column, ...], unused: tuple[str, ...] = ()) -> tuple[Key, ...]:
    keys = tuple(key for column in columns for key in column.keys)
    return (*keys, *(Key(name, Kind.ANY) for name in unused))


def _file_shapes() -> dict[str, FileShape]:
    lists: dict[str, dict[str, Shape]] = {}
    flags: dict[str, tuple[str, ...]] = {}
    for subject in SUBJECTS:
        if not subject.nested:
            lists.setdefault(subject.file, {})[subject.list_name] = _shape_of(subject)
            flags[subject.file] = (*flags.get(subject.file, ()), *subject.flags)
    return {file: FileShape(shapes, flags[file]) for file, shapes in lists.items()}


SHAPES: Final[Mapping[str, FileShape]] = _file_shapes()


def subject_entries(subject: Subject, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return the entries that fill the subject, out of those of its file's list."""
    if not subject.nested:
        return entries
    return tuple(below for entry in entries for below in entry.children.get(subject.nested, ()))
