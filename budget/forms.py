"""What the B&B officers type about credits: amounts in kEUR, with up to five decimals."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budget.choices import BudgetVersion, CreditCategory
from budget.models import CENTS_PER_KEUR, CreditAmount, CreditExecution, CreditLine
from budget.money import KEUR_DECIMALS, keur
from budget.services import AmountSheet, ExecutionSheet, LineSheet
from ibzplan.core.clocks import FIRST_YEAR, LAST_YEAR
from ibzplan.core.forms import DateField, ask_for_name, localised_of, textarea
from ibzplan.core.table_files import MAX_BYTES, CellError, exact_number_in
from ibzplan.core.table_files.numbers import number_typed
from ibzplan.core.table_files.read import in_whole
from personnel.models import OrganisationUnit, SupervisingMinister


class KeurField(forms.CharField):
    """Thousands of euros as people type them; its value is in cents."""

    def __init__(self, **kwargs: Any) -> None:
        """Ask the phone for its numeric keyboard, and the browser for no history."""
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        )
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        """Return cents, None when empty: what can be read in two ways is refused, never guessed."""
        text = super().to_python(value)
        try:
            number = exact_number_in(text)
        except CellError as error:
            raise ValidationError(error.message, code=error.code) from error
        if number is None:
            return None
        cents = in_whole(number * CENTS_PER_KEUR)
        if cents is None:
            raise ValidationError(
                _("“%(value)s” has a part of a cent: give at most %(most)s decimals in kEUR.")
                % {"value": text, "most": KEUR_DECIMALS},
                code="part_of_a_cent",
            )
        return cents

    def validate(self, value: Any) -> None:
        """Ask for an amount; zero is one."""
        if value is None and self.required:
            raise ValidationError(self.error_messages["required"], code="required")

    def prepare_value(self, value: Any) -> Any:
        """Show stored cents so that they can be typed back."""
        return number_typed(Decimal(keur(value))) if isinstance(value, int) else value


def _reason() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        widget=textarea(2),
        help_text=gettext_lazy(
            "Needed when a figure that stands becomes another one, in a year that has begun."
        ),
    )


class AmountForm(forms.Form):
    """What a version of a year's budget gives a line."""

    commitment = KeurField(label=gettext_lazy("Commitment credits (VL), in kEUR"))
    payment = KeurField(label=gettext_lazy("Payment credits (VE), in kEUR"))
    reason = _reason()
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @staticmethod
    def initial_of(amount: CreditAmount | None) -> dict[str, Any]:
        """Return what the form shows for what was entered, and for nothing."""
        if amount is None:
            return {"version": 0}
        return {
            "commitment": amount.commitment_cents,
            "payment": amount.payment_cents,
            "version": amount.version,
        }

    def sheet(self) -> AmountSheet:
        """Return what was typed, for the service."""
        return AmountSheet(
            commitment_cents=self.cleaned_data["commitment"],
            payment_cents=self.cleaned_data["payment"],
        )


class WithdrawForm(forms.Form):
    """Why an amount is taken back."""

    reason = _reason()
    version = forms.IntegerField(widget=forms.HiddenInput)


