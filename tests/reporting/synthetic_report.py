"""A report made by hand, small enough to check: every kind of block, inline and look once."""

from fractions import Fraction

from ibzplan.core import marks
from reporting.render.blocks import (
    Block,
    Cell,
    Column,
    Cover,
    CoverPerson,
    Document,
    Figure,
    Heading,
    Items,
    Labels,
    Name,
    NewPage,
    Paragraph,
    Picture,
    Pictures,
    StatusWord,
    Table,
    Terms,
    Typed,
    Words,
)

INDICATOR_COLUMNS = (
    Column("Indicator"),
    Column("Reëel", width_mm=25, align="right"),
    Column("Status", width_mm=30),
    Column("", width_mm=42),
)


def chart(title: str, value: int) -> Picture:
    """Return a trajectory with words and figures in it."""
    alt = f"{title}: {value} dossiers in T3 2026; doel 40."
    svg = marks.trajectory(
        [marks.Point(quarter, Fraction(value * quarter, 3), str(quarter)) for quarter in (1, 2, 3)],
        alt,
        target=marks.Point(4, 40, "40"),
        x_ticks=[marks.Tick(quarter, f"T{quarter}") for quarter in (1, 2, 3)],
        y_ticks=[marks.Tick(0, "0"), marks.Tick(40, "40")],
        width=330,
        height=165,
    )
    return Picture(svg, (Name(alt),), width_mm=84, title=(Name(title, style="strong"),))


def bar() -> Picture:
    """Return a distribution without a title."""
    alt = "1 op schema, 2 in gevaar"
    svg = marks.stacked_bar({"on_track": 1, "at_risk": 2}, alt, width=480, height=24, fluid=False)
    return Picture(svg, (Name(alt),), width_mm=40)


def indicator_row(number: int) -> tuple[Cell, ...]:
    """Return a row with a picture, a judgement and a figure of its own."""
    return (
        Cell(
            (
                (Name(f"I{number}", style="strong"), Words(" Doorlooptijd")),
                (Typed("Délai <moyen> & médian", lang="fr", style="small"),),
            )
        ),
        Cell(((Figure(f"f:actual:{number}", f"{number} 234,5 dagen", style="strong"),),)),
        Cell(
            (
                (StatusWord("at_risk", "In gevaar"),),
                (StatusWord("on_track", "Op schema", is_judgement=True),),
            )
        ),
        Cell(picture=bar()),
    )


def document(*blocks: Block, language: str = "nl", marks_shown: tuple[str, ...] = ()) -> Document:
    """Return a report with these blocks, else with every kind of them."""
    return Document(
        language=language,
        title="Voortgangsverslag over het operationeel plan 2026",
        subject="Minister van Binnenlandse Zaken",
        running="OP 2026 · Binnenlandse Zaken · 30/09/2026",
        marks=marks_shown or ("Ontwerp", "Demonstratie: fictieve cijfers"),
        labels=Labels("Inhoud", "Bladzijde", "van", ": ", "Beoordeling"),
        status_marks={status: marks.status_mark(status, "") for status in marks.STATUSES},
        cover=Cover(
            plan=Words("Plan stratégique", lang="fr"),
            people=(CoverPerson("Voor", "Minister van Binnenlandse Zaken", "A. Voorbeeld"),),
            facts=Terms((("Referentiedatum", (Name("30 september 2026"),)),), "cover.facts"),
        ),
        blocks=blocks or EVERY_KIND,
    )


EVERY_KIND: tuple[Block, ...] = (
    NewPage(),
    Heading(1, (Words("Samenvatting"),), "summary"),
    Paragraph(
        (
            Figure("f:good", "3", style="strong"),
            Words(" van "),
            Figure("f:total", "12"),
            Words(" doelstellingen zijn op schema."),
        ),
        "summary.headline",
        look="lead",
    ),
    Pictures((bar(),), "summary.bar", columns=1),
    Heading(2, (Words("Vraagt aandacht"),), "attention"),
    Items(
        ((Typed("Eerste regel\ntweede regel"),), (Words("Punt", style="chip"),)), "attention.list"
    ),
    NewPage(),
    Heading(1, (Name("SD1", style="strong"), Words(" "), Name("Veiligheid")), "so:1"),
    Heading(2, (Words("Werf"),), "werf:1"),
    Heading(3, (Words("Doelstelling"),), "objective:1.title"),
    Heading(4, (Words("Indicatoren"),), "objective:1.parts"),
    Table(
        "Indicatoren van doelstelling 1.1.1",
        INDICATOR_COLUMNS,
        (indicator_row(1), indicator_row(2)),
        "objective:1.indicators",
    ),
    Pictures((chart("I1", 10), chart("I2", 20), chart("I3", 30)), "objective:1.charts"),
    Paragraph((Typed("Antwoord <b>niet vet</b> & meer"),), "question:1", look="quote"),
    Paragraph((Words("Zonder vertrouwelijke indicatoren.", style="muted"),), "note", look="small"),
    NewPage(),
    Table("Laattijdige cijfers", (Column("Eenheid"), Column("Periode")), (), "late"),
    Terms((("Versie", (Name("6"),)), ("Reden", (Typed("Ja", style="emphasis"),))), "method.origin"),
)
