"""Reading the staffing tables: FTE and headcount, who was there, who is planned, who came and went.

What was entered here stands beside what the plan prints, and over it.
"""

from personnel.staffing.flows import (
    FlowCheck,
    FlowLine,
    FlowState,
    FlowSum,
    flow_checks,
    flow_lines,
    flow_of,
)
from personnel.staffing.history import staffing_history
from personnel.staffing.read import StaffingRead, staffing_read
from personnel.staffing.series import SeriesDay, line_series
from personnel.staffing.standing import figures_on, staffing_of_units, standing
from personnel.staffing.table import Basis, Cell, StaffingTable, staffing_table
from personnel.staffing.tree import Envelope, StaffingPage, StaffingRow, staffing_page

__all__ = [
    "Basis",
    "Cell",
    "Envelope",
    "FlowCheck",
    "FlowLine",
    "FlowState",
    "FlowSum",
    "SeriesDay",
    "StaffingPage",
    "StaffingRead",
    "StaffingRow",
    "StaffingTable",
    "figures_on",
    "flow_checks",
    "flow_lines",
    "flow_of",
    "line_series",
    "staffing_history",
    "staffing_of_units",
    "staffing_page",
    "staffing_read",
    "staffing_table",
    "standing",
]
