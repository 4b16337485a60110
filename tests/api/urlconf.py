"""The API alone, as the product mounts it."""

from django.urls import include, path

from ibzplan.api_urls import index, openapi
from ibzplan.core.api import problems
from ibzplan.core.api.health import health

urlpatterns = [
    path("api/v1", index),
    path("api/v1/", include("ibzplan.api_urls")),
    path("health", health, name="health"),
    path("doc/openapi.yaml", openapi, name="openapi"),
]
handler400 = problems.bad_request
handler403 = problems.permission_denied
handler404 = problems.page_not_found
handler500 = problems.server_error
