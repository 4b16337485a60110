"""Message files: every text of code and templates found, gaps named, the same bytes each time."""

from pathlib import Path

import polib
import pytest

from ibzplan.core import messages

CODE = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext

title = _("Dashboard")
label = gettext_lazy("Dashboard")
count = ngettext("%(count)s objective", "%(count)s objectives", 2)
month = pgettext("month", "May")
long = _(
    "One sentence "
    "in two parts."
)
"""
TEMPLATE = """{% load i18n %}
    <nav>
        {% if plan %}<h1>{% translate "Plans" %}</h1>
      {% endif %}
  </nav>
<p>{% blocktranslate with name=plan.name %}Plan {{ name }}{% endblocktranslate %}</p>
{% blocktranslate count n=rows trimmed %}
  {{ n }} row
{% plural %}
  {{ n }} rows
{% endblocktranslate %}
{% translate "May" context "verb" %}
"""
FOUND = {
    ("", "Dashboard"),
    ("", "%(count)s objective"),
    ("month", "May"),
    ("", "One sentence in two parts."),
    ("", "Plans"),
    ("", "Plan %(name)s"),
    ("", "%(n)s row"),
    ("verb", "May"),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a small source tree with one Python file and one template."""
    for package in messages.PACKAGES:
        (tmp_path / package).mkdir()
    (tmp_path / "reporting" / "views.py").write_text(CODE)
    templates = tmp_path / "ibzplan" / "templates"
    templates.mkdir()
    (templates / "page.html").write_text(TEMPLATE)
    return tmp_path


def translate_all(root: Path) -> None:
    """Give every message a translation that keeps its placeholders."""
    for language in messages.LANGUAGES:
        path = messages.catalogue_path(root, language)
        catalogue = polib.pofile(str(path))
        for entry in catalogue:
            if entry.msgid_plural:
                entry.msgstr_plural = {0: entry.msgid, 1: entry.msgid_plural}
            else:
                entry.msgstr = f"[{language}] {entry.msgid}"
        catalogue.save(str(path))
    messages.update(root)


def test_texts_of_code_and_templates_are_found_with_their_context_and_plural(root: Path) -> None:
    found = messages.extract_messages(root)

    assert set(found) == FOUND
    assert found["", "%(n)s row"].plural == "%(n)s rows"
    assert found["", "Plans"].files == {"ibzplan/templates/page.html"}


def test_an_update_keeps_translations_adds_new_texts_and_drops_unused_ones(root: Path) -> None:
    messages.update(root)
    translate_all(root)
    (root / "reporting" / "views.py").write_text(CODE.replace("Dashboard", "Overview"))

    assert messages.update(root) == {"nl": 1, "fr": 1}

    entries = {
        entry.msgid: entry for entry in polib.pofile(str(messages.catalogue_path(root, "nl")))
    }
    assert "Dashboard" not in entries
    assert entries["Overview"].msgstr == ""
    assert entries["Plans"].msgstr == "[nl] Plans"


def test_the_same_sources_give_the_same_bytes(root: Path) -> None:
    def written() -> dict[str, bytes]:
        return {p.name + p.parts[-3]: p.read_bytes() for p in root.rglob("django.*")}

    messages.update(root)
    translate_all(root)
    first = written()
    messages.update(root)

    assert written() == first
    assert len(first) == 4


def test_a_complete_catalogue_passes(root: Path) -> None:
    messages.update(root)
    translate_all(root)

    assert messages.check(root) == []


@pytest.mark.parametrize(
    ("translation", "complaint"),
    [
        ("", "not translated, used in ibzplan/templates/page.html"),
        ("Plan %(naam)s", "placeholders ['naam'] instead of ['name']"),
        ("Plan", "placeholders [] instead of ['name']"),
    ],
)
def test_a_gap_is_named(root: Path, translation: str, complaint: str) -> None:
    messages.update(root)
    translate_all(root)

    path = messages.catalogue_path(root, "nl")
    catalogue = polib.pofile(str(path))
    entry = catalogue.find("Plan %(name)s")
    assert entry is not None
    entry.msgstr = translation
    catalogue.save(str(path))
    messages.update(root)

    assert messages.check(root) == [f"nl: 'Plan %(name)s': {complaint}"]


def test_a_fuzzy_translation_is_named(root: Path) -> None:
    messages.update(root)
    translate_all(root)
    path = messages.catalogue_path(root, "fr")
    path.write_text(path.read_text().replace('\nmsgid "Plans"', '\n#, fuzzy\nmsgid "Plans"'))
    messages.update(root)

    assert messages.check(root) == ["fr: 'Plans': marked fuzzy"]


def test_new_and_unused_texts_are_named_when_the_files_were_not_updated(root: Path) -> None:
    messages.update(root)
    translate_all(root)
    (root / "reporting" / "views.py").write_text(CODE.replace("Dashboard", "Overview"))

    assert messages.check(root)[:2] == [
        "nl: 'Overview': missing, used in reporting/views.py",
        "nl: 'Dashboard': obsolete, used nowhere",
    ]


def test_a_binary_that_was_not_compiled_anew_is_named(root: Path) -> None:
    messages.update(root)
    translate_all(root)
    path = messages.catalogue_path(root, "nl")
    path.write_text(path.read_text().replace("[nl] Plans", "Plannen"))

    assert messages.check(root) == ["nl: django.mo was not compiled from django.po"]


def test_a_percent_sign_is_no_placeholder() -> None:
    assert messages.placeholders("%(share)s %% of %(total)d, 100 % sure") == ["share", "total"]
