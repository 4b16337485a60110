"""Formats of a progress report, each made from the snapshot and its seal alone."""

from reporting.render.agreement import FiguresDisagree
from reporting.render.formats import FORMATS, render, render_xlsx
from reporting.render.pdf import RenderFailed, render_pdf

__all__ = ["FORMATS", "FiguresDisagree", "RenderFailed", "render", "render_pdf", "render_xlsx"]
