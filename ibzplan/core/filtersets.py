"""Filters that the FilterSets of pages and API share."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _

from ibzplan.core.localised import fold


class FilterSet(django_filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """The base of every FilterSet."""


class CodeFilter(django_filters.CharFilter):  # type: ignore[misc]
    """A column that says just this."""

    def holds(self, row: Any, value: str) -> bool:
        """Tell of one record, perhaps as it stood once, what `filter` asks the database."""
        return bool(getattr(row, self.field_name) == value)


class ReferenceFilter(django_filters.CharFilter):  # type: ignore[misc]
    """A record named by its UUID or by its official code; `field_name` is the relation."""

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Keep rows whose related record has that UUID or code."""
        if not value:
            return qs
        prefix = f"{self.field_name}__" if self.field_name != "self" else ""
        try:
            return qs.filter(**{f"{prefix}uuid": UUID(value)})
        except ValueError:
            return qs.filter(**{f"{prefix}code": value})

    def holds(self, row: Any, value: str) -> bool:
        """Tell of one record whether what it refers to has that UUID or code."""
        reached = _reached(row, self.field_name)
        try:
            wanted = UUID(value)
        except ValueError:
            return any(one.code == value for one in reached)
        return any(one.uuid == wanted for one in reached)


class SeenReferenceFilter(ReferenceFilter):
    """A reference that the collection follows itself: to what the user may see, or on a day."""

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Leave it to the collection."""
        return qs

    def holds(self, row: Any, value: str) -> bool:
        """Leave it to the collection."""
        return True


class MomentField(forms.Field):
    """A date-time, or a date meaning its first moment in Brussels."""

    def to_python(self, value: Any) -> datetime | None:
        """Return an aware date-time. Raises ValidationError."""
        if not value:
            return None
        text = str(value).replace(" ", "+")  # a plus sign that was not escaped in the address
        try:
            moment = parse_datetime(text) if "T" in text else None
            if moment is None and (day := parse_date(text)) is not None:
                moment = datetime.combine(day, time.min)
            if moment is not None:
                aware = moment if timezone.is_aware(moment) else timezone.make_aware(moment)
                aware.astimezone(UTC)  # databases store this; at the calendar's ends it overflows
                return aware
        except (ValueError, OverflowError):
            pass
        raise forms.ValidationError(
            _("“%(value)s” is not a date-time such as 2026-10-14T08:00:00Z."),
            params={"value": value},
        )


class MomentFilter(django_filters.Filter):  # type: ignore[misc]
    """Compare a column with a moment."""

    field_class = MomentField


class EnumFilter(django_filters.ChoiceFilter):  # type: ignore[misc]
    """A stored choice, written in lowerCamelCase: toDate for to_date."""

    def __init__(self, *args: Any, enum: Any, **kwargs: Any) -> None:
        """Take the choices of a TextChoices class."""
        self.stored = {camel(value): value for value in enum.values}
        labels = dict(enum.choices)
        choices = [(name, labels[value]) for name, value in self.stored.items()]
        super().__init__(*args, choices=choices, **kwargs)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Keep rows with that choice."""
        return qs.filter(**{self.field_name: self.stored[value]}) if value else qs

    def holds(self, row: Any, value: str) -> bool:
        """Tell whether one record has that choice."""
        return bool(getattr(row, self.field_name) == self.stored[value])


class TruthFilter(django_filters.ChoiceFilter):  # type: ignore[misc]
    """true or false, and nothing else: a misspelt value must not be ignored."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the two words."""
        super().__init__(*args, choices=[("true", "true"), ("false", "false")], **kwargs)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Keep rows that are so, or are not."""
        # ChoiceFilter would take False for "nothing chosen".
        return qs.filter(**{self.field_name: value == "true"}) if value else qs

    def holds(self, row: Any, value: str) -> bool:
        """Tell whether one record is so, or is not."""
        return bool(getattr(row, self.field_name) == (value == "true"))


class IsoDateFilter(django_filters.DateFilter):  # type: ignore[misc]
    """A date written as 2026-10-14, whatever the caller's language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Fix the form."""
        super().__init__(*args, input_formats=["%Y-%m-%d"], **kwargs)


def camel(code: str) -> str:
    """Return a stored code as the API writes it: to_date gives toDate."""
    first, *rest = code.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _reached(row: Any, path: str) -> Iterator[Any]:
    """Yield what a record refers to along a path of relations, which are loaded."""
    name, _sign, rest = path.partition("__")
    related = getattr(row, name)
    found = related.all() if hasattr(related, "all") else [related] if related else []
    for one in found:
        yield from _reached(one, rest) if rest else (one,)


def search(rows: QuerySet[Any], text: str, *, prefix: str = "") -> QuerySet[Any]:
    """Keep rows whose search key or code holds every word; accents and case do not matter."""
    for word in fold(text).split():
        in_key = Q(**{f"{prefix}search_key__contains": word})
        rows = rows.filter(in_key | Q(**{f"{prefix}code__icontains": word}))
    return rows


def search_texts(rows: QuerySet[Any], text: str, *fields: str) -> QuerySet[Any]:
    """Keep rows whose texts and codes hold every word; accents and case do not matter.

    For short lists without a search key: it reads these fields of every row, in one query.
    """
    words = fold(text).split()
    if not words:
        return rows
    found = []
    for pk, *values in rows.order_by().values_list("pk", *fields):
        key = fold(" ".join(" ".join(v.values()) if isinstance(v, dict) else v for v in values))
        if all(word in key for word in words):
            found.append(pk)
    return rows.filter(pk__in=found)
