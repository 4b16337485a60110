"""What a gate finds, and the hash by which a waiver names it."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from reporting.snapshot.canonical import canonical_json, sha256_of


class FindingKind(TextChoices):
    """How Dutch and French differ."""

    NO_TEXT = "no_text", _("Not in the language of the report")
    OUTDATED = "outdated", _("Not translated again since the other language changed")
    TYPED = "typed", _("Typed in another language only, and printed as it was typed")
    UNKNOWN = "unknown", _("Language not recognised, and printed as it was typed")
    NUMBERS = "numbers", _("Other numbers in Dutch than in French")
    SHOWN = "shown", _("Other figures in Dutch than in French")
    SIBLING = "sibling", _("Other figure in the report in the other language")


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One difference: where (`anchor` of the paragraph, `code` of the subject, `field` of it).

    Texts of one sort that nobody translates one by one are one finding: of the first `anchor`, with
    a line for each text in `there`.

    `here` is what the report says in its own `language`, `there` what it says in the `other`.
    """

    kind: str
    anchor: str
    code: str
    field: str
    language: str
    other: str
    here: str
    there: str
    fact: str = ""

    def as_json(self) -> dict[str, str]:
        """Return it as a seal keeps it."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Finding":
        """Read it back from a seal."""
        return cls(**{one.name: str(value.get(one.name, "")) for one in fields(cls)})


@dataclass(frozen=True)
class Findings:
    """All that a gate found, each once, in a fixed order."""

    rows: tuple[Finding, ...]

    @classmethod
    def of(cls, rows: Iterable[Finding]) -> "Findings":
        """Return what was found."""
        return cls(tuple(sorted(set(rows))))

    def __bool__(self) -> bool:
        """Tell whether anything was found."""
        return bool(self.rows)

    @cached_property
    def sha256(self) -> str:
        """Return the hash that a waiver keeps: other findings have another one."""
        return sha256_of(canonical_json({"findings": self.as_json()}))

    def as_json(self) -> list[dict[str, str]]:
        """Return the findings as a seal keeps them."""
        return [row.as_json() for row in self.rows]
