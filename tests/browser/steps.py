"""What people do on the site, step by step, each from the home page on; every page must fit its window."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from lms.reports.formats import Format
from tests.browser.visiting import has_sideways_scroll
from tests.words import Words

TRAINEE, TRAINER, LEAD = "trainee@example.org", "trainer@example.org", "lead@example.org"
RATED, READY = "LZ-ONC-2", "ONC-K3"
"""The EPA that is assessed, and the one of the demonstration trainee whose requirements are met."""


def name_on(page: Page) -> str:
    """Return the name of who is signed in, as the page says it."""
    return page.locator(".account p a").text_content() or ""


def arrived(page: Page, heading: str | re.Pattern[str]) -> None:
    """Wait for the page with that heading, which must fit its window."""
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    assert not has_sideways_scroll(page)


def log_and_ask(page: Page, said: Words, *, note: str, of: str) -> str:
    """Log an activity, ask for an assessment of it, and return the address of the activity."""
    page.goto("/")
    page.get_by_role("link", name=said("Log an activity")).first.click()
    arrived(page, said("Log an activity"))
    page.locator("#note").fill(note)
    page.locator("#kind").select_option("procedure")
    page.get_by_role("checkbox", name=re.compile(rf"\b{RATED}\b")).check()
    page.get_by_role("button", name=said("Log"), exact=True).click()
    arrived(page, said("Ask for an assessment"))
    person = page.locator("#assessors option").filter(has_text=of)
    page.locator("#assessors").select_option(person.get_attribute("value"))
    page.locator("#way").select_option("kpb:")
    page.get_by_role("button", name=said("Ask"), exact=True).click()
    arrived(page, note)
    expect(page.get_by_role("status")).to_contain_text(said("The assessment is asked for."))
    expect(page.get_by_role("link", name=of)).to_be_visible()
    return page.url


def rate(page: Page, said: Words, *, note: str, comment: str) -> None:
    """Find the request in the queue and answer it."""
    page.goto("/")
    page.get_by_role("button", name=said("Menu")).click()
    page.get_by_role("navigation").get_by_role("link", name=said("To assess")).click()
    arrived(page, said("To assess"))
    page.get_by_role("listitem").filter(has_text=note).get_by_role("link").click()
    arrived(page, re.compile(re.escape(said("Assess %(name)s").replace("%(name)s", ""))))
    page.locator("input[name=level][value='3']").check()
    page.locator("#comment").fill(comment)
    page.get_by_role("button", name=said("Give this assessment")).click()
    arrived(page, said("To assess"))
    expect(page.get_by_role("listitem").filter(has_text=note)).to_have_count(0)


def read_rating(page: Page, activity: str, *, comment: str) -> None:
    """Read what was given, with its words."""
    page.goto(activity)
    page.locator(".entries").get_by_role("link").click()
    expect(page.get_by_role("main")).to_contain_text(comment)
    expect(page.locator("main .level b")).to_have_text("3")
    assert not has_sideways_scroll(page)


def decide(page: Page, said: Words, *, trainee_name: str) -> str:
    """Decide on the EPA that is ready, at the level that the programme asks, and return its code."""
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name=trainee_name).first.click()
    page.locator(".entry").filter(has_text=READY).get_by_role("link").click()
    expect(page.get_by_role("main")).to_contain_text(said("Requirements met"))
    assert not has_sideways_scroll(page)
    page.get_by_role("link", name=said("Decide on this EPA")).click()
    arrived(page, re.compile(READY))
    expect(page.get_by_role("main")).to_contain_text(said("All requirements are met"))
    level = "4"
    page.locator(f"input[name=level][value='{level}']").check()
    page.locator("#remark").fill("Alle bewijs bekeken.")
    page.get_by_role("button", name=said("Record the decision")).click()
    expect(page.get_by_role("status")).to_contain_text(
        said("The decision is recorded, with the evidence that counted.")
    )
    expect(page.get_by_role("main")).to_contain_text(said("All requirements were met."))
    assert not has_sideways_scroll(page)
    return level


def read_decision(page: Page, said: Words, level: str) -> None:
    """See as a trainee that the level is in force."""
    page.goto("/")
    page.get_by_role("link", name=said("The whole programme")).click()
    expect(page.locator(".entry").filter(has_text=READY).locator(".level b")).to_have_text(level)


def see_in_cohort(page: Page, trainee_name: str, level: str) -> None:
    """Find the level in the matrix of the cohort."""
    page.goto("/")
    page.get_by_role("main").locator(".entries").get_by_role("link").first.click()
    matrix = page.locator("table.heat")
    codes = matrix.locator("thead th").all_inner_texts()
    column = next(at for at, code in enumerate(codes) if READY in code)
    row = matrix.get_by_role("row").filter(has_text=trainee_name)
    expect(row.locator("th, td").nth(column)).to_have_text(level)


def taken_away(page: Page, to: Format, folder: Path) -> bytes:
    """Return the file that the page gives."""
    with page.expect_download() as coming:
        page.get_by_role("button", name=to.upper(), exact=True).click()
    file = folder / coming.value.suggested_filename
    coming.value.save_as(file)
    assert file.suffix == f".{to}"
    return file.read_bytes()
