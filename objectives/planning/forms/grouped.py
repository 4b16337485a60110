"""Long lists of choices, in groups with a heading."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.models import ModelChoiceIterator

if TYPE_CHECKING:
    _Iterator = ModelChoiceIterator[Any]
    _OneOf = forms.ModelChoiceField[Any]
    _ManyOf = forms.ModelMultipleChoiceField[Any]
else:  # generic for the type checker only
    _Iterator = ModelChoiceIterator
    _OneOf = forms.ModelChoiceField
    _ManyOf = forms.ModelMultipleChoiceField


class _OfferedIterator(_Iterator):
    """The rows that the field offers, from memory where it was given them (`offered`)."""

    @property
    def rows(self) -> Iterable[Any]:
        """Return the rows in their order: one query at most."""
        offered = getattr(self.field, "offered", None)
        return self.queryset if offered is None else offered

    def __iter__(self) -> Iterator[Any]:
        """Yield a choice for each row, after the empty one."""
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        yield from self.choices()

    def choices(self) -> Iterator[Any]:
        """Yield a choice for each row."""
        return map(self.choice, self.rows)


class OfferedChoiceField(_OneOf):
    """One row of a table; what is posted is looked up, what is shown can be in memory."""

    iterator = _OfferedIterator
    offered: Sequence[Any] | None = None


class OfferedMultipleField(_ManyOf):
    """Any number of rows; see OfferedChoiceField."""

    iterator = _OfferedIterator
    offered: Sequence[Any] | None = None


class _GroupedIterator(_OfferedIterator):
    """The rows in the order in which they are offered, those of one group below its heading."""

    def choices(self) -> Iterator[Any]:
        """Yield (heading, choices) for each group."""
        heading_of = self.field.heading_of  # type: ignore[attr-defined]
        for heading, rows in groupby(self.rows, key=heading_of):
            yield (heading, [self.choice(row) for row in rows])


class GroupedChoiceField(OfferedChoiceField):
    """One row of a table; the queryset is ordered by what gives the heading."""

    iterator = _GroupedIterator

    def __init__(self, *args: Any, heading_of: Callable[[Any], str], **kwargs: Any) -> None:
        """Keep how a row finds its heading."""
        self.heading_of = heading_of
        super().__init__(*args, **kwargs)


class GroupedMultipleField(OfferedMultipleField):
    """Any number of rows; see GroupedChoiceField."""

    iterator = _GroupedIterator

    def __init__(self, *args: Any, heading_of: Callable[[Any], str], **kwargs: Any) -> None:
        """Keep how a row finds its heading."""
        self.heading_of = heading_of
        super().__init__(*args, **kwargs)


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    """The boxes below one heading; it stands open where one is ticked."""

    heading: str
    boxes: list[dict[str, Any]]
    is_open: bool

    @property
    def ticked(self) -> int:
        """Return how many are ticked."""
        return sum(bool(box["selected"]) for box in self.boxes)


def choice_groups(field: BoundField, open_heading: str = "") -> list[ChoiceGroup]:
    """Return the boxes of a field of checkboxes by heading, as its widget would draw them."""
    widget: Any = field.field.widget
    attrs = field.build_widget_attrs({"id": field.auto_id}, widget)
    found = []
    for heading, boxes, _index in widget.get_context(field.html_name, field.value(), attrs)[
        "widget"
    ]["optgroups"]:
        ticked = any(box["selected"] for box in boxes)
        found.append(
            ChoiceGroup(heading or "", boxes, ticked or (heading or "") == open_heading != "")
        )
    return found
