"""Filters of questions in the API."""

from typing import Any

import django_filters
from django.db.models import QuerySet

from ibzplan.core.choices import QuestionKind, QuestionState
from ibzplan.core.filtersets import EnumFilter, FilterSet
from ibzplan.core.questions import registry


class QuestionFilters(FilterSet):
    """Questions by kind, state, the minister's office, and the record that they are about."""

    kind = EnumFilter(enum=QuestionKind)
    state = EnumFilter(enum=QuestionState, field_name="known_state")
    minister = django_filters.CharFilter(method="filter_minister")
    about = django_filters.UUIDFilter(field_name="target_uuid")

    def filter_minister(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep those between which this office, named by UUID or code, and a unit speak."""
        found = [
            uuid
            for uuid, (code, _title) in registry.parties().ministers().items()
            if value in (code, str(uuid))
        ]
        return rows.filter(minister_uuid__in=found)
