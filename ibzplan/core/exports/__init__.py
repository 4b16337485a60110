"""What is on screen as a file: CSV for machines, XLSX for people.

A page owner hands over the tables of the page and says what they are about:

    about = About(title, clocks, plan.year, filters, is_demo=plan.is_demo)
    file = export_response(request, tables, file_name=_("dashboard"), about=about)
    return file or render(request, template, context)

and includes `core/includes/export_links.html`. The tables come from what the page shows, so that
the file holds what this reader sees and nothing else.
"""

from ibzplan.core.exports.response import export_response
from ibzplan.core.exports.tables import About, Cell, Column, ExportTable, Kind

__all__ = ["About", "Cell", "Column", "ExportTable", "Kind", "export_response"]
