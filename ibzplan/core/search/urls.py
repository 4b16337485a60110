"""Address of the search page."""

from django.urls import path

from ibzplan.core.search.views import search

urlpatterns = [path("zoeken/", search, name="search")]
