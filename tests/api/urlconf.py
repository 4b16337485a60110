"""The API alone, as the product mounts it."""

from django.urls import include, path

from ibzplan.api_urls import index, openapi, table_schema
from ibzplan.core.api import problems
from ibzplan.core.api.health import health

urlpatterns = [
    path("api/v1", index),
    path("api/v1/", include("ibzplan.api_urls")),
    path("health", health, name="health"),
    path("doc/openapi.yaml", openapi, name="openapi"),
    path("doc/tables/<str:name>.json", table_schema, name="table-schema"),
]
handler400 = problems.bad_request
handler403 = problems.permission_denied
handler404 = problems.page_not_found
handler500 = problems.server_error
