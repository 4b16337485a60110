"""Commands of curl, as the documentation shows them, run against the product in this process."""

import shlex
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import uuid4

from django.test import Client

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

API = "http://testserver/api/v1"


@dataclass
class Command:
    """What one command asks for."""

    method: str = "GET"
    address: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @classmethod
    def read(cls, source: str, **known: str) -> "Command":
        """Read a command as a shell does: what begins with $ is filled in."""
        found, words = cls(), shlex.split(source.replace("\\\n", " "))
        assert words.pop(0) == "curl"
        while words:
            word = words.pop(0)
            if word == "-H":
                name, _colon, value = _filled(words.pop(0), known).partition(":")
                found.headers[name] = value.strip()
            elif word == "-X":
                found.method = words.pop(0)
            elif word == "-d":
                found.body = words.pop(0).encode()
            elif word == "--output":
                words.pop(0)
            else:
                found.address = _filled(word, known)
        return found

    def send(self) -> "Response":
        """Return what is answered."""
        headers = dict(self.headers)
        kind = headers.pop("Content-Type", "application/octet-stream")
        parts = urlsplit(self.address)
        assert parts.netloc == "testserver", self.address
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return Client().generic(self.method, path, self.body, content_type=kind, headers=headers)


def _filled(text: str, known: dict[str, str]) -> str:
    values = {"API": API, "(uuidgen)": str(uuid4()), **known}
    for name, value in values.items():
        text = text.replace(f"${name}", value)
    assert "$" not in text, text
    return text
