"""Lines that later budgets have and the plan has not."""

import re
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from budget.choices import CreditCategory
from budget.models import CreditLine
from budget.selectors.lines import may_stand_above
from budget.services.rights import must_keep_credits
from ibzplan.core.errors import DomainError
from ibzplan.core.localised import LocalisedText
from ibzplan.core.services import history_record, next_instant, record_change
from personnel.models import OrganisationUnit, SupervisingMinister, User

# A code stands in an address, beside words in small letters: capitals and digits alone.
_CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9.-]{1,29}")


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSheet:
    """What a line is: `unit` and `minister` None where it is nobody's alone."""

    title: LocalisedText
    parent: CreditLine | None = None
    category: str = ""
    unit: OrganisationUnit | None = None
    minister: SupervisingMinister | None = None
    remark: LocalisedText = field(default_factory=LocalisedText)

    def values(self) -> dict[str, Any]:
        """Return the columns."""
        return {
            "title": self.title,
            "parent": self.parent,
            "category": self.category,
            "unit": self.unit,
            "minister": self.minister,
            "remark": self.remark,
        }


@transaction.atomic
def line_create(
    *, actor: User, code: str, sheet: LineSheet, uuid: UUID | None = None
) -> CreditLine:
    """Add a line. Raises NotAllowed, or DomainError with the field.

    With the `uuid` of a line that exists already (a form sent twice) that one is returned.
    """
    must_keep_credits(actor)
    at = next_instant()
    again = CreditLine.objects.filter(uuid=uuid).first() if uuid else None
    if again is not None:
        return again
    code = code.strip()
    _check_code(code)
    _check(None, sheet)
    last = CreditLine.objects.order_by("-order").values_list("order", flat=True).first()
    line = CreditLine(uuid=uuid or uuid4(), code=code, order=(last or 0) + 1, **sheet.values())
    line.save()
    line.created_at = at  # an insert sets the wall clock, which is past the instant by now
    line.save(update_fields=["created_at"])
    values = {"code": code, **sheet.values()}
    history_record(
        actor=actor,
        target=line,
        action="created",
        changes={name: (None, value) for name, value in values.items() if value},
        at=at,
    )
    return line


@transaction.atomic
def line_update(
    *, actor: User, line: CreditLine, sheet: LineSheet, reason: str = "", expected_version: int
) -> bool:
    """Change a line that was entered here; return whether anything changed.

    A line of the plan stays as it is printed. Raises NotAllowed, DomainError with the field, or
    EditConflict.
    """
    must_keep_credits(actor)
    at = next_instant()
    if line.source_file:
        raise DomainError(
            "printed",
            _("The plan prints line %(code)s: it stays as it is. Add a line of your own.")
            % {"code": line.code},
        )
    _check(line, sheet)
    return record_change(
        actor=actor,
        target=line,
        values=sheet.values(),
        expected_version=expected_version,
        reason=reason,
        at=at,
    )


def _check_code(code: str) -> None:
    if not _CODE.fullmatch(code):
        raise DomainError(
            "invalid_code",
            _("“%(value)s” is no code: write 2 to 30 capitals, digits, points or hyphens.")
            % {"value": code},
            "code",
        )
    if CreditLine.objects.filter(code=code).exists():
        raise DomainError(
            "code_taken",
            _("There is already a line “%(code)s”: choose another code.") % {"code": code},
            "code",
        )


def _check(line: CreditLine | None, sheet: LineSheet) -> None:
    if not sheet.title:
        raise DomainError("title_required", _("Give the line a name."), "title_nl")
    if sheet.category and sheet.category not in CreditCategory.values:
        raise DomainError(
            "unknown_category",
            _("There is no category “%(value)s”.") % {"value": sheet.category},
            "category",
        )
    if sheet.parent is not None and not may_stand_above(line, sheet.parent):
        raise DomainError(
            "ring",
            _("Line %(code)s hangs below this one: choose another line above it.")
            % {"code": sheet.parent.code},
            "parent",
        )
