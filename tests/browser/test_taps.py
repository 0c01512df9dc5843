"""How many taps it takes on a phone to log, and to rate; the counts are printed (pytest -rP)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from tests.browser.steps import RATED, TRAINEE, TRAINER, arrived
from tests.browser.visiting import PHONE, People
from tests.words import Words, words_in

pytestmark = pytest.mark.browser

MOST_TAPS = 6
MOST_TAPS_TO_RATE, MOST_REQUESTS, MOST_KILOBYTES = 8, 8, 60
HELPFUL = "Je controleerde de pomp pas na het starten. Volgende keer controleren voor het starten."
"""A comment that says what was seen, what to try next, and what the one has to do with the other."""


@dataclass
class Thumb:
    """A thumb that counts its taps; typing comes after the tap that opens the field."""

    page: Page
    taps: int = 0

    def tap(self, what: Locator) -> Locator:
        """Tap it, and return it to type in."""
        self.taps += 1
        what.click()
        return what


def one(thumb: Thumb, said: Words) -> None:
    """Log one activity with words of its own."""
    page = thumb.page
    thumb.tap(page.get_by_role("main").get_by_role("link", name=said("Log an activity")).first)
    thumb.tap(page.locator("#note")).press_sequentially("Infuus aangelegd")
    thumb.tap(page.get_by_role("checkbox", name=re.compile(rf"\b{RATED}\b")))
    thumb.tap(page.get_by_role("button", name=said("Log"), exact=True))
    expect(page.get_by_role("status")).to_contain_text(said("The activity is logged."))


def once_more(thumb: Thumb, said: Words) -> None:
    """Log the last one again."""
    page = thumb.page
    thumb.tap(page.get_by_role("main").get_by_role("link", name=said("Log an activity")).first)
    thumb.tap(page.get_by_role("navigation", name=said("Once more:")).get_by_role("link").first)
    thumb.tap(page.get_by_role("button", name=said("Log"), exact=True))
    expect(page.get_by_role("status")).to_contain_text(said("The activity is logged."))


def a_shift(thumb: Thumb, said: Words) -> None:
    """Log six of one kind and two of another."""
    page = thumb.page
    thumb.tap(page.get_by_role("main").get_by_role("link", name=said("Log an activity")).first)
    thumb.tap(page.get_by_role("link", name=said("Log a series")))
    arrived(page, said("Log a series"))
    numbers = page.locator("input[type=number]")
    thumb.tap(numbers.nth(0)).press_sequentially("6")
    thumb.tap(numbers.nth(1)).press_sequentially("2")
    thumb.tap(page.get_by_role("button", name=said("Log"), exact=True))
    arrived(page, said("My activities"))


@pytest.mark.parametrize("log", [one, once_more, a_shift], ids=lambda log: log.__name__)
def test_logging_takes_few_taps_on_a_phone(people: People, log: Callable[[Thumb, Words], None]) -> None:
    with people.page_of(TRAINEE, "nl", PHONE) as page:
        page.goto("/")
        thumb = Thumb(page)
        log(thumb, words_in("nl"))
    print(f"Logging on a phone, {log.__name__}: {thumb.taps} taps from the home page")  # noqa: T201 The outcome.
    assert thumb.taps <= MOST_TAPS


def test_a_double_tap_on_a_phone_logs_once(people: People) -> None:
    said, note = words_in("nl"), "Twee keer getikt"
    with people.page_of(TRAINEE, "nl", PHONE) as page:
        page.goto("/activities/new")
        page.locator("#note").fill(note)
        page.get_by_role("checkbox", name=re.compile(rf"\b{RATED}\b")).check()
        page.get_by_role("button", name=said("Log"), exact=True).dblclick()
        arrived(page, said("Ask for an assessment"))
        page.goto("/activities")
        expect(page.get_by_role("listitem").filter(has_text=note)).to_have_count(1)


@dataclass
class Wire:
    """What goes over the wire: the bytes of each request, and how many pages there were among them."""

    sizes: list[int] = field(default_factory=list)
    pages: int = 0

    def note(self, request: Request) -> None:
        """Note a request that was answered; one that moves on to another address is no page."""
        sizes, answer = request.sizes(), request.response()
        self.sizes.append(sizes["responseHeadersSize"] + sizes["responseBodySize"])
        self.pages += request.is_navigation_request() and answer is not None and answer.ok


def test_a_rating_takes_few_taps_from_the_mail_and_little_over_the_wire(people: People) -> None:
    said, wire = words_in("nl"), Wire()
    with people.page_of(TRAINER, "nl", PHONE) as page:
        page.goto("/assessments")
        link = page.get_by_role("listitem").filter(has_text="Korte praktijkbeoordeling").get_by_role("link").last
        address = link.get_attribute("href") or ""
    with people.page_of(TRAINER, "nl", PHONE) as page:
        page.on("requestfinished", wire.note)
        thumb = Thumb(page, taps=1)  # On the link in the mail.
        page.goto(address, wait_until="networkidle")
        requests, kilobytes = len(wire.sizes), sum(wire.sizes) / 1000
        thumb.tap(page.locator(".levels .choice").nth(2))
        thumb.tap(page.locator("#comment")).press_sequentially(HELPFUL)
        expect(page.locator("[data-mark].done")).to_have_count(3)
        thumb.tap(page.get_by_role("button", name=said("Give this assessment")))
        arrived(page, said("To assess"))
        assert wire.pages == 2
    print(f"Rating on a phone: {thumb.taps} taps from the mail, {requests} requests, {kilobytes:.1f} kB")  # noqa: T201
    assert thumb.taps <= MOST_TAPS_TO_RATE
    assert requests <= MOST_REQUESTS
    assert kilobytes < MOST_KILOBYTES
