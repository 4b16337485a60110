"""Addresses of the allocation. Both trees have lines of the same code: the kind says which."""

from django.urls import path

from objectives.allocation import views

app_name = "allocation"

_LINE = "middelen/verdeling/<str:kind>/<str:code>/"

urlpatterns = [
    path("middelen/verdeling/", views.line_list, name="lines"),
    path("middelen/verdeling/doelstellingen/", views.objective_list, name="objectives"),
    path(_LINE, views.line_detail, name="line"),
    path(f"{_LINE}toevoegen/", views.allocation_new, name="new"),
    path(f"{_LINE}<uuid:uuid>/", views.allocation_edit, name="edit"),
    path(f"{_LINE}<uuid:uuid>/intrekken/", views.allocation_withdrawal, name="withdrawal"),
]
