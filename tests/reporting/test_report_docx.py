"""A report as DOCX: what Word and a screen reader find in the file."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document as open_docx
from docx.document import Document as WordDocument
from docx.oxml.ns import qn

from reporting.render.blocks import (
    Cell,
    Column,
    Document,
    Figure,
    Heading,
    Name,
    Paragraph,
    Table,
    Typed,
    Words,
)
from reporting.render.docx import render_docx
from reporting.render.wordml import bookmark_name
from tests.reporting.synthetic_report import document

DECORATIVE = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"
MOMENT = datetime(2026, 10, 5, 12, 0, 30, tzinfo=UTC)


def opened(report: Document) -> WordDocument:
    return open_docx(io.BytesIO(render_docx(report, moment=MOMENT)))


@pytest.fixture(scope="module")
def word() -> WordDocument:
    return opened(document())


def parts_of(content: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def styled(word: WordDocument, style: str) -> list[str]:
    return [one.text for one in word.paragraphs if one.style and one.style.name == style]


def found(word: WordDocument, tag: str) -> list[Any]:
    return list(word.element.iter(qn(tag)))


def test_headings_keep_their_levels_and_the_title_is_the_title(word: WordDocument) -> None:
    assert styled(word, "Title") == ["Voortgangsverslag over het operationeel plan 2026"]
    assert styled(word, "Subtitle") == ["Minister van Binnenlandse Zaken"]
    assert styled(word, "Heading 1") == ["Samenvatting", "SD1 Veiligheid"]
    assert styled(word, "Heading 2") == ["Vraagt aandacht", "Werf"]
    assert styled(word, "Heading 3") == ["Doelstelling"]
    assert styled(word, "Heading 4") == ["Indicatoren"]


def test_text_stands_as_it_was_typed(word: WordDocument) -> None:
    assert styled(word, "Lead") == ["3 van 12 doelstellingen zijn op schema."]
    assert styled(word, "List Bullet") == ["Eerste regel\ntweede regel", "Punt"]
    assert styled(word, "Quote") == ["Antwoord <b>niet vet</b> & meer"]
    assert styled(word, "Small text") == ["Zonder vertrouwelijke indicatoren."]
    assert "Versie\t6" in styled(word, "Terms")
    assert styled(word, "Body Text")[0] == "Voor\nA. Voorbeeld\nMinister van Binnenlandse Zaken"


def test_a_table_repeats_its_head_and_says_what_it_is(word: WordDocument) -> None:
    indicators = word.tables[0]
    assert [cell.text for cell in indicators.rows[0].cells] == ["Indicator", "Reëel", "Status", ""]
    assert [cell.text.split("\n") for cell in indicators.rows[2].cells] == [
        ["I2 Doorlooptijd", "Délai <moyen> & médian"],
        ["2 234,5 dagen"],
        ["\N{NO-BREAK SPACE}In gevaar", "Beoordeling: \N{NO-BREAK SPACE}Op schema"],
        [""],
    ]
    for table in word.tables:
        head, *rows = table._tbl.tr_lst
        assert head.find(f".//{qn('w:tblHeader')}") is not None
        assert all(row.find(f".//{qn('w:tblHeader')}") is None for row in rows)
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))
    titles = [one.get(qn("w:val")) for one in found(word, "w:tblCaption")]
    assert titles == ["Indicatoren van doelstelling 1.1.1", "I1 · I2", "Laattijdige cijfers"]


def test_tables_fill_the_page_and_figures_stand_right(word: WordDocument) -> None:
    widths = [round(column.width.mm) for column in word.tables[0].columns if column.width]
    assert widths == [77, 25, 30, 42]
    assert word.tables[0].cell(1, 1).paragraphs[0].alignment == 2
    section = word.sections[0]
    assert [round(side.mm) for side in (section.page_width, section.page_height) if side] == [
        210,
        297,
    ]


def test_every_picture_has_its_sentence_or_is_decoration(word: WordDocument) -> None:
    pictures = found(word, "wp:docPr")
    described = [one.get("descr") for one in pictures if one.get("descr")]
    assert described[0] == "1 op schema, 2 in gevaar"
    assert "I3: 30 dossiers in T3 2026; doel 40." in described
    assert len(described) == 6
    marks = [one for one in pictures if not one.get("descr")]
    assert len(marks) == 4
    assert [one.find(f".//{DECORATIVE}").get("val") for one in marks] == ["1"] * 4
    numbers = [one.get("id") for one in pictures]
    assert len(set(numbers)) == len(numbers)
    # Four charts and bars, two marks: what is drawn twice is kept once.
    assert len([name for name in word.part.rels if name.startswith("image")]) == 6


def test_every_run_names_its_language(word: WordDocument) -> None:
    runs = [one for one in found(word, "w:r") if "".join(one.itertext()).strip()]
    languages = {
        run.find(f".//{qn('w:lang')}").get(qn("w:val")): run.text
        for run in runs
        if run.find(f".//{qn('w:lang')}") is not None
    }
    assert set(languages) == {"nl-BE", "fr-BE"}
    assert languages["fr-BE"] == "Délai <moyen> & médian"
    parts = parts_of(render_docx(replace(document(), language="fr"), moment=MOMENT))
    assert b'<w:lang w:val="fr-BE" w:eastAsia="fr-BE"' in parts["word/styles.xml"]


def test_the_contents_lead_to_headings_and_word_puts_the_pages(word: WordDocument) -> None:
    links = found(word, "w:hyperlink")
    bookmarks = {one.get(qn("w:name")) for one in found(word, "w:bookmarkStart")}
    assert [link.get(qn("w:anchor")) in bookmarks for link in links] == [True] * 4
    assert ["".join(link.itertext()).split("\t")[0].split(" PAGEREF")[0] for link in links] == [
        "Samenvatting",
        "Vraagt aandacht",
        "SD1 Veiligheid",
        "Werf",
    ]
    fields = [one.text.strip() for one in found(word, "w:instrText")]
    assert fields[0] == r'TOC \o "1-2" \h \z \u'
    dirty = [one.get(qn("w:dirty")) for one in found(word, "w:fldChar")]
    assert dirty[0] == "true"
    starts = [one.get(qn("w:fldCharType")) for one in found(word, "w:fldChar")]
    assert starts.count("begin") == starts.count("separate") == starts.count("end") == 5


def test_every_anchor_is_a_bookmark_that_word_takes(word: WordDocument) -> None:
    names = [one.get(qn("w:name")) for one in found(word, "w:bookmarkStart")]
    anchors = [block.anchor for block in document().blocks if hasattr(block, "anchor")]
    assert names == list(map(bookmark_name, ["cover.facts", *anchors]))
    long = f"objective:{'a' * 100}.narrative.done"
    assert len(bookmark_name(long)) == 40
    assert bookmark_name(long) != bookmark_name(long.replace("done", "planned"))
    assert bookmark_name("so:1").isidentifier()


def test_marks_and_page_numbers_stand_on_every_page(word: WordDocument) -> None:
    section = word.sections[0]
    first, others = section.first_page_header, section.header
    assert "OP 2026" not in first.paragraphs[0].text
    assert "OP 2026 · Binnenlandse Zaken" in others.paragraphs[0].text
    for header in (first, others):
        assert "Ontwerp" in header.paragraphs[0].text
        assert "Demonstratie: fictieve cijfers" in header.paragraphs[0].text
    footer = section.footer.paragraphs[0]._p
    assert [one.text.strip() for one in footer.iter(qn("w:instrText"))] == ["PAGE", "NUMPAGES"]


def test_a_new_page_begins_at_the_block_after_it(word: WordDocument) -> None:
    breaks = [one.getparent().getparent() for one in found(word, "w:pageBreakBefore")]
    texts = ["".join(text.text for text in one.iter(qn("w:t"))) for one in breaks]
    assert texts == ["Inhoud", "Samenvatting", "SD1 Veiligheid"]
    # A table cannot say it itself.
    assert (
        len(found(word, "w:br")) - len([one for one in found(word, "w:br") if not one.attrib]) == 1
    )


def test_properties_say_what_the_file_is(word: WordDocument) -> None:
    properties = word.core_properties
    assert properties.title == "Voortgangsverslag over het operationeel plan 2026"
    assert properties.subject == "Minister van Binnenlandse Zaken"
    assert properties.author == "ibzplan"
    assert properties.language == "nl-BE"
    assert properties.created == MOMENT
    assert properties.modified == MOMENT


def test_the_same_report_gives_the_same_bytes_wherever_it_is_made() -> None:
    brussels = MOMENT.astimezone(timezone(timedelta(hours=2)))
    made = render_docx(document(), moment=MOMENT)
    assert made == render_docx(document(), moment=brussels)
    assert made != render_docx(document(), moment=MOMENT + timedelta(minutes=1))


def test_another_figure_changes_one_place_alone() -> None:
    def report(shown: str) -> Document:
        run = (Words("Er zijn "), Figure("f:1", shown), Words(" dossiers."))
        return document(Heading(1, (Words("Kop"),), "top"), Paragraph(run, "summary"))

    before, after = (
        parts_of(render_docx(report(shown), moment=MOMENT)) for shown in ("12", "1 234")
    )
    assert {name for name in before if before[name] != after[name]} == {"word/document.xml"}
    text = "word/document.xml"
    assert before[text].replace(b">12<", b">1 234<") == after[text]


def test_what_xml_cannot_hold_is_left_out() -> None:
    word = opened(document(Paragraph((Typed("A\x00\x0b\"<&>'\ud800 B"),), "a")))
    assert word.paragraphs[-1].text == "A\n\"<&>' B"


def test_a_long_table_keeps_all_its_rows() -> None:
    columns = (Column("Indicator"), Column("Reëel", width_mm=30, align="right"))
    rows = tuple(
        (Cell(((Name(f"I{number}"),),)), Cell(((Figure(f"f:{number}", str(number)),),)))
        for number in range(1000)
    )
    word = opened(document(Table("Cijfers", columns, rows, "data")))
    assert len(word.tables[0]._tbl.tr_lst) == 1001
