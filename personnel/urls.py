"""Addresses of API keys."""

from django.urls import path

from personnel import views

app_name = "personnel"

urlpatterns = [
    path("api-sleutels/", views.key_list, name="api_keys"),
    path("api-sleutels/nieuw/", views.key_new, name="api_key_new"),
    path("api-sleutels/<uuid:uuid>/", views.key_detail, name="api_key"),
    path("api-sleutels/<uuid:uuid>/vernieuwen/", views.key_renewal, name="api_key_rotate"),
    path("api-sleutels/<uuid:uuid>/intrekken/", views.key_end, name="api_key_revoke"),
]
