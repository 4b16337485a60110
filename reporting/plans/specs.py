"""Which fixture fills which table: one `Subject` each, in the order in which they load.

Everything that is known about a fixture file stands here once; the shapes against which the
reader checks the files follow from it.
"""

from collections.abc import Mapping
from typing import Any, Final

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
from reporting.plans.columns import (
    DESCRIBED,
    NAMED,
    OURS,
    PLACE,
    PLAN,
    PLANS,
    Column,
    Links,
    Subject,
    attributes,
    constant,
    enclosing,
    localised,
    plain,
    reference,
)
from reporting.plans.means import MEANS
from reporting.plans.reader import Entry, FileShape, Key, Kind, Shape


def _elements(name: str, file: str, *columns: Column, **options: Any) -> Subject:
    """Return a subject that fills `PlanElement`."""
    return Subject(
        name,
        PlanElement,
        file,
        (*DESCRIBED, PLAN, *columns),
        lookup=("plan", "kind", "code"),
        **options,
    )


_KIND: Final = plain("kind", allowed=ElementKind, required=True)
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
            *DESCRIBED,
            plain("kind", allowed=UnitKind, required=True),
            reference("parent", "organisation_units"),
            localised("short_title"),
            localised("remark", ours=OURS),
            plain("is_hosted", Kind.FLAG, key="hosted", default=False),
        ),
        lookup=("code",),
    ),
    Subject(
        "unit names",
        UnitName,
        "organisation_units",
        (
            enclosing("unit", "organisation_units"),
            plain("where", allowed=NameSource, required=True),
            plain("printed", required=True),
            *PLACE,
        ),
        lookup=("unit", "where", "source_first_line"),
        nested="names",
    ),
    Subject(
        "ministers",
        SupervisingMinister,
        "ministers",
        (
            *NAMED,
            localised("short_title"),
            plain("plan_codes", Kind.TEXTS, key="plans", default=[]),
        ),
        lookup=("code",),
        unused=("description", "units_lines"),
    ),
    Subject(
        "office holders",
        OfficeHolder,
        "ministers",
        (
            enclosing("minister", "ministers"),
            plain("name", required=True),
            plain("holds_from", Kind.DATE, key="from"),
            *PLACE,
        ),
        lookup=("minister", "name"),
        nested="holders",
        unused=("printed",),
    ),
    Subject(
        "officials",
        OfficeHolder,
        "ministers",
        (plain("name", required=True), localised("office", "title", required=True), *PLACE),
        lookup=("minister", "name"),
        list_name="officials",
        unused=("unit",),
    ),
    Subject(
        "minister-unit links",
        MinisterUnit,
        "ministers",
        (
            enclosing("minister", "ministers"),
            reference("unit", "organisation_units", required=True),
            *PLACE,
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
        attributes(Key("members", Kind.LOCALISED_TEXTS), Key("law", Kind.LOCALISED)),
    ),
    Subject(
        "missions",
        Mission,
        "missions",
        (*DESCRIBED, PLAN, localised("law")),
        lookup=("plan", "code"),
        unused=("law_lines",),
    ),
    Subject(
        "strategic objectives",
        StrategicObjective,
        "strategic_objectives",
        (*DESCRIBED, PLAN, reference("coalition_line", "plan_elements_sp")),
        lookup=("plan", "code"),
    ),
    Subject(
        "goals",
        Goal,
        "goals",
        (*DESCRIBED, reference("objective", "strategic_objectives", required=True)),
        lookup=("objective", "code"),
    ),
    Subject(
        "werven",
        Werf,
        "werven",
        (*DESCRIBED, reference("objective", "strategic_objectives", required=True)),
        lookup=("objective", "code"),
        links=(
            Links(
                "units",
                WerfUnit,
                "werf",
                (reference("unit", "organisation_units", required=True),),
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
            *DESCRIBED,
            plain("kind", allowed=WerfElementKind, required=True),
            reference("werf", "werven", required=True),
        ),
        lookup=("werf", "code"),
    ),
    Subject(
        "communication plan",
        CommunicationAction,
        "communication_plan",
        (
            *NAMED,
            PLAN,
            localised("purpose"),
            localised("audience"),
            localised("timing"),
            localised("message", ours=OURS),
            localised("channel"),
            localised("material"),
            plain("date", Kind.DATE),
            plain("date_printed", default=""),
            plain("audience_printed", default=""),
            plain("is_material_incomplete", Kind.FLAG, key="material_incomplete", default=False),
        ),
        lookup=("plan", "code"),
        unused=("date_open", "audience_open"),
    ),
)

_SECURITY_PLAN: Final = (
    Subject(
        "KIV dimensions",
        KivDimension,
        "kiv_dimensions",
        (*DESCRIBED, PLAN),
        lookup=("plan", "code"),
        unused=("printed_variants",),
    ),
    Subject(
        "security themes",
        SecurityTheme,
        "security_themes",
        (
            *DESCRIBED,
            PLAN,
            reference("parent", "security_themes"),
            plain("is_block", Kind.FLAG, required=True),
            plain("is_kiv_transversal", Kind.FLAG, key="kiv_transversal", default=False),
            plain("printed_variants", Kind.PRINTINGS, default=[]),
        ),
        lookup=("plan", "code"),
        links=(
            Links(
                "kiv",
                ThemeKivLink,
                "theme",
                (
                    reference("dimension", "kiv_dimensions", key="kiv", required=True),
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
            *DESCRIBED,
            reference("theme", "security_themes", required=True),
            plain("level", allowed=ObjectiveLevel, required=True),
            plain("number", Kind.INTEGER, required=True),
            localised("group"),
        ),
        lookup=("theme", "code"),
    ),
    Subject(
        "points of objectives",
        SecurityObjectivePoint,
        "security_objectives",
        (*DESCRIBED, enclosing("objective", "security_objectives")),
        lookup=("objective", "code"),
        nested="points",
    ),
    Subject(
        "attention points",
        AttentionPoint,
        "attention_points",
        (
            *DESCRIBED,
            reference("theme", "security_themes", required=True),
            plain("is_general", Kind.FLAG, key="general", default=False),
        ),
        lookup=("theme", "code"),
    ),
    _elements(
        "police missions",
        "theme_missions",
        constant("kind", ElementKind.THEME_MISSION.value),
        attributes(Key("theme", required=True, refers_to="security_themes")),
    ),
    _elements(
        "regular police themes",
        "regular_police_themes",
        constant("kind", ElementKind.REGULAR_THEME.value),
        attributes(),
        flags=("open_ended",),
    ),
    _elements(
        "emphases of the method",
        "method_emphases",
        constant("kind", ElementKind.EMPHASIS.value),
    ),
    Subject(
        "policy frameworks",
        PolicyFramework,
        "policy_frameworks",
        (
            *DESCRIBED,
            PLAN,
            plain("kind", allowed=FrameworkKind, required=True),
            plain("status", allowed=FrameworkStatus, default=""),
            plain("valid_from_year", Kind.INTEGER),
            plain("valid_to_year", Kind.INTEGER),
            plain("published_year", Kind.INTEGER),
        ),
        lookup=("plan", "code"),
        links=(
            Links(
                "mentions",
                FrameworkMention,
                "framework",
                (
                    reference("theme", "security_themes", required=True),
                    reference("dimension", "kiv_dimensions", key="kiv"),
                    plain("printed", required=True),
                    Column("source_line", lambda entry: entry.first_line),
                ),
            ),
        ),
    ),
    Subject(
        "enabling conditions",
        EnablingCondition,
        "enabling_conditions",
        (*DESCRIBED, PLAN),
        lookup=("plan", "code"),
    ),
    Subject(
        "points of conditions",
        EnablingConditionPoint,
        "enabling_conditions",
        (*DESCRIBED, enclosing("condition", "enabling_conditions")),
        lookup=("condition", "code"),
        nested="points",
    ),
    _elements(
        "police resources",
        "police_resources",
        _KIND,
        attributes(
            Key("value"),
            Key("of"),
            Key("unit", Kind.LOCALISED),
            Key("year", Kind.INTEGER),
            Key("as_of", Kind.DATE),
            Key("approximate", Kind.FLAG),
            Key("is_target", Kind.FLAG),
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
        attributes(Key("date", Kind.DATE), Key("actor", Kind.LOCALISED)),
    ),
    _elements(
        "abbreviations",
        "abbreviations",
        constant("kind", ElementKind.ABBREVIATION.value),
    ),
)

SUBJECTS: Final = (
    Subject(
        "plans",
        Plan,
        PLANS,
        (
            *DESCRIBED,
            plain("kind", allowed=PlanKind, required=True),
            plain("starts_on", Kind.DATE, required=True),
            plain("ends_on", Kind.DATE, required=True),
            plain("signed_on", Kind.DATE),
            localised("replaces"),
            localised("law"),
            localised("motto"),
        ),
        lookup=("code",),
        unused=("replaces_lines", "signed_at", "signed_lines", "law_lines", "motto_lines"),
    ),
    *_ORGANISATION,
    *MEANS,
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
