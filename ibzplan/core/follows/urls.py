"""Addresses of follows; what is followed shows the button."""

from django.urls import path

from ibzplan.core.follows import views

app_name = "follows"

urlpatterns = [
    path("gevolgd/<str:type_name>/<uuid:uuid>/", views.following, name="set"),
]
