"""Addresses of what is typed and not saved yet."""

from django.urls import path

from ibzplan.core.drafts.views import draft, draft_dropping

urlpatterns = [
    path("kladversie/<str:form>/<uuid:target>/", draft, name="draft"),
    path("kladversie/<str:form>/<uuid:target>/weg/", draft_dropping, name="draft_drop"),
]
