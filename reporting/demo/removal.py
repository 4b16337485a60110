"""Takes every demo row away, and nothing else."""

from collections import Counter

from django.apps import apps
from django.core.files.storage import Storage
from django.db import models, transaction
from django.db.models import ProtectedError, Q

from ibzplan.core.models import ApiToken, Follow, Job
from ibzplan.core.services import clock_hold, clock_rewritten, next_instant
from objectives.planning.models import ObjectiveIndicator
from personnel.models import RoleAssignment, User
from reporting.demo.accounts import logins_path
from reporting.models import ProgressReport, ReportFile


def demo_remove() -> dict[str, int]:
    """Delete all demo rows, what demo accounts asked for, and its files; return rows a kind.

    A demo account that the history of real rows still names is switched off instead. Files go
    once the deletion is committed.
    """
    gone: Counter[str] = Counter()
    with transaction.atomic():
        clock_hold()  # before any table, as every writer
        _count(gone, _reports())
        # A real plan of a later year may go on with a series of the demo.
        _count(gone, ObjectiveIndicator.objects.filter(indicator__is_demo=True).delete())
        for model in _demo_models():
            _count(gone, model._base_manager.filter(is_demo=True).delete())
        _count(gone, Follow.objects.filter(user__is_demo=True).delete())
        gone["accounts kept, switched off"] = _accounts(gone)
        if gone.total():
            clock_rewritten(at=next_instant())
        transaction.on_commit(lambda: logins_path().unlink(missing_ok=True))
    return {name: number for name, number in sorted(gone.items()) if number}


def _count(gone: "Counter[str]", deleted: tuple[int, dict[str, int]]) -> None:
    gone.update(deleted[1])


def _reports() -> tuple[int, dict[str, int]]:
    """Delete reports on demo plans or asked for by demo accounts, with their jobs and files.

    One that a demo account issued on a real plan stays: it locked real figures.
    """
    reports = ProgressReport.objects.removable().filter(
        Q(is_demo=True) | Q(plan__is_demo=True) | Q(requested_by__is_demo=True)
    )
    keys = list(reports.values_list("pk", "uuid"))
    report_files = ReportFile.objects.filter(report__in=[pk for pk, _uuid in keys])
    files = [(row.file.storage, row.file.name) for row in report_files if row.file.name]
    transaction.on_commit(lambda: _delete_files(files))
    jobs = Job.objects.filter(
        Q(requested_by__is_demo=True) | Q(target_uuid__in=[uuid for _pk, uuid in keys])
    ).delete()
    gone: Counter[str] = Counter(jobs[1])
    rows = ProgressReport.objects.filter(pk__in=[pk for pk, _uuid in keys])
    editions = rows.order_by("-edition").values_list("edition", flat=True).distinct()
    for edition in list(editions):  # a correction names the edition before it
        gone.update(rows.filter(edition=edition).delete()[1])
    return gone.total(), dict(gone)


def _delete_files(files: list[tuple[Storage, str]]) -> None:
    for storage, name in files:
        storage.delete(name)


def _demo_models() -> list[type[models.Model]]:
    """Return the models with a demo mark, those that refer to others first; accounts apart."""
    marked = [
        model
        for model in apps.get_models()
        if model is not User and any(field.name == "is_demo" for field in model._meta.fields)
    ]
    ordered: list[type[models.Model]] = []
    while marked:
        referred = {
            field.related_model
            for model in marked
            for field in model._meta.fields
            if field.is_relation and field.related_model is not model
        }
        free = [model for model in marked if model not in referred]
        if not free:
            names = ", ".join(model.__name__ for model in marked)
            raise RuntimeError(f"models with a demo mark refer to each other in a ring: {names}")
        ordered += free
        marked = [model for model in marked if model in referred]
    return ordered


def _accounts(gone: "Counter[str]") -> int:
    """Delete the demo accounts; return how many had to stay, switched off."""
    users = list(User.objects.filter(is_demo=True).order_by("pk"))
    ApiToken.objects.filter(user__in=users).delete()
    RoleAssignment.objects.filter(user__in=users).delete()
    kept = 0
    for user in users:
        try:
            with transaction.atomic():
                _count(gone, user.delete())
        except ProtectedError:
            _switch_off(user)
            kept += 1
    return kept


def _switch_off(user: User) -> None:
    user.is_active = False
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    user.groups.clear()
    user.user_permissions.clear()
