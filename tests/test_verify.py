"""What `make test` says at the end is what pytest did."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def verify() -> ModuleType:
    """Return the script as a module; its folder is no package."""
    spec = importlib.util.spec_from_file_location("verify", ROOT / ".ci" / "verify.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["verify"] = module  # dataclasses look their module up
    sys.path.insert(0, str(ROOT / ".ci"))  # as when it is run
    spec.loader.exec_module(module)
    sys.path.remove(str(ROOT / ".ci"))
    return module


def test_counts_and_skip_reasons_are_read_from_pytests_report(
    verify: ModuleType, tmp_path: Path
) -> None:
    report = tmp_path / "report.xml"
    report.write_text(
        "<testsuites><testsuite>"
        '<testcase name="a"/><testcase name="b"/>'
        '<testcase name="c"><failure message="no"/></testcase>'
        '<testcase name="d"><error message="no"/></testcase>'
        '<testcase name="e"><skipped message="needs PostgreSQL"/></testcase>'
        '<testcase name="f"><skipped message="needs PostgreSQL"/></testcase>'
        "</testsuite></testsuites>"
    )

    assert verify.read_outcome(report).lines("SQLite") == [
        "SQLite: 2 passed, 2 failed, 2 skipped",
        "    2 skipped: needs PostgreSQL",
    ]


def test_a_run_that_wrote_no_report_counts_nothing(verify: ModuleType, tmp_path: Path) -> None:
    assert verify.read_outcome(tmp_path / "none.xml").lines("SQLite") == [
        "SQLite: 0 passed, 0 failed, 0 skipped"
    ]


def test_a_changed_or_added_file_changes_the_fingerprint(
    verify: ModuleType, tmp_path: Path
) -> None:
    (tmp_path / "a.css").write_text("a{}")
    first = verify.fingerprint(tmp_path)
    assert verify.fingerprint(tmp_path) == first
    (tmp_path / "b.js").write_text("")
    assert verify.fingerprint(tmp_path) != first


def test_missing_servers_are_named(verify: ModuleType) -> None:
    nowhere = {
        "DATABASE_URL": "postgres://someone@127.0.0.1:1/none",
        "REDIS_URL": "redis://127.0.0.1:1/0",
    }

    missing = verify.find_servers(nowhere)[2]

    assert "PostgreSQL" in missing
    assert "Redis" in missing
