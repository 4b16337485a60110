"""One signed-in person with a browser window of their own."""

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any, Literal
from urllib.parse import urlsplit

from django.conf import settings
from playwright.sync_api import Browser, ConsoleMessage, Page, Response

from tests.product import Product

PASSWORD = "only-for-this-walk"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# In one process: to start one takes longer than most commands.
_RUN_ALL = """
import json, sys
from io import StringIO
from django.core.management import call_command
said = []
for name, *arguments in json.load(sys.stdin):
    output = StringIO()
    call_command(name, *arguments, stdout=output)
    said.append(output.getvalue())
print(json.dumps(said))
"""


def run(product: Product, *arguments: str, given: str = "") -> str:
    """Run a management command on the product's data; return what it prints."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=product.environment,
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def run_all(product: Product, commands: Sequence[Sequence[str]]) -> list[str]:
    """Run management commands one after the other; return what each prints."""
    said: list[str] = json.loads(
        run(product, "shell", "-v0", "-c", _RUN_ALL, given=json.dumps(commands))
    )
    return said


class Visitor:
    """One signed-in person with a browser window of their own.

    Who signed in to a product before, in another window, still is. Language, scheme and width are
    of this window.
    """

    def __init__(
        self,
        browser: Browser,
        product: Product,
        name: str,
        language: str = "nl",
        *,
        scheme: Literal["light", "dark"] = "light",
        width: int = 1280,
        bypass_csp: bool = False,
        password: str = PASSWORD,
    ) -> None:
        self.base = f"http://127.0.0.1:{product.port}"
        self.context = browser.new_context(
            locale=f"{language}-BE",
            accept_downloads=True,
            color_scheme=scheme,
            viewport={"width": width, "height": 1000},
            bypass_csp=bypass_csp,
        )
        self.page: Page = self.context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._note_console)
        self.page.on("response", self._note_failure)
        if name in product.sessions:
            self.context.add_cookies([product.sessions[name]])
            self.go("/")
        else:
            self._sign_in(name, password)
            product.sessions[name] = self._session()
        assert "/aanmelden/" not in self.page.url

    def _sign_in(self, name: str, password: str) -> None:
        self.go("/aanmelden/")
        self.page.fill("input[name=username]", name)
        self.page.fill("input[name=password]", password)
        with self.page.expect_navigation():
            self.page.click("main button[type=submit]")

    def _session(self) -> dict[str, Any]:
        """Return the cookie of the session, without what only this window is told by others."""
        (cookie,) = (one for one in self.context.cookies() if one["name"] == "sessionid")
        return {"name": "sessionid", "value": cookie["value"], "url": self.base}

    def _note_console(self, message: ConsoleMessage) -> None:
        """Keep what the page complains of; an answer of 404 is for the test to judge."""
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.errors.append(f"{self.page.url}: {message.text}")

    def _note_failure(self, response: Response) -> None:
        if response.status >= 500:
            self.errors.append(f"{response.status} {response.url}")

    def go(self, path: str) -> int:
        response = self.page.goto(self.base + path)
        assert response is not None
        return response.status

    def text(self) -> str:
        return self.page.inner_text("main")

    def follow(self, selector: str) -> None:
        """Click the first link or button that matches, which opens another page."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()

    def path(self) -> str:
        """Return the address of the page, without what follows the question mark."""
        return urlsplit(self.page.url).path

    def fill(self, **values: str) -> None:
        """Type into fields by their name; a list takes the value of an option."""
        for name, value in values.items():
            field = self.page.locator(f"main [name={name}]").first
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def save(self, field: str) -> None:
        """Send the form that has this field, with its first button."""
        self.follow(f"main form:has([name={field}]) .form-actions button[type=submit]")

    def step(self, step: str) -> None:
        """Take a step with the objective that is open."""
        self.follow(f"main form:has(input[name=step][value={step}]) button[type=submit]")
