"""Tokens and history for who administers the product: looked at; a token can be revoked."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ibzplan.core.models import ApiToken, HistoryEntry
from ibzplan.core.services import token_revoke

if TYPE_CHECKING:
    TokenAdminBase = admin.ModelAdmin[ApiToken]
    HistoryAdminBase = admin.ModelAdmin[HistoryEntry]
else:
    TokenAdminBase = HistoryAdminBase = admin.ModelAdmin


class ReadOnlyMixin:
    """Rows that nobody makes, changes or deletes here; who may view them sees them."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyMixin, TokenAdminBase):
    """Clients' tokens. Their page and `manage.py create_token` make them: a key is shown once."""

    list_display = ("name", "user", "created_at", "last_used_at", "expires_at", "revoked_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("user",)
    search_fields = ("name", "user__username", "user__display_name")
    fields = list_display
    actions = ("revoke",)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Allow it to who may change tokens."""
        return request.user.has_perm("core.change_apitoken")

    @admin.action(description=_("Revoke the selected tokens"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, rows: QuerySet[ApiToken]) -> None:
        """Revoke them; those that were revoked before keep their moment."""
        actor: Any = request.user
        count = sum(token_revoke(actor=actor, token=token) for token in rows)
        said = ngettext("%(count)d token revoked.", "%(count)d tokens revoked.", count)
        self.message_user(request, said % {"count": count}, messages.SUCCESS)


@admin.register(HistoryEntry)
class HistoryEntryAdmin(ReadOnlyMixin, HistoryAdminBase):
    """Who changed what, when and why; the database itself keeps it append-only."""

    list_display = ("at", "actor", "action", "target_type", "target_uuid", "reason")
    list_filter = ("target_type", "action")
    list_select_related = ("actor",)
    search_fields = ("target_uuid", "actor__username", "reason")
    fields = (*list_display, "changes")
    show_full_result_count = False
