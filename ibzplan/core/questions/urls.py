"""Addresses of questions and decisions."""

from django.urls import path

from ibzplan.core.questions import views

app_name = "questions"

urlpatterns = [
    path("vragen/", views.question_list, name="list"),
    path("vragen/nieuw/", views.question_new, name="new"),
    path("vragen/<uuid:uuid>/", views.question_detail, name="detail"),
    path("vragen/<uuid:uuid>/intrekking/", views.question_withdrawal, name="withdraw"),
]
