"""Addresses of the National Security Plan."""

from django.urls import path

from objectives.security import views

app_name = "security"
urlpatterns = [
    path("nvp/", views.overview, name="overview"),
    path("nvp/themas/<str:code>/", views.theme, name="theme"),
    path("nvp/beleidskaders/", views.frameworks, name="frameworks"),
    path("nvp/randvoorwaarden/", views.conditions, name="conditions"),
    path("nvp/middelen/", views.resources, name="resources"),
    path("nvp/middelen/<str:code>/", views.resource_figure, name="resource_figure"),
    path("nvp/middelen/<str:code>/waarde/", views.resource_value, name="resource_value"),
    path("nvp/middelen/<str:code>/doel/", views.resource_target, name="resource_target"),
    path("nvp/opvolging/", views.follow_up, name="follow_up"),
    path("nvp/gewone-politiewerking/", views.regular, name="regular"),
    path("nvp/afkortingen/", views.abbreviations, name="abbreviations"),
]
