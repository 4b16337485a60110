"""Addresses of remarks; what they are about shows them."""

from django.urls import path

from ibzplan.core.comments import views

app_name = "comments"

urlpatterns = [
    path("opmerkingen/<str:type_name>/<uuid:uuid>/", views.comment_new, name="new"),
    path("opmerkingen/<uuid:uuid>/antwoord/", views.comment_reply, name="answer"),
    path("opmerkingen/<uuid:uuid>/afhandeling/", views.comment_settlement, name="settle"),
]
