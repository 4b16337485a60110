"""Reads of the National Security Plan."""

from objectives.security.selectors.frameworks import FrameworksPage, frameworks_page
from objectives.security.selectors.matrix import MatrixPage, MatrixRow, matrix_page
from objectives.security.selectors.themes import ThemePage, theme_page

__all__ = [
    "FrameworksPage",
    "MatrixPage",
    "MatrixRow",
    "ThemePage",
    "frameworks_page",
    "matrix_page",
    "theme_page",
]
