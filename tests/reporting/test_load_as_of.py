"""What the API says of the plans as they stood before a load changed them."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from ibzplan.api_urls import COLLECTIONS
from ibzplan.core.api.rewound import RegisterCollection
from ibzplan.core.selectors import last_instant
from ibzplan.core.services import token_create
from personnel.choices import Role
from personnel.models import RoleAssignment, User
from reporting.plans.loader import plans_load

pytestmark = pytest.mark.urls("tests.api.urlconf")

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
# file, what a new edition of the plan says otherwise, and how.
EDITS = (
    ("werven", 'nl: "Moderniseren van identiteitsmiddelen"', 'nl: "Identiteit moderniseren"'),
    ("werven", 'units: ["ADIB"]', 'units: ["NCCN", "ADIB"]'),
    ("security_themes", '{kiv: "OPEN", line: 213}', '{kiv: "MAAT", line: 213}'),
    ("policy_frameworks", 'printed: "KIV - Digitale veiligheid"', 'printed: "KIV digitaal"'),
    ("enabling_conditions", '{code: "8.4.2"', '{code: "8.4.22"'),
)
CHANGED = {"werven", "securityThemes", "kivDimensions", "policyFrameworks", "enablingConditions"}
Lists = dict[str, list[dict[str, Any]]]


@pytest.fixture
def read(db: None) -> Callable[..., Lists]:
    """Return read(**query): every list of the structure, whole."""
    user = User.objects.create(username="auditor")
    RoleAssignment.objects.create(user=user, role=Role.AUDITOR)
    _token, key = token_create(user=user, name="structure")
    client = Client(headers={"Authorization": f"Bearer {key}"})
    names = [one.name for one in COLLECTIONS if isinstance(one, RegisterCollection)]

    def lists(**query: str) -> Lists:
        whole = {"pageSize": "500", **query}
        return {name: client.get(f"/api/v1/{name}", whole).json()["items"] for name in names}

    return lists


def test_lists_before_a_load_are_what_they_were(read: Callable[..., Lists], tmp_path: Path) -> None:
    plans_load(folder=FIXTURES)
    first, before = last_instant(), read()
    assert first is not None
    folder = Path(shutil.copytree(FIXTURES, tmp_path / "fixtures"))
    for name, old, new in EDITS:
        path = folder / f"{name}.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    report = plans_load(folder=folder)
    now, then = read(), read(asOf=first.isoformat())

    assert (report.changed, report.new) == (4, 1)
    assert all(before.values())
    assert then == before
    assert {name for name, items in now.items() if items != before[name]} == CHANGED
