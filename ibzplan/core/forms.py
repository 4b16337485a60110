"""Form fields and the translation of domain errors into field errors."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.formats import date_format, get_format
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError
from ibzplan.core.localised import LocalisedText

# Digits in one piece, or in threes with spaces between; the spaces that people and word
# processors type there: plain, no-break, narrow no-break, thin and figure space.
_SPACE: Final = "[ \u00a0\u202f\u2009\u2007]"
_QUANTITY: Final = re.compile(
    rf"(?P<sign>[+-]?){_SPACE}?(?P<whole>[0-9]{{1,3}}(?:{_SPACE}[0-9]{{3}})+|[0-9]+)"
    r"(?:[,.](?P<decimals>[0-9]+))?"
)
# 1.500 is one thousand five hundred to one reader and one and a half to the next.
_AMBIGUOUS: Final = re.compile(r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}")
# A day that cannot be read as another: no month has it for a number.
EXAMPLE_DAY: Final = date(2026, 12, 31)
_MAX_WHOLE_DIGITS: Final = 11
_MAX_DECIMALS: Final = 4


class QuantityField(forms.CharField):
    """An exact number as people type it: 1 234,5 or 1234.5, in every language."""

    def __init__(self, **kwargs: Any) -> None:
        """Ask the phone for its numeric keyboard, and the browser for no history."""
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        )
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        """Return a Decimal, or None when empty. Both comma and point are the decimal mark.

        A point before exactly three digits could group thousands: it is refused, never guessed.
        """
        text = super().to_python(value)
        if text in self.empty_values:
            return None
        plain = str(text).replace("\N{MINUS SIGN}", "-")
        if plain.count(",") + plain.count(".") > 1:
            raise ValidationError(
                _("“%(value)s” has more than one decimal mark. Write 1234,5.") % {"value": text}
            )
        match = _QUANTITY.fullmatch(plain)
        if match is None:
            raise ValidationError(
                _("“%(value)s” is not a number. Write for instance 1234,5.") % {"value": text}
            )
        if _AMBIGUOUS.fullmatch(plain):
            raise ValidationError(
                _("“%(value)s” can be read in two ways. Write %(thousands)s or %(decimal)s.")
                % {
                    "value": text,
                    "thousands": plain.replace(".", ""),
                    "decimal": f"{Decimal(plain).normalize():f}".replace(".", ","),
                }
            )
        whole = "".join(digit for digit in match["whole"] if digit.isdigit())
        decimals = match["decimals"] or ""
        if len(whole.lstrip("0")) > _MAX_WHOLE_DIGITS or len(decimals) > _MAX_DECIMALS:
            raise ValidationError(
                _("“%(value)s” is too long: at most 11 digits and 4 decimals.") % {"value": text}
            )
        return Decimal(match["sign"] + whole + ("." + decimals if decimals else ""))

    def prepare_value(self, value: Any) -> Any:
        """Show a stored number without trailing zeros, in a form that can be typed back."""
        if not isinstance(value, Decimal):
            return value
        text = f"{value.normalize():f}"
        shown = text.replace(".", str(get_format("DECIMAL_SEPARATOR")))
        return text.replace(".", ",") if _AMBIGUOUS.fullmatch(shown) else shown


_MAX_VERSION_DIGITS: Final = 9


def version_in(text: str) -> int | None:
    """Return the version that a hidden field names; None for what is no number, or a giant one."""
    is_version = text.isascii() and text.isdecimal() and len(text) <= _MAX_VERSION_DIGITS
    return int(text) if is_version else None


def typed_text(request: HttpRequest, name: str) -> str:
    """Return what was typed in a field that no form reads, without NUL: PostgreSQL refuses it."""
    return request.POST.get(name, "").replace("\x00", "")


def add_domain_error(form: forms.BaseForm, error: DomainError) -> None:
    """Show a broken rule at its field, or above the form when it has none."""
    field = error.field if error.field in form.fields else None
    form.add_error(field, error.message)


class DateInput(forms.DateInput):
    """The browser's own date field; its value is always ISO."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        """Fix the format that browsers understand."""
        super().__init__(format="%Y-%m-%d", **kwargs)


class DateField(forms.DateField):
    """A day; what is none is named in the error, because the browser's field cannot show it."""

    widget = DateInput

    def to_python(self, value: Any) -> date | None:
        """Return the day, or None when empty."""
        try:
            return super().to_python(value)
        except ValidationError as error:
            raise ValidationError(
                _("“%(value)s” is not a date. Write for instance %(example)s.")
                % {"value": value, "example": date_format(EXAMPLE_DAY, "SHORT_DATE_FORMAT")},
                code="invalid",
            ) from error


def textarea(rows: int = 3) -> forms.Textarea:
    """Return a box of several lines."""
    return forms.Textarea(attrs={"rows": rows})


def offer_again(form: forms.BaseForm, **hidden: str) -> None:
    """Put what the page shows now in hidden fields of a refused form: saving again is a choice."""
    data = form.data.copy()  # type: ignore[attr-defined]
    for name, value in hidden.items():
        data[name] = value
    form.data = data


def localised_of(
    data: dict[str, Any], name: str, before: LocalisedText | None = None
) -> LocalisedText:
    """Read '<name>_nl' and '<name>_fr'; an edit in one language outdates the other."""
    texts = {language: data.get(f"{name}_{language}") or "" for language in ("nl", "fr")}
    return (before or LocalisedText()).edited(texts)


def ask_for_name(form: forms.Form) -> None:
    """Ask for a name in one of the two languages, whichever the writer works in."""
    names = ("title_nl", "title_fr")
    if not form.errors.keys() & set(names) and not any(
        form.cleaned_data.get(name) for name in names
    ):
        form.add_error("title_nl", _("Give a name, in Dutch or in French."))


def typed_beside(form: forms.Form, stored: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the fields in which what was typed differs from what is stored now, by their labels.

    The form takes the `version` among the stored values over: saving again is a choice.
    """
    offer_again(form, version=str(stored["version"]))
    typed = {name: form[name].value() for name in form.fields}
    return [
        {"label": field.label, "theirs": stored[name] or "", "mine": typed[name] or ""}
        for name, field in form.fields.items()
        if name in stored
        and name != "version"
        and str(stored[name] or "") != str(typed[name] or "")
    ]
