"""Colours of the marks in print and light mode; the stylesheet has the same and the dark ones."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

StatusKey: TypeAlias = Literal[
    "achieved", "on_track", "at_risk", "off_track", "not_started", "no_data"
]


@dataclass(frozen=True, slots=True)
class StatusColours:
    """``fill`` of the shape, ``ink`` of text on it, ``edge`` of its outline (None: no outline)."""

    fill: str
    ink: str
    edge: str | None = None


# From best to worst, then what has no figure: the order of segments and legends everywhere.
STATUSES: Final[dict[StatusKey, StatusColours]] = {
    "achieved": StatusColours(fill="#0d4f3c", ink="#ffffff"),
    "on_track": StatusColours(fill="#1f8562", ink="#ffffff"),
    "at_risk": StatusColours(fill="#f2b233", ink="#2b1c00", edge="#8a5a00"),
    "off_track": StatusColours(fill="#b3261e", ink="#ffffff"),
    "not_started": StatusColours(fill="#e3e8ef", ink="#222d3d", edge="#67748a"),
    "no_data": StatusColours(fill="#f4f0fa", ink="#43306a", edge="#6a4c93"),
}

SURFACE: Final = "#ffffff"
INK: Final = "#131c2b"
MUTED: Final = "#576478"
LINE: Final = "#d5dce6"
QUIET_LINE: Final = "#67748a"
ACCENT: Final = "#1d4f91"
BAR: Final = "#12284b"
BAND_LOW: Final = "#c3ccd9"
BAND_MIDDLE: Final = "#dbe1ea"
BAND_HIGH: Final = "#edf0f5"

# Quoted: a name with a digit is no font otherwise, for a browser and for the typesetter.
FONT: Final = "'Source Sans 3 Variable', 'Source Sans 3', sans-serif"
# A hundred: what lies between two hundreds is no weight for the typesetter.
STRONG_WEIGHT: Final = "600"


def known_status(key: str) -> StatusKey:
    """The key itself; an unknown one raises ValueError, as any mark for it would mislead."""
    for status in STATUSES:
        if status == key:
            return status
    raise ValueError(f"unknown status {key!r}, expected one of {', '.join(STATUSES)}")


def colours_of(key: str) -> StatusColours:
    """The colours of a status; an unknown one raises ValueError."""
    return STATUSES[known_status(key)]
