"""Organisation units that a reorganisation brings."""

import re
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.localised import LocalisedText, fold
from ibzplan.core.services import history_record, next_instant
from personnel.access import access_of
from personnel.choices import Role, UnitKind
from personnel.models import OrganisationUnit, User

# A code stands in an address: letters, digits, point, ampersand and hyphen.
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.&-]{1,19}")


@transaction.atomic
def unit_create(
    *,
    actor: User,
    code: str,
    title: LocalisedText,
    valid_from: date | None = None,
    at: datetime | None = None,
) -> OrganisationUnit:
    """Make a directorate-general at the end of the list.

    Raises NotAllowed for anyone but the corporate cell, DomainError for a code that is taken or
    cannot be one, or without a name.
    """
    if not access_of(actor).has(Role.CORPORATE):
        raise NotAllowed("corporate_only", _("Only the corporate cell makes units."))
    if not _CODE.fullmatch(code):
        raise DomainError(
            "invalid_code",
            _("“%(code)s” cannot be a code: use 2 to 20 letters, digits, points or hyphens.")
            % {"code": code},
            "code",
        )
    if not title:
        raise DomainError("title_required", _("Give the unit a name."), "title_nl")
    at = at or next_instant()
    if OrganisationUnit.objects.filter(code__iexact=code).exists():
        raise DomainError(
            "code_taken", _("There is a unit “%(code)s” already.") % {"code": code}, "code"
        )
    last = OrganisationUnit.objects.aggregate(last=Max("order"))["last"] or 0
    unit = OrganisationUnit.objects.create(
        code=code,
        kind=UnitKind.GENERAL_DIRECTORATE,
        title=title,
        short_title=title,
        order=last + 1,
        valid_from=valid_from,
        search_key=" ".join([fold(code), title.search_key()]),
    )
    unit.created_at = at  # an insert sets the wall clock, which is past the instant by now
    unit.save(update_fields=["created_at"])
    history_record(
        actor=actor,
        target=unit,
        action="created",
        changes={"code": (None, code), "title": (None, title), "valid_from": (None, valid_from)},
        at=at,
    )
    return unit
