"""What several forms share."""

from typing import Any

from django import forms

from ibzplan.core.localised import LocalisedText
from objectives.indicators.formatting import level_name
from objectives.indicators.models import Indicator


class DateInput(forms.DateInput):
    """The browser's own date field; its value is always ISO."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        """Fix the format that browsers understand."""
        super().__init__(format="%Y-%m-%d", **kwargs)


def textarea(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def level_choices(indicator: Indicator) -> list[tuple[Any, str]]:
    """Return the levels of an ordinal indicator by number, after an empty choice."""
    return [("", "—"), *((n, level_name(indicator, n)) for n in range(len(indicator.levels)))]


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
