"""Moving a trainee to another version in a real browser, from the page of the cohort to what the trainee reads."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import create_engine, pool
from sqlalchemy.orm import Session

from lms.core import clock
from lms.curriculum.actions import load_programme
from lms.curriculum.schemas.source import Document
from tests.browser.judging import wrong_with
from tests.browser.serving import Site
from tests.browser.steps import LEAD, TRAINEE, arrived
from tests.browser.visiting import People
from tests.moves.examples import newer_document
from tests.words import Words, words_in

pytestmark = pytest.mark.browser

REASON = "The old version ends this year."


def publish(site: Site) -> None:
    """Load a newer version of the programme on the site."""
    engine = create_engine(site.database_url, poolclass=pool.NullPool)
    with Session(engine) as session, session.begin():
        load_programme(session, Document("newer.yaml", newer_document(session), {}), by=None, at=clock.now())


@pytest.mark.parametrize(("language", "scripts"), [("nl", True), ("en", False)])
def test_a_lead_moves_a_trainee_who_reads_what_became_of_everything(
    people: People, own_site: Site, language: str, scripts: bool
) -> None:
    publish(own_site)
    said, found = words_in(language), list[str]()
    with people.page_of(TRAINEE, language) as page:
        page.goto("/")
        name = page.locator(".account p a").text_content() or ""
    with people.page_of(LEAD, language, scripts=scripts) as page:
        find_the_moves(page, said, name)
        prepare(page, said, found if scripts else None)
        consent(page, said, name, found if scripts else None)
    with people.page_of(TRAINEE, language) as page:
        page.goto("/")
        expect(page.get_by_text(REASON)).to_be_visible()
        page.get_by_role("link", name=said("What moved along")).first.click()
        arrived(page, said("Moves between versions"))
        found += wrong_with(page)
        page.goto(page.url.removesuffix("/moves"))
        found += wrong_with(page)
        page.locator(".entries a").filter(has_text="onc-k34").click()
        found += wrong_with(page)
    assert not found, "\n".join(found)


def find_the_moves(page: Page, said: Words, name: str) -> None:
    """Go from the cohort of the trainee to the moves of its version."""
    page.goto("/cohorts")
    addresses = [one.get_attribute("href") or "" for one in page.locator("main a[href^='/cohorts/']").all()]
    for address in addresses:
        if re.fullmatch(r"/cohorts/[0-9a-f-]{36}", address):
            page.goto(address)
            if page.get_by_role("link", name=name).count():
                break
    page.get_by_role("link", name=said("Move trainees to another version")).click()
    page.locator("main a[href*='/moves/new']").first.click()
    arrived(page, said("What became of each EPA"))


def prepare(page: Page, said: Words, found: list[str] | None) -> None:
    """Say what became of each EPA: one is split, two are merged."""
    for new, number, old in [("K2A", 0, "ONC-2"), ("K2B", 0, "ONC-2"), ("K34", 0, "ONC-K3"), ("K34", 1, "ONC-K4")]:
        asked = page.locator("fieldset").filter(has_text=f"ONC-{new} ").locator("select").nth(number)
        origin = asked.locator("option").filter(has_text=re.compile(rf"{old}\b")).first.get_attribute("value")
        asked.select_option(origin)
    if found is not None:
        found += wrong_with(page)
    page.get_by_role("button", name=said("Store and see what it means")).click()
    arrived(page, said("Move to version %(version)s") % {"version": "2027.1"})


def consent(page: Page, said: Words, name: str, found: list[str] | None) -> None:
    """Look at what it means for the trainee, then move them with a reason."""
    here = page.url
    if found is not None:
        found += wrong_with(page)
        page.get_by_role("link", name=f"{said('In full')} {name}").click()
        arrived(page, said("What the move means for %(name)s") % {"name": name})
        found += wrong_with(page)
        page.goto(f"{here}/edit")
        found += wrong_with(page)
        page.goto(here)
    page.get_by_role("checkbox", name=name).check()
    page.locator("#reason").fill(REASON)
    page.get_by_role("button", name=said("Move these trainees")).click()
    expect(page.get_by_role("heading", name=said("Who was moved"))).to_be_visible()
