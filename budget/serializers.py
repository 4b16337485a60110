"""How the API shows credits. Money is in eurocents."""

from datetime import date, datetime
from typing import TypedDict
from uuid import UUID

from budget.models import CreditAmount, CreditExecution, CreditLine
from ibzplan.core.api.links import Links
from ibzplan.core.api.shapes import Localised, Reference, Source, localised, reference, source_of
from ibzplan.core.filtersets import camel


class CreditLineItem(TypedDict):
    """A line of the budget, with the code of the one that it hangs below.

    A line adds up from the nearest lines below it that the same table prints. `category` is absent
    where several come together; `hosted` is in the department's budget, but others decide on it.
    """

    id: UUID
    code: str
    title: Localised | None
    remark: Localised | None
    category: str | None
    hosted: bool
    parentCode: str | None
    order: int


class CreditItem(TypedDict):
    """What a budget gives a line: commitment credits (VL) and payment credits (VE), in eurocents.

    The printed figures, in thousands of euros, stay as the table prints them when the amount is
    corrected; what was entered has none. `unit` and `minister` are there where the line names them.
    """

    id: UUID
    href: str
    line: CreditLineItem
    unit: Reference | None
    minister: Reference | None
    year: int
    budget: str
    table: str
    commitmentCents: int
    paymentCents: int
    printedCommitmentKeur: int | None
    printedPaymentKeur: int | None
    source: Source | None
    fictional: bool


class CreditExecutionItem(TypedDict):
    """What a line had committed and paid by a day, since 1 January of its year, in eurocents.

    A correction is another row of the same line and day, with its reason.
    """

    id: UUID
    href: str
    line: CreditLineItem
    unit: Reference | None
    minister: Reference | None
    year: int
    on: date
    committedCents: int
    paidCents: int
    recordedAt: datetime
    reason: str | None
    fictional: bool


def credit_item(amount: CreditAmount, links: Links) -> CreditItem:
    """Needs `line` with its `parent`, `unit` and `minister`."""
    line = amount.line
    return {
        "id": amount.uuid,
        "href": links.to("credits", amount.uuid),
        "line": _line(line),
        "unit": _unit(line, links),
        "minister": _minister(line, links),
        "year": amount.year,
        "budget": camel(amount.budget),
        "table": camel(amount.table),
        "commitmentCents": amount.commitment_cents,
        "paymentCents": amount.payment_cents,
        "printedCommitmentKeur": amount.printed_commitment,
        "printedPaymentKeur": amount.printed_payment,
        "source": source_of(amount),
        "fictional": amount.is_demo,
    }


def execution_item(row: CreditExecution, links: Links) -> CreditExecutionItem:
    """Needs `line` with its `parent`, `unit` and `minister`."""
    return {
        "id": row.uuid,
        "href": links.to("creditExecutions", row.uuid),
        "line": _line(row.line),
        "unit": _unit(row.line, links),
        "minister": _minister(row.line, links),
        "year": row.year,
        "on": row.on,
        "committedCents": row.committed_cents,
        "paidCents": row.paid_cents,
        "recordedAt": row.recorded_at,
        "reason": row.reason or None,
        "fictional": row.is_demo,
    }


def _unit(line: CreditLine, links: Links) -> Reference | None:
    unit = line.unit
    return reference(links, "organisationUnits", unit.uuid, unit.code) if unit else None


def _minister(line: CreditLine, links: Links) -> Reference | None:
    minister = line.minister
    return reference(links, "ministers", minister.uuid, minister.code) if minister else None


def _line(line: CreditLine) -> CreditLineItem:
    return {
        "id": line.uuid,
        "code": line.code,
        "title": localised(line.title),
        "remark": localised(line.remark),
        "category": camel(line.category) or None,
        "hosted": line.is_hosted,
        "parentCode": line.parent.code if line.parent else None,
        "order": line.order,
    }
