"""The typeset page: every kind of block, heads that are repeated, rows that stay whole."""

import io
from datetime import UTC, datetime

from pypdf import PdfReader

from reporting.render.blocks import (
    Block,
    Cell,
    Column,
    Heading,
    Name,
    Paragraph,
    Table,
    Typed,
    Words,
)
from reporting.render.pdf import typeset
from tests.reporting.synthetic_report import document

MOMENT = datetime(2026, 10, 1, 12, tzinfo=UTC)


def pages(*blocks: Block) -> list[str]:
    content = typeset(document(*blocks), moment=MOMENT)
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


def table(rows: int, text: str) -> Table:
    return Table(
        title="Metingen",
        columns=(Column("Indicator", width_mm=40), Column("Toelichting")),
        rows=tuple(
            (
                Cell(((Name(f"rij-{number:03}"),),)),
                Cell(((Typed(text.replace("%", f"{number:03}")),),)),
            )
            for number in range(rows)
        ),
        anchor="table",
    )


HEADING = Heading(1, (Words("Bijlage"),), "annex")


def test_every_kind_of_block_is_printed() -> None:
    printed = " ".join(pages())
    for said in (
        "3 van 12 doelstellingen zijn op schema.",
        "Eerste regel tweede regel",
        "Beoordeling: Op schema",
        "Délai <moyen> & médian",
        "Antwoord <b>niet vet</b> & meer",
        "1 234,5 dagen",
    ):
        assert said in printed
    assert all("Demonstratie: fictieve cijfers" in page for page in pages())


def test_head_of_a_table_is_on_each_of_its_pages() -> None:
    found = [page for page in pages(HEADING, table(150, "kort")) if "rij-" in page]
    assert len(found) >= 2
    assert all("Indicator Toelichting" in page for page in found)


def test_row_stays_on_one_page_unless_it_is_longer_than_one() -> None:
    short = pages(HEADING, table(40, "begin-% " + "woord " * 60 + "einde-%"))
    for number in range(40):
        (page,) = (page for page in short if f"begin-{number:03}" in page)
        assert f"einde-{number:03}" in page
    long = pages(HEADING, table(1, "begin-% " + "woord " * 2500 + "einde-%"))
    first = next(at for at, page in enumerate(long) if "begin-000" in page)
    last = next(at for at, page in enumerate(long) if "einde-000" in page)
    assert last > first
    assert " ".join(long).count("woord") == 2500


def test_line_that_names_a_part_goes_to_the_next_page_with_it() -> None:
    filling = [Paragraph((Words("vulling"),), f"filling.{number}") for number in range(39)]
    parts = [
        Paragraph((Words("Gevraagde beslissing"),), "decision:1"),
        Paragraph((Words("ADCV aan de minister"),), "decision:1.who", look="small"),
        Paragraph((Typed("Welke keuze maken we?"),), "decision:1.text"),
    ]
    for left_out in range(6):
        found = pages(HEADING, *filling[left_out:], *parts)
        page = next(page for page in found if "Gevraagde beslissing" in page)
        assert "Welke keuze maken we?" in page
