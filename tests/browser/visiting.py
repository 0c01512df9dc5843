"""A person's browser that notices what a person would not: what the console says, and what did not arrive."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    StorageState,
    ViewportSize,
    expect,
)

from lms.accounts.passwords import DEMO_PASSWORD
from tests.browser.serving import Site

LOCALES = {"nl": "nl-NL", "en": "en-GB"}
PHONE, LAPTOP = 390, 1280
HEIGHTS = {PHONE: 844, LAPTOP: 800}
LONGEST_WAIT = 15_000
expect.set_options(timeout=LONGEST_WAIT)
BECAME_A_FILE = "net::ERR_ABORTED"


def size(width: int) -> ViewportSize:
    """Return the window of a device of that width."""
    return {"width": width, "height": HEIGHTS[width]}


@dataclass
class Watch:
    """Everything that went wrong on the pages of one browser; refusals that the test expects are left out."""

    expected: set[int] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Begin to watch."""
        context.on("console", self._said)
        context.on("weberror", lambda wrong: self.complaints.append(f"script: {wrong.error}"))
        context.on("requestfailed", self._lost)
        context.on("response", self._answered)

    def _said(self, message: ConsoleMessage) -> None:
        # That an address was refused is known from the answer itself.
        if message.type in {"error", "warning"} and not message.text.startswith("Failed to load resource"):
            self.complaints.append(f"console: {message.text}")

    def _lost(self, request: Request) -> None:
        if request.failure != BECAME_A_FILE:
            self.complaints.append(f"{request.url}: {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.complaints.append(f"{response.url}: {response.status}")


class People:
    """The demonstration people with their browsers, each signed in once, on the page for it."""

    def __init__(self, browser: Browser, site: Site) -> None:
        self._browser = browser
        self._site = site
        self._signed_in: dict[str, StorageState] = {}

    @contextmanager
    def page_of(
        self,
        email: str | None,
        language: str,
        width: int = LAPTOP,
        *,
        scripts: bool = True,
        expected: frozenset[int] = frozenset(),
    ) -> Iterator[Page]:
        """Give a page of that person's browser, or of somebody who did not sign in, for the length of a block.

        At its end nothing may have gone wrong but the refusals that were expected (by their status).
        """
        state = self._state_of(email) if email else None
        with self._page(language, width, scripts=scripts, expected=expected, state=state) as page:
            yield page

    def _state_of(self, email: str) -> StorageState:
        if email not in self._signed_in:
            with self._page("en", LAPTOP) as page:
                sign_in(page, email)
                self._signed_in[email] = page.context.storage_state()
        return self._signed_in[email]

    @contextmanager
    def _page(
        self,
        language: str,
        width: int,
        *,
        scripts: bool = True,
        expected: frozenset[int] = frozenset(),
        state: StorageState | None = None,
    ) -> Iterator[Page]:
        context = self._browser.new_context(
            base_url=self._site.address,
            locale=LOCALES[language],
            viewport=size(width),
            java_script_enabled=scripts,
            storage_state=state,
            reduced_motion="reduce",
        )
        context.set_default_timeout(LONGEST_WAIT)
        watch = Watch(set(expected))
        watch.over(context)
        try:
            yield context.new_page()
        finally:
            context.close()
        assert not watch.complaints, "\n".join(watch.complaints)


def sign_in(page: Page, email: str) -> None:
    """Sign in as one of the demonstration people, whatever the language of the page."""
    page.goto("/sign-in")
    page.locator("input[name=email]").fill(email)
    page.locator("input[name=password]").fill(DEMO_PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/")


def has_sideways_scroll(page: Page) -> bool:
    """Return whether the page as a whole is wider than its window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
