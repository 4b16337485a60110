"""A year's credits as one table: to download, to fill in, to hand in. Nothing asks the database."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budget.choices import BudgetVersion, CreditCategory
from budget.money import KEUR_DECIMALS, MAX_CENTS, UNITS, keur
from budget.selectors.book import CreditBook, Figure, Node
from ibzplan.core.table_files import (
    CellError,
    FileColumn,
    FileRow,
    FileTable,
    Problem,
    TemplateColumn,
    read_table,
)
from ibzplan.core.table_files.read import in_whole

CODE: Final = "code"
COMMITMENT: Final = "commitment"
PAYMENT: Final = "payment"
COMMITMENT_STOOD: Final = "commitment_stood"
PAYMENT_STOOD: Final = "payment_stood"

_CODE_LABEL: Final = gettext_lazy("Line code")
_LABELS: Final = {
    COMMITMENT: gettext_lazy("VL"),
    PAYMENT: gettext_lazy("VE"),
    COMMITMENT_STOOD: gettext_lazy("VL at the download"),
    PAYMENT_STOOD: gettext_lazy("VE at the download"),
}
_UNIT: Final = "kEUR"
_MONEY_FORMAT: Final = "#,##0.#####"

# By which heads the columns are found, whatever the language of the interface.
COLUMNS: Final = (
    FileColumn(CODE, _CODE_LABEL, names=("code", "lijncode", "code de ligne", "code ligne")),
    FileColumn(
        COMMITMENT,
        _LABELS[COMMITMENT],
        names=("vl", "ce", "vastleggingskrediet", "credit d'engagement", "commitment credit"),
        units=UNITS,
    ),
    FileColumn(
        PAYMENT,
        _LABELS[PAYMENT],
        names=("ve", "cl", "vereffeningskrediet", "credit de liquidation", "payment credit"),
        units=UNITS,
    ),
    FileColumn(COMMITMENT_STOOD, _LABELS[COMMITMENT_STOOD], units=UNITS, is_required=False),
    FileColumn(PAYMENT_STOOD, _LABELS[PAYMENT_STOOD], units=UNITS, is_required=False),
)


@dataclass(frozen=True, slots=True)
class AmountRow:
    """What one row of the file says, in cents; `place` tells a reader where it stands.

    `stood` is the figure that the file was downloaded with: `knows` where it has those columns.
    """

    code: str
    number: int
    commitment_cents: int
    payment_cents: int
    knows: bool = False
    commitment_stood: int | None = None
    payment_stood: int | None = None

    @property
    def figure(self) -> Figure:
        """Return what it gives the line."""
        return Figure(self.commitment_cents, self.payment_cents)

    @property
    def stood(self) -> Figure | None:
        """Return what stood at the download, None for nothing."""
        if self.commitment_stood is None or self.payment_stood is None:
            return None
        return Figure(self.commitment_stood, self.payment_stood)

    def as_json(self) -> dict[str, Any]:
        """Return the form in which a preview carries it."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "AmountRow":
        """Read that form back."""
        return cls(**data)


