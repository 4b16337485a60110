"""Formats of a progress report, each made from the snapshot alone."""

from reporting.render.pdf import RenderFailed, render_pdf

__all__ = ["RenderFailed", "render_pdf"]
