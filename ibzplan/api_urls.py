"""Addresses of the REST API, below /api/v1; one list of every collection.

Part of the level of `ibzplan.urls`: it knows every app.
"""

from typing import Any

from django.urls import URLPattern, path

from budget import api as budget
from ibzplan.core.api.base import BaseCollection
from ibzplan.core.api.bulk import table_view
from ibzplan.core.api.documentation import documentation_addresses
from ibzplan.core.api.openapi import openapi_view
from ibzplan.core.api.registry import register
from ibzplan.core.api.unknown import unknown_address
from ibzplan.core.api.views import IndexView, addresses
from ibzplan.core.questions import api as questions
from objectives.planning import api as planning
from objectives.security import api as security
from objectives.strategy import api as strategy
from personnel import api as personnel
from reporting import api as reporting

COLLECTIONS: tuple[BaseCollection[Any], ...] = (
    *strategy.COLLECTIONS,
    *planning.COLLECTIONS,
    *personnel.COLLECTIONS,
    *budget.COLLECTIONS,
    *security.COLLECTIONS,
    *reporting.COLLECTIONS,
    *questions.COLLECTIONS,
)

register(COLLECTIONS)

# Mounted by ibzplan.urls at /doc/openapi.yaml.
openapi = openapi_view(COLLECTIONS)

# Mounted by ibzplan.urls at /doc/: the same, to read.
documentation = documentation_addresses(COLLECTIONS)

# Mounted by ibzplan.urls at /doc/tables/<collection>.json.
table_schema = table_view(COLLECTIONS)

# Mounted by ibzplan.urls at /api/v1 too: the API's addresses end without a slash.
index = IndexView.as_view(names=tuple(collection.name for collection in COLLECTIONS))

urlpatterns: list[URLPattern] = [
    path("", index, name="api-index"),
    *(pattern for collection in COLLECTIONS for pattern in addresses(collection)),
    path("<path:rest>", unknown_address, name="api-unknown"),
]
