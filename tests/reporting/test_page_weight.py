"""The first load of the dashboard: the page and everything that it asks for, as it is served."""

import gzip
import re
from datetime import date
from io import StringIO
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from personnel.models import User

pytestmark = pytest.mark.django_db

ALLOWED_BYTES = 150_000
TODAY = date(2026, 10, 14)
_IN_PAGE = re.compile(r'(?:src|href)="/static/([^"]+)"')
_IN_STYLESHEET = re.compile(r'url\("?([^")]+?)"?\)')
# Compressed already: the server sends them as they are.
_COMPRESSED = (".woff2",)


@pytest.fixture
def demo(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    call_command("load_plans", stdout=StringIO(), skip_checks=True)
    call_command("demo_data", seed=1, today=TODAY, stdout=StringIO(), skip_checks=True)


def _content(name: str) -> bytes:
    found = finders.find(name)
    assert isinstance(found, str), f"{name} is not among the static files"
    return Path(found).read_bytes()


def _assets(page: str) -> dict[str, bytes]:
    """Return what the page asks for: what it names, and all that its stylesheets name."""
    names = set(_IN_PAGE.findall(page))
    for sheet in [name for name in names if name.endswith(".css")]:
        text = _content(sheet).decode()
        beside = (name for name in _IN_STYLESHEET.findall(text) if not name.startswith("data:"))
        names |= {str(PurePosixPath(sheet).parent / name) for name in beside}
    return {name: _content(name) for name in sorted(names)}


def _sent(name: str, content: bytes) -> int:
    return len(content) if name.endswith(_COMPRESSED) else len(gzip.compress(content))


def _first_load(language: str) -> dict[str, int]:
    """Return how many bytes the server sends for the dashboard and for each thing it asks for."""
    client = Client(headers={"accept-language": language, "accept-encoding": "gzip"})
    client.force_login(User.objects.get(username="kabinet-vbz"))
    answer = client.get(reverse("reporting:dashboard"), {"minister": ""})
    assert answer["Content-Encoding"] == "gzip"
    assets = _assets(gzip.decompress(answer.content).decode())
    sent = {name: _sent(name, content) for name, content in assets.items()}
    return {"the page": len(answer.content), **sent}


def test_the_first_load_of_the_dashboard_is_light(demo: None) -> None:
    for language in ("nl", "fr"):
        load = _first_load(language)
        kinds = {PurePosixPath(name).suffix for name in load}
        assert {".css", ".js", ".woff2", ".svg"} <= kinds
        assert sum(load.values()) < ALLOWED_BYTES, load
