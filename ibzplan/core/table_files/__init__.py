"""A table that someone hands in as XLSX or CSV: read, with what is wrong told cell by cell.

    columns = (FileColumn("code", _("Line"), names=("code",)), FileColumn("fte", _("FTE")))
    table = read_table(content, columns)            # raises UnreadableFile for the file as a whole
    for row in table.rows:
        number = row.number_in("fte")               # None when empty; raises CellError
    table.problem(error.code, error.message, row=row, key="fte")

A column is found by its header in any language of the interface, wherever it stands; the unit of
its numbers stands there between brackets. Nothing here asks the database.
"""

from ibzplan.core.table_files.archive import MAX_BYTES, UnreadableFile
from ibzplan.core.table_files.cells import CellError
from ibzplan.core.table_files.numbers import exact_number_in
from ibzplan.core.table_files.problems import Problem
from ibzplan.core.table_files.read import FileColumn, FileRow, FileTable, read_table
from ibzplan.core.table_files.template import TemplateColumn, template_csv, template_xlsx

__all__ = [
    "MAX_BYTES",
    "CellError",
    "FileColumn",
    "FileRow",
    "FileTable",
    "Problem",
    "TemplateColumn",
    "UnreadableFile",
    "exact_number_in",
    "read_table",
    "template_csv",
    "template_xlsx",
]
