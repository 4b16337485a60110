import hashlib
import json

from django.db import migrations
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone


def _seal(issued_at):
    """Return what was decided about a report that was issued before there were reviews."""
    content = {
        "approvedOn": timezone.localdate(issued_at).isoformat(),
        "edition": 1,
        "numbers": [],
        "reviews": [],
        "waivers": [],
        "withoutReview": "",
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fill(apps, schema_editor):
    """Name the plan of reports that were there; issued ones are approved, their files final."""
    report = apps.get_model("reporting", "ProgressReport")
    year = apps.get_model("planning", "OperationalPlan")
    file = apps.get_model("reporting", "ReportFile")
    own = year.objects.filter(pk=OuterRef("plan_id")).values("plan_id")
    report.objects.filter(strategic_plan=None).update(strategic_plan=Subquery(own))
    issued = report.objects.filter(issued_at__isnull=False)
    issued.update(stage="approved")
    for row in issued.filter(seal="").only("pk", "issued_at"):
        seal = _seal(row.issued_at)
        sha256 = hashlib.sha256(seal.encode()).hexdigest()
        report.objects.filter(pk=row.pk).update(seal=seal, seal_sha256=sha256)
    file.objects.filter(report__in=report.objects.filter(state="ready")).update(
        published_at=F("created_at")
    )
    file.objects.filter(report__in=issued).update(is_final=True)


class Migration(migrations.Migration):

    dependencies = [
        ('reporting', '0005_report_life'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
