"""What several forms share."""

from typing import Any

from django import forms

from ibzplan.core.localised import LocalisedText


class DateInput(forms.DateInput):
    """The browser's own date field; its value is always ISO."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        """Fix the format that browsers understand."""
        super().__init__(format="%Y-%m-%d", **kwargs)


def textarea(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def localised_of(
    data: dict[str, Any], name: str, before: LocalisedText | None = None
) -> LocalisedText:
    """Read '<name>_nl' and '<name>_fr'; an edit in one language outdates the other."""
    texts = {language: data.get(f"{name}_{language}") or "" for language in ("nl", "fr")}
    return (before or LocalisedText()).edited(texts)
