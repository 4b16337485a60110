"""What waits for translation in indicators: their definitions are versions, written by their form.

A translation there is a new version of the definition, with the rights and the reason that any
version asks; the queue leads to the form.
"""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ibzplan.core import translations
from ibzplan.core.models import Record
from ibzplan.core.translations import TextSource, Translated
from objectives.indicators.models import Indicator
from personnel.access import Access
from personnel.choices import Role
from personnel.translations import translates_for


def _indicators(access: Access) -> Iterable[Translated]:
    rows = Indicator.objects.visible_to(access).select_related("owner").order_by("code", "pk")
    if not access.has(Role.CORPORATE):
        rows = rows.filter(owner__in=access.unit_ids)
    for row in rows:
        if translates_for(access, row.owner_id):
            url = reverse("planning:indicator", args=[row.uuid])
            yield Translated(row, f"{row.code} {row.title}", row.owner.code, url)


def _form_of(record: Record) -> str:
    return reverse("planning:indicator_define", args=[record.uuid])


def register_all() -> None:
    """Register the texts of a definition."""
    translations.register(
        TextSource(
            kind="indicators",
            order=20,
            label=_("Indicators"),
            fields={
                "title": _("Name"),
                "definition": _("Definition"),
                "inclusions": _("What counts"),
                "exclusions": _("What does not count"),
                "rationale": _("Rationale"),
                "misuse_risk": _("Risk of misuse"),
                "limitations": _("Limitations"),
                "unit_of_measure": _("Unit of measure"),
                "numerator_definition": _("Numerator"),
                "denominator_definition": _("Denominator"),
                "source": _("Source"),
                "method": _("Method"),
            },
            rows=_indicators,
            write_url=_form_of,
        )
    )