@dataclass(slots=True)
class AmountFile:
    """All rows with amounts, and what could not be read; `empty` counts rows without amounts."""

    table: FileTable
    rows: list[AmountRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    empty: int = 0


def credits_read(content: bytes, *, decimal: str = "") -> AmountFile:
    """Return what a file says. Raises UnreadableFile for one without these columns."""
    table = read_table(content, COLUMNS, decimal=decimal)
    found = AmountFile(table, problems=list(table.problems))
    if found.problems:
        return found
    first: dict[str, int] = {}
    for row in table.rows:
        code = row.text_in(CODE)
        if not code:
            found.problems.append(
                table.problem(
                    "no_code",
                    _("This row has no code of a line. Fill it in, or empty the row."),
                    row=row,
                    key=CODE,
                )
            )
            continue
        if code in first:
            found.problems.append(
                table.problem(
                    "twice",
                    _("Line %(code)s stands in row %(row)s already. Keep one of the two.")
                    % {"code": code, "row": first[code]},
                    row=row,
                    key=CODE,
                )
            )
            continue
        first[code] = row.number
        _read_row(found, row, code)
    return found


def _read_row(found: AmountFile, row: FileRow, code: str) -> None:
    """Add what a row says, or what is wrong with it."""
    cents: dict[str, int | None] = {}
    is_broken = False
    for key in _LABELS:
        if found.table.has(key):
            try:
                cents[key] = _cents(row, key)
            except CellError as error:
                is_broken = True
                problem = found.table.problem(error.code, error.message, row=row, key=key)
                found.problems.append(problem)
    if is_broken:
        return
    commitment, payment = cents[COMMITMENT], cents[PAYMENT]
    if commitment is None and payment is None:
        found.empty += 1
        return
    for key, value in ((COMMITMENT, commitment), (PAYMENT, payment)):
        if value is None:
            message = _("One of the two amounts is missing. Fill it in: 0 is an amount too.")
            found.problems.append(found.table.problem("half", message, row=row, key=key))
    if commitment is not None and payment is not None:
        stood = cents.get(COMMITMENT_STOOD), cents.get(PAYMENT_STOOD)
        knows = found.table.has(COMMITMENT_STOOD) and found.table.has(PAYMENT_STOOD)
        found.rows.append(AmountRow(code, row.number, commitment, payment, knows, *stood))


def _cents(row: FileRow, key: str) -> int | None:
    number = row.number_in(key)
    if number is None:
        return None
    if number < 0:
        raise CellError(
            "negative",
            _("“%(value)s” lies below zero. Write the amount without a minus sign.")
            % {"value": row.text_in(key)},
        )
    if number > MAX_CENTS:
        raise CellError(
            "too_large",
            _("“%(value)s” is more than any budget gives: look at the unit in the header.")
            % {"value": row.text_in(key)},
        )
    cents = in_whole(number)
    if cents is None:
        raise CellError(
            "part_of_a_cent",
            _("“%(value)s” has a part of a cent: give at most %(most)s decimals in kEUR.")
            % {"value": row.text_in(key), "most": KEUR_DECIMALS},
        )
    return cents


def template_columns(budget: str) -> list[TemplateColumn]:
    """Return the columns of the table of a version: in the adjusted one, the initial amounts."""
    money = [
        TemplateColumn(f"{_LABELS[COMMITMENT]} ({_UNIT})", 16, _MONEY_FORMAT, is_open=True),
        TemplateColumn(f"{_LABELS[PAYMENT]} ({_UNIT})", 16, _MONEY_FORMAT, is_open=True),
        TemplateColumn(f"{_LABELS[COMMITMENT_STOOD]} ({_UNIT})", 16, _MONEY_FORMAT),
        TemplateColumn(f"{_LABELS[PAYMENT_STOOD]} ({_UNIT})", 16, _MONEY_FORMAT),
    ]
    initial = [
        TemplateColumn(_("VL of the initial budget (kEUR)"), 16, _MONEY_FORMAT),
        TemplateColumn(_("VE of the initial budget (kEUR)"), 16, _MONEY_FORMAT),
    ]
    return [
        TemplateColumn(_CODE_LABEL, 14),
        TemplateColumn(_("Line"), 56),
        TemplateColumn(_("Category"), 24),
        *money,
        *(initial if budget == BudgetVersion.ADJUSTED else []),
    ]


def template_rows(
    book: CreditBook, tree: Sequence[Node], year: int, budget: str
) -> list[list[str | Decimal | None]]:
    """Return a row a line, in the order of the tree, with what stands in that version itself."""
    rows: list[list[str | Decimal | None]] = []
    for node in (node for top in tree for node in top.walk()):
        category = CreditCategory(node.line.category).label if node.line.category else ""
        found = _keur_pair(book, node, year, budget)
        rows.append(
            [
                node.line.code,
                f"{'· ' * node.depth}{node.line.title}",
                str(category),
                *found,
                *found,
                *(
                    _keur_pair(book, node, year, BudgetVersion.INITIAL)
                    if budget == BudgetVersion.ADJUSTED
                    else []
                ),
            ]
        )
    return rows


def _keur_pair(book: CreditBook, node: Node, year: int, budget: str) -> list[Decimal | None]:
    found = book.of_line(node.line, year, budget)
    if not found:
        return [None, None]
    return [keur(found[0].commitment_cents), keur(found[0].payment_cents)]
