"""Accounts and their roles for who prefers a screen to `manage.py create_user`."""

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ibzplan.core.errors import DomainError
from ibzplan.core.services import next_instant
from personnel.models import FunctionHolder, ManagementFunction, RoleAssignment, User
from personnel.services import role_assign, role_check, role_withdraw, user_record

if TYPE_CHECKING:
    AssignmentForm = forms.ModelForm[RoleAssignment]
    AssignmentInline = admin.TabularInline[RoleAssignment, User]
    AccountAdmin = DjangoUserAdmin[User]
    HolderInline = admin.TabularInline[FunctionHolder, ManagementFunction]
    FunctionAdmin = admin.ModelAdmin[ManagementFunction]
else:
    AssignmentForm, AssignmentInline = forms.ModelForm, admin.TabularInline
    AccountAdmin = DjangoUserAdmin
    HolderInline, FunctionAdmin = admin.TabularInline, admin.ModelAdmin

RECORDED_FIELDS: Final = (
    "username",
    "display_name",
    "email",
    "is_active",
    "is_staff",
    "is_superuser",
)


class RoleAssignmentForm(AssignmentForm):
    """A role with its unit or minister, checked as the service checks it."""

    class Meta:
        """What is asked."""

        model = RoleAssignment
        fields = ("role", "unit", "minister")

    def clean(self) -> dict[str, Any]:
        """Put the service's error at its field."""
        data: dict[str, Any] = super().clean() or {}
        if "role" in data:
            try:
                role_check(role=data["role"], unit=data.get("unit"), minister=data.get("minister"))
            except DomainError as error:
                self.add_error(error.field, error.message)
        return data


class RoleAssignmentInline(AssignmentInline):
    """A user's roles. One is given or withdrawn; to change it, do both."""

    model = RoleAssignment
    form = RoleAssignmentForm
    extra = 1

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Refuse: a changed row would hide what the role was."""
        return False


@admin.register(User)
class UserAdmin(AccountAdmin):
    """Accounts. They are made inactive, never deleted: the history names them."""

    list_display = ("username", "display_name", "email", "is_active", "is_client", "is_demo")
    list_filter = ("role_assignments__role", "is_active", "is_client", "is_demo", "is_superuser")
    search_fields = ("username", "display_name", "email")
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ()
    inlines = (RoleAssignmentInline,)
    fieldsets = (
        (None, {"fields": ("username", "password", "display_name", "email")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "is_superuser")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": (
                    "username",
                    "display_name",
                    "email",
                    "usable_password",
                    "password1",
                    "password2",
                ),
            },
        ),
    )

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Refuse."""
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: Any) -> None:
        """Save the account, and its history with it."""
        at = next_instant()  # before any row of this request's transaction is written
        super().save_model(request, obj, form, change)
        actor: Any = request.user
        # The passwords of the form for a new account are no fields of the model's.
        names = [n for n in form.changed_data if n in RECORDED_FIELDS]
        user_record(
            actor=actor,
            user=obj,
            action="changed" if change else "created",
            changes={n: (form.initial.get(n), form.cleaned_data[n]) for n in names},
            at=at,
        )

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: Any) -> None:
        """Give and withdraw roles through the services."""
        if formset.model is not RoleAssignment:
            super().save_formset(request, form, formset, change)
            return
        actor: Any = request.user
        given = formset.save(commit=False)
        for row in formset.deleted_objects:
            role_withdraw(actor=actor, assignment=row)
        for row in given:
            role_assign(
                actor=actor, user=row.user, role=row.role, unit=row.unit, minister=row.minister
            )


class FunctionHolderInline(HolderInline):
    """Who holds a function, when; the account is the one who signs in."""

    model = FunctionHolder
    extra = 0
    can_delete = False
    readonly_fields = ("name", "user", "holds_from", "holds_to")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: see ManagementFunctionAdmin."""
        return False


@admin.register(ManagementFunction)
class ManagementFunctionAdmin(FunctionAdmin):
    """The register of functions, to look things up: its own page changes it, with its rules."""

    list_display = ("code", "unit", "title", "level", "valid_from", "valid_to")
    list_filter = ("level", "unit")
    search_fields = ("code", "holders__name")
    inlines = (FunctionHolderInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: objectives and evaluations name it."""
        return False
