"""The form of an operational objective."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django import forms
from django.forms.boundfield import BoundField
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from objectives.planning.choices import Origin
from objectives.planning.forms.common import (
    DateField,
    DateInput,
    ask_for_name,
    localised_of,
    textarea,
)
from objectives.planning.forms.grouped import (
    ChoiceGroup,
    GroupedChoiceField,
    GroupedMultipleField,
    OfferedChoiceField,
    OfferedMultipleField,
    choice_groups,
)
from objectives.planning.models import OperationalObjective, OperationalPlan
from objectives.planning.selectors.offers import (
    goals_offered,
    holders_offered,
    sub_units_of,
    units_sharing,
)
from objectives.planning.services import ObjectiveSheet
from objectives.planning.services.objective_sheets import MAX_REFERENCE_CHARACTERS
from objectives.security.models import SecurityObjective
from objectives.security.selectors.structure import all_security_objectives
from objectives.strategy.models import Goal, StrategicObjective, Werf
from objectives.strategy.selectors.structure import all_werven, goals_of, werven_of
from personnel.models import ManagementFunction, OrganisationUnit
from personnel.selectors import all_functions
from personnel.structure import all_units

_HALVES: Final = (
    *("unit", "sub_unit", "holder", "starts_on", "ends_on"),
    *("origin", "origin_reference"),
)
# The form's part of what the services call by the same name.
LINKS: Final = ("co_owners", "goals", "security_objectives")


def strategic_heading(objective: StrategicObjective) -> str:
    """Return 'SO 2 Inrichten', as the groups of werven and goals are headed."""
    return " ".join([gettext("SO"), objective.code, str(objective.title)])


def _of_werf(werf: Werf) -> str:
    return strategic_heading(werf.objective)


def _of_goal(goal: Goal) -> str:
    return strategic_heading(goal.objective)


def _of_theme(objective: SecurityObjective) -> str:
    return f"{objective.theme.code} {objective.theme.title}"


class HolderField(GroupedChoiceField):
    """A management function, below the unit that it belongs to."""

    def label_from_instance(self, obj: ManagementFunction) -> str:
        """Return 'Directeur-generaal (ADCV)'."""
        return f"{obj} ({obj.unit.code})"


@dataclass(frozen=True, slots=True)
class _Cell:
    field: BoundField
    width: str


@dataclass(frozen=True, slots=True)
class Section:
    """Fields that answer one question, in the order in which a planner thinks of them."""

    legend: Promise | str
    cells: Sequence[_Cell]
    has_goals: bool = False


class ObjectiveForm(forms.Form):
    """An operational objective."""

    # Options carry codes and UUIDs: a database key never leaves the server.
    title_nl = forms.CharField(
        label=_("Name in Dutch"),
        max_length=200,
        required=False,
        help_text=_("Start with what you will do: a verb, an object, and by how much."),
    )
    title_fr = forms.CharField(
        label=_("Name in French"),
        max_length=200,
        required=False,
        help_text=_("One language is enough to begin with; the translation can follow."),
    )
    description_nl = forms.CharField(
        label=_("Description in Dutch"), required=False, widget=textarea()
    )
    description_fr = forms.CharField(
        label=_("Description in French"), required=False, widget=textarea()
    )
    means_nl = forms.CharField(
        label=_("Means in Dutch"),
        required=False,
        widget=textarea(),
        help_text=_(
            "The people and credits it counts on, for instance “4 FTE of the service Planning; "
            "allocation NCU”."
        ),
    )
    means_fr = forms.CharField(label=_("Means in French"), required=False, widget=textarea())
    unit = OfferedChoiceField(
        label=_("Directorate"), queryset=OrganisationUnit.objects.none(), to_field_name="code"
    )
    sub_unit = GroupedChoiceField(
        label=_("Part of the directorate"),
        queryset=OrganisationUnit.objects.none(),
        to_field_name="code",
        required=False,
        heading_of=lambda unit: str(_parent_of(unit)),
    )
    holder = HolderField(
        label=_("Responsible holder"),
        queryset=ManagementFunction.objects.none(),
        to_field_name="code",
        required=False,
        heading_of=lambda function: str(function.unit),
        help_text=_(
            "The management function that answers for it, for instance “Director-general”. "
            "Needed to submit."
        ),
    )
    co_owners = OfferedMultipleField(
        label=_("Units that share it"),
        queryset=OrganisationUnit.objects.none(),
        to_field_name="code",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    starts_on = DateField(label=_("From"), widget=DateInput())
    ends_on = DateField(label=_("Until"), widget=DateInput())
    werf = GroupedChoiceField(
        label=_("Werf"), queryset=Werf.objects.none(), to_field_name="uuid", heading_of=_of_werf
    )
    goals = GroupedMultipleField(
        label=_("Goals"),
        queryset=Goal.objects.none(),
        to_field_name="uuid",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        heading_of=_of_goal,
    )
    security_objectives = GroupedMultipleField(
        label=_("Contributes to objectives of the NVP"),
        queryset=SecurityObjective.objects.none(),
        to_field_name="uuid",
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        heading_of=_of_theme,
    )
    origin = forms.ChoiceField(
        label=_("Origin"), required=False, choices=[("", "—"), *Origin.choices]
    )
    origin_reference = forms.CharField(
        label=_("Where in that text"),
        max_length=MAX_REFERENCE_CHARACTERS,
        required=False,
        help_text=_("For instance the chapter and page."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    # The identity of a new objective, given with the empty form: sent twice, it is made once.
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        plan: OperationalPlan,
        units: list[OrganisationUnit],
        objective: OperationalObjective | None = None,
        **kwargs: Any,
    ) -> None:
        """Offer the planner's own units, what belongs to them, and the strategic plan's parts."""
        super().__init__(*args, **kwargs)
        self.objective = objective
        fields: dict[str, Any] = self.fields
        fields["unit"].queryset = OrganisationUnit.objects.filter(
            pk__in=[unit.pk for unit in units]
        )
        fields["unit"].offered = units
        self._offer_units(plan, units)
        self._offer_plans(plan)
        if len(units) == 1:
            fields["unit"].initial = units[0].code
        fields["starts_on"].initial = date(plan.year, 1, 1)
        fields["ends_on"].initial = date(plan.year, 12, 31)
        if objective is not None:
            del fields["unit"], fields["werf"]

    def _offer_units(self, plan: OperationalPlan, units: list[OrganisationUnit]) -> None:
        """Offer what can answer for it. What was chosen before stays, whatever changed since."""
        fields: dict[str, Any] = self.fields
        before = self.objective
        below = {unit.pk for unit in sub_units_of(units, plan.year)}
        holders = [function.pk for function in holders_offered(units, plan.year)]
        sharing = {unit.pk for unit in units_sharing(plan.year)}
        if before is not None:
            below |= {before.sub_unit_id} if before.sub_unit_id else set()
            if before.holder_id is not None and before.holder_id not in holders:
                holders.append(before.holder_id)
            sharing |= set(before.co_owners.current().values_list("unit_id", flat=True))
            sharing.discard(before.unit_id)
        elif len(units) == 1:
            sharing.discard(units[0].pk)
        fields["sub_unit"].queryset = OrganisationUnit.objects.filter(pk__in=below)
        fields["sub_unit"].offered = sorted(
            (unit for unit in all_units() if unit.pk in below), key=_below_parent
        )
        functions = {function.pk: function for function in all_functions()}
        fields["holder"].queryset = ManagementFunction.objects.filter(pk__in=holders)
        fields["holder"].offered = [functions[pk] for pk in holders]
        fields["co_owners"].queryset = OrganisationUnit.objects.filter(pk__in=sharing)
        fields["co_owners"].offered = [unit for unit in all_units() if unit.pk in sharing]
        if not below:
            del fields["sub_unit"]

    def _offer_plans(self, plan: OperationalPlan) -> None:
        fields: dict[str, Any] = self.fields
        fields["werf"].queryset = Werf.objects.filter(objective__plan=plan.plan_id)
        fields["werf"].offered = werven_of(plan.plan_id)
        fields["goals"].queryset = goals_offered(plan)
        fields["goals"].offered = goals_of(plan.plan_id)
        fields["security_objectives"].queryset = SecurityObjective.objects.all()
        fields["security_objectives"].offered = sorted(
            all_security_objectives(),
            key=lambda row: (row.theme.order, row.theme.code, row.order, row.pk),
        )

    @staticmethod
    def initial_of(objective: OperationalObjective) -> dict[str, Any]:
        """Return what the form shows for an existing objective."""
        links = objective.security_links.current().select_related("security_objective")
        goals = objective.goal_links.current().select_related("goal")
        sharing = objective.co_owners.current().select_related("unit")
        return {
            "title_nl": objective.title.get("nl", ""),
            "title_fr": objective.title.get("fr", ""),
            "description_nl": objective.description.get("nl", ""),
            "description_fr": objective.description.get("fr", ""),
            "means_nl": objective.means.get("nl", ""),
            "means_fr": objective.means.get("fr", ""),
            "sub_unit": objective.sub_unit.code if objective.sub_unit else None,
            "holder": objective.holder.code if objective.holder else None,
            "co_owners": [row.unit.code for row in sharing],
            "starts_on": objective.starts_on,
            "ends_on": objective.ends_on,
            "goals": [row.goal.uuid for row in goals],
            "security_objectives": [row.security_objective.uuid for row in links],
            "origin": objective.origin,
            "origin_reference": objective.origin_reference,
            "version": objective.version,
        }

    @property
    def sections(self) -> list[Section]:
        """Return the fields as a planner thinks of them: what, who, when, with what, why."""
        texts = ("title_nl", "title_fr", "description_nl", "description_fr")
        return [
            self._section(_("What"), texts),
            self._section(_("Who answers for it"), ("unit", "sub_unit", "holder", "co_owners")),
            self._section(_("When"), ("starts_on", "ends_on")),
            self._section(_("With what means"), ("means_nl", "means_fr")),
            self._section(
                _("Why"),
                ("werf", "goals", "security_objectives", "origin", "origin_reference"),
                has_goals=True,
            ),
        ]

    def _section(
        self, legend: Promise | str, names: Iterable[str], *, has_goals: bool = False
    ) -> Section:
        cells = [_Cell(self[name], _width(name)) for name in names if name in self.fields]
        return Section(legend, cells, has_goals)

    @property
    def goal_groups(self) -> list[ChoiceGroup]:
        """Return the goals by strategic objective; that of the werf asked for stands open."""
        werf = self.objective.werf if self.objective else self.initial_werf()
        heading = strategic_heading(werf.objective) if werf else ""
        return choice_groups(self["goals"], heading)

    def initial_werf(self) -> Werf | None:
        """Return the werf that the empty form starts with, if any."""
        uuid = self.initial.get("werf")
        if uuid is None:
            return None
        return next((werf for werf in all_werven() if str(werf.uuid) == str(uuid)), None)

    def clean(self) -> dict[str, Any] | None:
        """Take a name in either language."""
        cleaned = super().clean()
        ask_for_name(self)
        return cleaned

    def sheet(self) -> ObjectiveSheet:
        """Return what was typed, for the service."""
        data, before = self.cleaned_data, self.objective
        return ObjectiveSheet(
            title=localised_of(data, "title", before.title if before else None),
            description=localised_of(data, "description", before.description if before else None),
            means=localised_of(data, "means", before.means if before else None),
            holder=data["holder"],
            sub_unit=data.get("sub_unit"),
            origin=data["origin"],
            origin_reference=data["origin_reference"],
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
        )

    def links(self) -> dict[str, Any]:
        """Return what was linked, by the names that the services give it."""
        return {name: self.cleaned_data[name] for name in LINKS}

    def differences(self, stored: OperationalObjective) -> list[dict[str, str]]:
        """Return the fields in which the stored version and the typed one differ, in words."""
        theirs, mine = words_of(stored), self._typed_words()
        return [
            {"label": str(self.fields[name].label), "theirs": theirs[name], "mine": mine[name]}
            for name in mine
            if theirs[name] != mine[name]
        ]

    def _typed_words(self) -> dict[str, str]:
        return {
            name: _word(name, value)
            for name, value in self.cleaned_data.items()
            if name not in ("version", "key", "unit", "werf")
        }


def _width(name: str) -> str:
    if name.endswith(("_nl", "_fr")):
        return name[-2:]
    return "half" if name in _HALVES else ""


def _parent_of(unit: OrganisationUnit) -> OrganisationUnit | None:
    return next((row for row in all_units() if row.pk == unit.parent_id), None)


def _below_parent(unit: OrganisationUnit) -> tuple[int, int, int, str]:
    """Order the parts of directorates as their directorates are ordered."""
    parent = _parent_of(unit)
    return parent.order if parent else 0, unit.parent_id or 0, unit.order, unit.code


def words_of(objective: OperationalObjective) -> dict[str, str]:
    """Return what the form's fields say of a stored objective, in words instead of codes."""
    links: Mapping[str, Any] = {
        "co_owners": [row.unit for row in objective.co_owners.current().select_related("unit")],
        "goals": [row.goal for row in objective.goal_links.current().select_related("goal")],
        "security_objectives": [
            row.security_objective
            for row in objective.security_links.current().select_related("security_objective")
        ],
    }
    plain = {
        name: getattr(objective, name)
        for name in ("sub_unit", "holder", "starts_on", "ends_on", "origin", "origin_reference")
    }
    texts = {
        f"{name}_{language}": getattr(objective, name).get(language, "")
        for name in ("title", "description", "means")
        for language in ("nl", "fr")
    }
    return {name: _word(name, value) for name, value in {**texts, **plain, **links}.items()}


def _word(name: str, value: Any) -> str:
    """Return a value of the form as people say it."""
    if name in LINKS:
        return ", ".join(sorted(row.code for row in value))
    if name == "origin":
        return str(Origin(value).label) if value else ""
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    return "" if value is None else str(value)
