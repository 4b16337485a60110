"""A world with something in every collection, and a draft that its planner writes in."""

from datetime import date

from django.test import Client

from ibzplan.api_urls import COLLECTIONS
from ibzplan.core.services import token_create
from objectives.planning.models import OperationalPlan
from personnel.models import ManagementFunction
from reporting.models import ProgressReport
from reporting.services.report_files import report_file_keep
from tests.api.conftest import World, make_world, moment, text


def make_whole_world() -> World:
    """Make the records."""
    world = make_world()
    world.plan_entries(1)
    indicator = world.indicator("K-1", "ADVP")
    objective = world.objective("2.6.1", "ADVP")
    world.link(objective, indicator)
    world.target(indicator, "95", day="2026-01-05", due="2026-12-31")
    figure = world.figure(indicator, "2026-T1", "0", day="2026-04-10", narrative=text("Nog niets"))
    world.figure(indicator, "2026-T2", "12.5", day="2026-07-10")
    world.validate(figure, day="2026-04-12")
    world.question(objective, minister="BZ")
    world.amendment(objective)
    world.deadline("Cijfers", unit="ADVP")
    archive(world.report())
    world.means("L1", "ADVP")
    _draft(world)
    return world


def archive(report: ProgressReport, *, is_final: bool = True, content: bytes = b"%PDF-") -> None:
    """Keep a file of a report that can be fetched."""
    report_file_keep(report, "pdf", content, is_final=is_final, published_at=moment("2026-07-20"))


def _draft(world: World) -> None:
    """Add a plan year that is being prepared, with an objective and an indicator in it."""
    approved = world.year
    world.year = OperationalPlan.objects.create(plan=world.plan, year=2027, state="draft")
    ManagementFunction.objects.create(
        code="ADVP-DG", unit=world.units["ADVP"], title=text("Directeur-generaal"), level="n1"
    )
    draft = world.objective("2.6.2", "ADVP", state="draft")
    draft.starts_on, draft.ends_on = date(2027, 1, 1), date(2027, 12, 31)
    draft.save()
    indicator = world.indicator("K-2", "ADVP", released=False)
    world.link(draft, indicator)
    world.target(indicator, "80", day="2026-10-05", due="2027-12-31", plan_year=2027)
    world.year = approved


def known_ids(world: World) -> dict[str, list[str]]:
    """Return by collection the ids of what its first page shows to the auditor."""
    _token, key = token_create(user=world.users["auditor"], name="ids")
    client = Client(headers={"Authorization": f"Bearer {key}"})
    found = {}
    for collection in COLLECTIONS:
        page = client.get(f"/api/v1/{collection.name}").json()
        found[collection.name] = [item["id"] for item in page["items"]]
    return found