class ExecutionForm(forms.Form):
    """What was committed and paid since 1 January, up to a day."""

    on = DateField(label=gettext_lazy("Up to and including"))
    committed = KeurField(label=gettext_lazy("Committed since 1 January, in kEUR"))
    paid = KeurField(label=gettext_lazy("Paid since 1 January, in kEUR"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        widget=textarea(2),
        help_text=gettext_lazy("Needed when the line has a figure of that day already."),
    )
    corrects = forms.UUIDField(widget=forms.HiddenInput, required=False)

    @staticmethod
    def initial_of(row: CreditExecution | None) -> dict[str, Any]:
        """Return what the form shows for a figure that is to be corrected, and for a new one."""
        if row is None:
            return {}
        return {
            "on": row.on,
            "committed": row.committed_cents,
            "paid": row.paid_cents,
            "corrects": row.uuid,
        }

    def sheet(self) -> ExecutionSheet:
        """Return what was typed, for the service."""
        data = self.cleaned_data
        return ExecutionSheet(
            on=data["on"], committed_cents=data["committed"], paid_cents=data["paid"]
        )


class LineForm(forms.Form):
    """A line that the plan does not print."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=30,
        help_text=gettext_lazy("It does not change. Capitals, digits, points and hyphens."),
    )
    title_nl = forms.CharField(label=gettext_lazy("Name in Dutch"), max_length=200, required=False)
    title_fr = forms.CharField(label=gettext_lazy("Name in French"), max_length=200, required=False)
    parent = forms.ModelChoiceField(
        label=gettext_lazy("Below the line"),
        queryset=CreditLine.objects.all(),
        to_field_name="code",
        required=False,
        help_text=gettext_lazy("The line above adds up from those below it."),
    )
    category = forms.ChoiceField(
        label=gettext_lazy("Category"),
        choices=[("", gettext_lazy("several")), *CreditCategory.choices],
        required=False,
    )
    unit = forms.ModelChoiceField(
        label=gettext_lazy("Unit"),
        queryset=OrganisationUnit.objects.all(),
        to_field_name="code",
        required=False,
    )
    minister = forms.ModelChoiceField(
        label=gettext_lazy("Minister"),
        queryset=SupervisingMinister.objects.all(),
        to_field_name="code",
        required=False,
    )
    remark_nl = forms.CharField(
        label=gettext_lazy("Remark in Dutch"), required=False, widget=textarea(2)
    )
    remark_fr = forms.CharField(
        label=gettext_lazy("Remark in French"), required=False, widget=textarea(2)
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    # The identity of a new line, given with the empty form: sent twice, it is made once.
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, line: CreditLine | None = None, **kwargs: Any) -> None:
        """A code is given once, and a line never hangs below itself."""
        super().__init__(*args, **kwargs)
        self.line = line
        if line is not None:
            del self.fields["code"]

    @staticmethod
    def initial_of(line: CreditLine) -> dict[str, Any]:
        """Return what the form shows for an existing line."""
        return {
            "title_nl": line.title.get("nl", ""),
            "title_fr": line.title.get("fr", ""),
            "parent": line.parent.code if line.parent else None,
            "category": line.category,
            "unit": line.unit.code if line.unit else None,
            "minister": line.minister.code if line.minister else None,
            "remark_nl": line.remark.get("nl", ""),
            "remark_fr": line.remark.get("fr", ""),
            "version": line.version,
        }

    def clean(self) -> dict[str, Any] | None:
        """Take a name in either language."""
        cleaned = super().clean()
        ask_for_name(self)
        return cleaned

    def sheet(self) -> LineSheet:
        """Return what was typed, for the service."""
        data = self.cleaned_data
        return LineSheet(
            title=localised_of(data, "title", self.line.title if self.line else None),
            parent=data["parent"],
            category=data["category"],
            unit=data["unit"],
            minister=data["minister"],
            remark=localised_of(data, "remark", self.line.remark if self.line else None),
        )


class ImportForm(forms.Form):
    """A table of one version of a year's budget."""

    year = forms.IntegerField(
        label=gettext_lazy("Budget year"), min_value=FIRST_YEAR + 1, max_value=LAST_YEAR - 1
    )
    budget = forms.ChoiceField(label=gettext_lazy("Version"), choices=BudgetVersion.choices)
    file = forms.FileField(
        label=gettext_lazy("Table (.xlsx or .csv)"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
        error_messages={"required": gettext_lazy("Choose the file that you saved.")},
    )
    decimal = forms.ChoiceField(
        label=gettext_lazy("Numbers that stand as text"),
        required=False,
        choices=[
            ("", gettext_lazy("Refuse those that can be read in two ways, such as 1.500")),
            (",", gettext_lazy("1.500,25: a comma before the decimals")),
            (".", gettext_lazy("1,500.25: a point before the decimals")),
        ],
    )

    def clean_file(self) -> object:
        """Refuse what is too large before it is read."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(
                _(
                    "The file is larger than %(most)s MB. Leave out what does not belong to the "
                    "plan."
                )
                % {"most": MAX_BYTES // 1024**2}
            )
        return file


class ApplyForm(forms.Form):
    """The list of changes that was looked at, and why they come."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        widget=textarea(2),
        help_text=gettext_lazy(
            "It stands in the history of each line. Needed when a figure that stands becomes "
            "another one, in a year that has begun."
        ),
    )
    carried = forms.CharField(widget=forms.HiddenInput)
    fingerprint = forms.CharField(widget=forms.HiddenInput)
