"""One signed-in person with a browser window of their own."""

import subprocess
import sys
from typing import Literal

from django.conf import settings
from playwright.sync_api import Browser, Page

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


def run(product: Product, *arguments: str) -> str:
    """Run a management command on the product's data; return what it prints."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=product.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


class Visitor:
    """One signed-in person with a browser window of their own."""

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
        self.go("/aanmelden/")
        self.page.fill("input[name=username]", name)
        self.page.fill("input[name=password]", PASSWORD)
        with self.page.expect_navigation():
            self.page.click("main button[type=submit]")
        assert "/aanmelden/" not in self.page.url

    def go(self, path: str) -> int:
        response = self.page.goto(self.base + path)
        assert response is not None
        return response.status

    def text(self) -> str:
        return self.page.inner_text("main")

    def step(self, to: str) -> None:
        with self.page.expect_navigation():
            self.page.click(f"form:has(input[name=to][value={to}]) button")
