"""How objectives moved, in words."""

from django.utils.translation import ngettext

from reporting.choices import MovementKind


def movement_phrase(kind: str, n: int, shown: object = None) -> str:
    """Return how many objectives moved how, as '2 worsened'; `shown` stands in for the number."""
    phrases = {
        MovementKind.WORSENED: ngettext("%(n)s worsened", "%(n)s worsened", n),
        MovementKind.IMPROVED: ngettext("%(n)s improved", "%(n)s improved", n),
        MovementKind.OTHER: ngettext("%(n)s other status", "%(n)s other statuses", n),
        MovementKind.ADJUSTED: ngettext("%(n)s adjusted", "%(n)s adjusted", n),
        MovementKind.ADDED: ngettext("%(n)s came in", "%(n)s came in", n),
        MovementKind.REMOVED: ngettext("%(n)s left", "%(n)s left", n),
    }
    return phrases[MovementKind(kind)] % {"n": n if shown is None else shown}
