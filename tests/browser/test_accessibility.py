"""Every page for everybody: axe finds nothing at all, on a phone and a laptop, light and dark, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from tests.browser.addresses import BY_LINK, IN_A_MOVE, NOBODY, NOT_PAGES, PAGES, addresses_of
from tests.browser.judging import wrong_with
from tests.browser.serving import Site, serving
from tests.browser.visiting import People

pytestmark = pytest.mark.browser

LANGUAGES = ("nl", "en")
FILLING_IN = (NOBODY, "trainee@example.org", "trainer@example.org", "lead@example.org", "admin@example.org")
FORMS = "form.page-form[method=post]:has(input:not([type=hidden]), textarea, select)"
"""The forms that can be sent empty; what only asks to confirm has nothing to refuse."""
EMPTY = """
form => { for (const control of form.querySelectorAll("input:not([type=hidden]), textarea")) {
    const impossible = control.type === "number" && !control.required ? "-1" : "";
    control.value = ["radio", "checkbox"].includes(control.type) ? control.value : impossible;
    control.checked = false;
} }
"""
"""Forget everything that stands in a form; a number that may be left out becomes one that cannot be."""


def name_of(email: str) -> str:
    return email.partition("@")[0] or "nobody"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("email", PAGES, ids=name_of)
def test_every_page_is_for_everybody(readers: People, app: Flask, shared_site: Site, email: str, language: str) -> None:
    found = []
    with readers.page_of(email, language) as page:
        for address in addresses_of(email, app, shared_site.database_url, language):
            open_page(page, address, 200, language)
            found += wrong_with(page)
    assert not found, "\n".join(found)


def open_page(page: Page, address: str, status: int, language: str) -> None:
    """Open a page that answers with that status in that language."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == status, f"{address}: {answer.status}"
    assert page.url.endswith(address)
    assert page.locator("html").get_attribute("lang") == language


@pytest.mark.parametrize("email", FILLING_IN, ids=name_of)
def test_a_form_that_is_refused_is_for_everybody(readers: People, app: Flask, shared_site: Site, email: str) -> None:
    found, refused = [], 0
    with readers.page_of(email, "nl", expected=frozenset({422})) as page:
        for address in addresses_of(email, app, shared_site.database_url):
            open_page(page, address, 200, "nl")
            for number in range(page.locator(FORMS).count()):
                send_empty(page, address, number)
                found += wrong_with(page)
                refused += 1
    assert refused
    assert not found, "\n".join(found)


def send_empty(page: Page, address: str, number: int) -> None:
    """Send one of the forms of a page without anything in it, and wait for the refusal."""
    page.goto(address)
    form = page.locator(FORMS).nth(number)
    form.evaluate(EMPTY)
    with page.expect_response(lambda answer: answer.request.method == "POST") as coming:
        form.locator("button[type=submit]").first.click()
    assert coming.value.status == 422, f"form {number} of {address}: {coming.value.status}"
    page.wait_for_load_state()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_is_for_everybody(people: People, app: Flask, own_site: Site, language: str) -> None:
    found = []
    expected = frozenset({400, 403, 404, 405, 409, 413})
    form = next(one for one in addresses_of("trainer@example.org", app, own_site.database_url) if "/decline" in one)
    with people.page_of("trainer@example.org", language, expected=expected) as page:
        for address, status in (("/nothing-here", 404), ("/cohorts/new", 403), ("/language", 405)):
            open_page(page, address, status, language)
            found += wrong_with(page)
        for status, spoil in SPOILT.items():
            page.goto(form)
            page.locator(FORMS).evaluate(spoil)
            assert sent(page) == status
            found += wrong_with(page)
        found += wrong_with_a_late_answer(page, form)
    assert not found, "\n".join(found)


SPOILT = {
    400: "form => form.csrf_token.remove()",
    413: "form => { form.reason.value = 'x'.repeat(2_000_000) }",
}
"""What makes the server refuse a form before it is read."""


def sent(page: Page) -> int:
    """Send the form of the page and return the status of the answer, when it is shown."""
    with page.expect_response(lambda answer: answer.request.method == "POST") as coming:
        page.locator(FORMS).locator("button[type=submit]").click()
    page.wait_for_load_state()
    return coming.value.status


def wrong_with_a_late_answer(page: Page, form: str) -> list[str]:
    """Decline a request in two tabs, and return what is wrong with the page that refuses the second."""
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto(form)
        tab.locator("#reason").fill("Written in two tabs at once.")
    assert sent(other) == 302
    assert sent(page) == 409
    return wrong_with(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pause_after_too_many_tries_is_for_everybody(people: People, language: str) -> None:
    with people.page_of(NOBODY, language, expected=frozenset({422, 429})) as page:
        statuses = [wrong_password_sent(page) for _try in range(11)]
        found = wrong_with(page)
    assert statuses == [422] * 10 + [429]
    assert not found, "\n".join(found)


def wrong_password_sent(page: Page) -> int:
    """Try to sign in with a password that is not right, and return the status of the answer."""
    page.goto("/sign-in")
    page.locator("input[name=email]").fill("trainee@example.org")
    page.locator("input[name=password]").fill("not the password")
    with page.expect_response(lambda answer: answer.request.method == "POST") as coming:
        page.locator("main button[type=submit]").click()
    page.wait_for_load_state()
    return coming.value.status


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_failure_of_ours_is_for_everybody(
    browser: Browser, copy_of_demonstration: Callable[[], str], tmp_path: Path, language: str
) -> None:
    with serving(copy_of_demonstration(), tmp_path, will_fail=True) as site:
        people = People(browser, site)
        with people.page_of("trainee@example.org", language, expected=frozenset({500})) as page:
            page.goto("/")
            lose_a_table(site.database_url)
            open_page(page, "/activities", 500, language)
            found = wrong_with(page)
    assert not found, "\n".join(found)


def lose_a_table(database_url: str) -> None:
    """Take away what the list of activities is read from, as a database that went wrong would."""
    with psycopg.connect(database_url.replace("+psycopg", "", 1)) as connection:
        connection.execute("ALTER TABLE activities RENAME TO activities_gone")


def test_every_page_that_can_be_read_is_visited(app: Flask) -> None:
    read = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())}
    visited = {endpoint for pages in PAGES.values() for endpoint in pages}
    assert visited.isdisjoint(NOT_PAGES)
    assert visited | NOT_PAGES | IN_A_MOVE | BY_LINK == read
