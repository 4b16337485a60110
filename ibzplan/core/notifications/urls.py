"""Addresses of messages."""

from django.urls import path

from ibzplan.core.notifications import views

urlpatterns = [
    path("meldingen/", views.notification_list, name="notifications"),
    path("meldingen/gelezen/", views.notification_reading_all, name="notifications_read"),
    path("meldingen/voorkeuren/", views.notification_preferences, name="notification_preferences"),
    path("meldingen/<uuid:uuid>/", views.notification_reading, name="notification_read"),
]
