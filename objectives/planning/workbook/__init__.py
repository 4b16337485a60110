"""The operational plan as one Excel workbook: its sheets, written, read back and compared.

Nothing here asks the database: `objectives.planning.selectors.workbooks` gives the rows, and
`objectives.planning.services.workbooks` keeps what was handed in.
"""

from ibzplan.core.table_files.problems import Problem
from objectives.planning.workbook.book import Book, BookInfo, Lists, Row
from objectives.planning.workbook.changes import Comparison, RowChange
from objectives.planning.workbook.columns import SHEETS, Column, Kind, SheetSpec
from objectives.planning.workbook.compare import compare
from objectives.planning.workbook.read import ReadBook, read_book
from objectives.planning.workbook.write import write_book

__all__ = [
    "SHEETS",
    "Book",
    "BookInfo",
    "Column",
    "Comparison",
    "Kind",
    "Lists",
    "Problem",
    "ReadBook",
    "Row",
    "RowChange",
    "SheetSpec",
    "compare",
    "read_book",
    "write_book",
]
