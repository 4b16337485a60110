"""Addresses of the REST API, below /api/v1; one list of every collection.

Part of the level of `ibzplan.urls`: it knows every app.
"""

from typing import Any

from django.urls import URLPattern, path

from ibzplan.core.api.base import BaseCollection, IndexView
from ibzplan.core.api.openapi import openapi_view
from ibzplan.core.api.unknown import unknown_address
from ibzplan.core.questions import api as questions
from objectives.indicators import api as indicators
from objectives.planning import api as planning
from objectives.security import api as security
from objectives.strategy import api as strategy
from personnel import api as personnel

COLLECTIONS: tuple[BaseCollection[Any], ...] = (
    *strategy.COLLECTIONS,
    *planning.COLLECTIONS,
    *indicators.COLLECTIONS,
    *personnel.COLLECTIONS,
    *security.COLLECTIONS,
    *questions.COLLECTIONS,
)

# Mounted by ibzplan.urls at /doc/openapi.yaml.
openapi = openapi_view(COLLECTIONS)

# Mounted by ibzplan.urls at /api/v1 too: the API's addresses end without a slash.
index = IndexView.as_view(names=tuple(collection.name for collection in COLLECTIONS))

urlpatterns: list[URLPattern] = [
    path("", index, name="api-index"),
    *(pattern for collection in COLLECTIONS for pattern in collection.urls()),
    path("<path:rest>", unknown_address, name="api-unknown"),
]
