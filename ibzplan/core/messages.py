"""Message files of the interface: extracted from code and templates, checked, compiled.

Babel reads the code and polib writes the files, so neither gettext's tools nor line numbers and
dates are needed: the same code gives the same bytes. Both libraries serve development only, so
nothing but the `messages` command imports this module.
"""

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import polib
from babel.messages.extract import extract
from django.utils.translation.template import templatize

LANGUAGES: Final = ("nl", "fr")
PLURALS: Final = {"nl": "nplurals=2; plural=(n != 1);", "fr": "nplurals=2; plural=(n > 1);"}
PACKAGES: Final = ("ibzplan", "personnel", "budget", "objectives", "reporting")
SKIPPED_FOLDERS: Final = frozenset({"migrations", "node_modules", "static", "locale"})
KEYWORDS: Final[Mapping[str, tuple[int | tuple[int, str], ...] | None]] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_PLACEHOLDER: Final = re.compile(r"%\((\w+)\)[#0\- +]*[\d.*]*[a-zA-Z]|%%|%[sdifr]")

# Context and message, as gettext identifies an entry.
Key = tuple[str, str]


@dataclass
class Found:
    """A message in the sources: its plural form when it has one, and the files that use it."""

    plural: str = ""
    files: set[str] = field(default_factory=set)


def _key(entry: polib.POEntry) -> Key:
    return entry.msgctxt or "", entry.msgid


def _sources(root: Path, suffixes: Iterable[str]) -> Iterator[Path]:
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*")):
            inside = path.relative_to(root)
            if path.suffix in suffixes and not SKIPPED_FOLDERS.intersection(inside.parts):
                yield path


def extract_messages(root: Path) -> dict[Key, Found]:
    """Return every message of the Python files and the templates below the packages in `root`."""
    found: dict[Key, Found] = {}
    for path in _sources(root, {".py", ".html", ".txt"}):
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            if "templates" not in path.parts:
                continue
            # What is not text to translate comes back as blanks and crosses: without the
            # indentation of the template, which Python's tokenizer would not accept.
            lines = templatize(text, origin=str(path)).splitlines()
            text = "\n".join(line.strip() for line in lines)
        source = io.BytesIO(text.encode())
        for _line, message, _comments, context in extract(
            "python", source, keywords=KEYWORDS, options={"encoding": "utf-8"}
        ):
            singular, plural = (
                (message[0], message[1]) if isinstance(message, tuple) else (message, "")
            )
            entry = found.setdefault((context or "", singular), Found())
            entry.plural = entry.plural or plural
            entry.files.add(path.relative_to(root).as_posix())
    return found


def catalogue_path(root: Path, language: str) -> Path:
    """Return where a language's messages are kept."""
    return root / "ibzplan" / "locale" / language / "LC_MESSAGES" / "django.po"


def _read(path: Path) -> dict[Key, polib.POEntry]:
    if not path.is_file():
        return {}
    entries = polib.pofile(str(path), encoding="utf-8")
    return {_key(entry): entry for entry in entries if not entry.obsolete}


def _catalogue(language: str, entries: Iterable[polib.POEntry]) -> polib.POFile:
    catalogue = polib.POFile(wrapwidth=98)
    catalogue.header = "Fill in msgstr; `make messages` does the rest."
    catalogue.metadata = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }
    catalogue.extend(sorted(entries, key=lambda entry: (entry.msgid, entry.msgctxt or "")))
    return catalogue


def _compiled(catalogue: polib.POFile) -> bytes:
    binary: bytes = catalogue.to_binary()
    return binary


def _merged(key: Key, message: Found, former: polib.POEntry | None) -> polib.POEntry:
    """Return the entry of a message, with the translation that the file already holds."""
    context, msgid = key
    entry = polib.POEntry(
        msgid=msgid,
        msgctxt=context or None,
        occurrences=[(name, "") for name in sorted(message.files)],
        tcomment=former.tcomment if former else "",
        flags=["fuzzy"] if former and former.fuzzy else [],
    )
    if message.plural:
        entry.msgid_plural = message.plural
        entry.msgstr_plural = (former and former.msgstr_plural) or {0: "", 1: ""}
    else:
        entry.msgstr = former.msgstr if former else ""
    return entry


def update(root: Path) -> dict[str, int]:
    """Write the message files anew from the sources; return the untranslated ones a language."""
    found = extract_messages(root)
    open_entries = {}
    for language in LANGUAGES:
        path = catalogue_path(root, language)
        former = _read(path)
        catalogue = _catalogue(
            language, [_merged(key, message, former.get(key)) for key, message in found.items()]
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{catalogue}\n".rstrip("\n") + "\n", encoding="utf-8", newline="\n")
        path.with_suffix(".mo").write_bytes(_compiled(catalogue))
        open_entries[language] = sum(not entry.translated() for entry in catalogue)
    return open_entries


def placeholders(text: str) -> list[str]:
    """Return the placeholders of a text, each kind once, sorted; `%%` is a plain sign."""
    matches = (match.group(1) or match.group(0) for match in _PLACEHOLDER.finditer(text))
    return sorted({name for name in matches if name != "%%"})


def _placeholder_problem(entry: polib.POEntry) -> str:
    """Say how a translation's placeholders differ, or return an empty text.

    A plural may leave out a placeholder that one of its forms leaves out ("one row").
    """
    if not entry.msgid_plural:
        wanted, given = placeholders(entry.msgid), placeholders(entry.msgstr)
        return "" if wanted == given else f"placeholders {given} instead of {wanted}"
    most = set(placeholders(entry.msgid)) | set(placeholders(entry.msgid_plural))
    least = set(placeholders(entry.msgid)) & set(placeholders(entry.msgid_plural))
    for form in entry.msgstr_plural.values():
        given_set = set(placeholders(form))
        if not least <= given_set <= most:
            return f"placeholders {sorted(given_set)} instead of {sorted(most)}"
    return ""


def _problems(language: str, path: Path, found: Mapping[Key, Found]) -> Iterator[str]:
    entries = _read(path)

    def name(key: Key) -> str:
        return f"{language}: {key[1]!r}" + (f" (context {key[0]!r})" if key[0] else "")

    for key, message in sorted(found.items()):
        entry = entries.get(key)
        if entry is None or (entry.msgid_plural or "") != message.plural:
            yield f"{name(key)}: missing, used in {', '.join(sorted(message.files))}"
        elif entry.fuzzy:
            yield f"{name(key)}: marked fuzzy"
        elif not entry.translated():
            yield f"{name(key)}: not translated, used in {', '.join(sorted(message.files))}"
        elif problem := _placeholder_problem(entry):
            yield f"{name(key)}: {problem}"
    for key in sorted(entries.keys() - found.keys()):
        yield f"{name(key)}: obsolete, used nowhere"
    compiled = path.with_suffix(".mo")
    if not compiled.is_file() or compiled.read_bytes() != _compiled(
        _catalogue(language, entries.values())
    ):
        yield f"{language}: {compiled.name} was not compiled from {path.name}"


def check(root: Path) -> list[str]:
    """Return what is wrong with the message files, one sentence each."""
    found = extract_messages(root)
    return [
        problem
        for language in LANGUAGES
        for problem in _problems(language, catalogue_path(root, language), found)
    ]
