"""How a kind of message reads, in the active language."""

from collections.abc import Callable
from dataclasses import dataclass

from ibzplan.core.models import Notification


@dataclass(frozen=True, slots=True)
class Told:
    """One message as a person reads it: what it is about, the rest in a line, where to go.

    `url` is a path within the product, '' when there is nothing to open. `is_news` says that it
    asks nothing of its reader.
    """

    title: str
    detail: str = ""
    url: str = ""
    is_news: bool = False


Tell = Callable[[Notification], Told]

_tellers: dict[str, Tell] = {}


def register(kind: str, tell: Tell) -> None:
    """Say how the messages of a kind read; called from an app's ready()."""
    _tellers[kind] = tell


def told(notification: Notification) -> Told:
    """Return the words of a message; its bare kind when no app knows it any more."""
    teller = _tellers.get(notification.kind)
    return teller(notification) if teller else Told(notification.kind)
