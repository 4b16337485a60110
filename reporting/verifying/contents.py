"""The figures that a file shows, whatever its format."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Final

from lxml import etree
from pypdf import PdfReader
from python_calamine import load_workbook

from ibzplan.core.numbers import NO_BREAK_SPACE
from reporting.choices import ReportFormat

_SPACES: Final = f" {NO_BREAK_SPACE}\N{NARROW NO-BREAK SPACE}"
_NUMBER: Final = re.compile(rf"\d(?:[.,{_SPACES}]?\d)*")
_WORD_DOCUMENT: Final = "word/document.xml"


def figures_in(format_: str, content: bytes) -> Counter[str]:
    """Return how often each number stands in a file, spaces between its digits taken out.

    Raises ValueError for a file that cannot be read as its format.
    """
    try:
        text = "\n".join(_TEXTS[format_](content))
    except Exception as error:  # whatever the reader of a damaged file says
        raise ValueError(f"{format_}: {error}") from error
    return Counter(
        "".join(sign for sign in found.group() if sign not in _SPACES)
        for found in _NUMBER.finditer(text)
    )


def _pdf(content: bytes) -> Iterator[str]:
    for page in PdfReader(io.BytesIO(content)).pages:
        yield page.extract_text()


def _docx(content: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        root = etree.fromstring(
            parts.read(_WORD_DOCUMENT), etree.XMLParser(resolve_entities=False, no_network=True)
        )
    for paragraph in root.iterfind(".//{*}p"):
        yield "".join(node.text or "" for node in paragraph.iterfind(".//{*}t"))


def _xlsx(content: bytes) -> Iterator[str]:
    book = load_workbook(io.BytesIO(content))
    for name in book.sheet_names:
        for row in book.get_sheet_by_name(name).to_python():
            yield "\t".join(str(value) for value in row)


class _Text(HTMLParser):
    """Collects what is shown; pictures tell their figures in their sentence."""

    HIDDEN: Final = frozenset({"style", "script", "title"})

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._hidden += tag in self.HIDDEN

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in self.HIDDEN

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def _html(content: bytes) -> Iterator[str]:
    reader = _Text()
    reader.feed(content.decode())
    yield from reader.parts


_TEXTS: Final[dict[str, Callable[[bytes], Iterator[str]]]] = {
    ReportFormat.PDF: _pdf,
    ReportFormat.DOCX: _docx,
    ReportFormat.XLSX: _xlsx,
    ReportFormat.HTML: _html,
}
