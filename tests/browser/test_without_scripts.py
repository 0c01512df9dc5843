"""The main jobs on a phone whose browser runs no script, and how little a page weighs."""

from __future__ import annotations

import gzip
import json
import re

import pytest
from flask import Flask
from playwright.sync_api import Page, Response, expect

from lms.reports.formats import Format
from tests.browser.addresses import addresses_of
from tests.browser.serving import Site
from tests.browser.steps import (
    LEAD,
    TRAINEE,
    TRAINER,
    decide,
    log_and_ask,
    name_on,
    rate,
    read_decision,
    read_rating,
    see_in_cohort,
    taken_away,
)
from tests.browser.visiting import LAPTOP, PHONE, People, sign_in
from tests.words import Words, words_in

pytestmark = pytest.mark.browser

HEAVIEST, MOST_REQUESTS = 60_000, 8
"""Bytes of a page with everything that it shows, compressed as they travel; and in how many answers they come."""


def test_the_main_jobs_need_no_script(people: People, own_site: Site) -> None:
    said, note = words_in("en"), "Logged without a script"
    with people.page_of(None, "en", PHONE, scripts=False) as trainee:
        sign_in(trainee, TRAINEE)
        with people.page_of(TRAINER, "en", PHONE, scripts=False) as trainer:
            trainer.goto("/")
            activity = log_and_ask(trainee, said, note=note, of=name_on(trainer))
            rate(trainer, said, note=note, comment="Well done")
            read_rating(trainee, activity, comment="Well done")
            level = decide(trainer, said, trainee_name=name_on(trainee))
        read_decision(trainee, said, level)
        with people.page_of(LEAD, "en", LAPTOP, scripts=False) as lead:
            see_in_cohort(lead, name_on(trainee), level)
            lead.get_by_role("link", name=said("Cohort report")).click()
            assert len(json.loads(taken_away(lead, Format.JSON, own_site.folder))["rows"]) == 8
        read_on_in_dutch(trainee, said, words_in("nl"), note)


def read_on_in_dutch(page: Page, said: Words, dutch: Words, note: str) -> None:
    """Change the language from the menu, find the activity again, and leave."""
    open_menu(page, said("Menu"))
    page.get_by_role("button", name="Nederlands").click()
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    open_menu(page, dutch("Menu"))
    page.get_by_role("navigation").get_by_role("link", name=dutch("My activities")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(dutch("My activities"))
    expect(page.get_by_role("main")).to_contain_text(note)
    open_menu(page, dutch("Menu"))
    page.get_by_role("button", name=dutch("Sign out")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(dutch("Sign in"))


def open_menu(page: Page, name: str) -> None:
    """Open the menu of a phone, which is closed until then."""
    expect(page.locator("#menu")).to_be_hidden()
    page.get_by_role("button", name=re.compile(rf"^{name}\b")).click()
    expect(page.locator("#menu")).to_be_visible()


@pytest.mark.parametrize(
    ("email", "ending"), [(TRAINEE, "/"), (TRAINER, "/submit"), (LEAD, "/"), (LEAD, "/report"), (LEAD, "<cohort>")]
)
def test_a_page_is_light(readers: People, app: Flask, shared_site: Site, email: str, ending: str) -> None:
    answers: list[Response | None] = []
    addresses = addresses_of(email, app, shared_site.database_url)
    cohort = next((one.removesuffix("/report") for one in addresses if one.endswith("/report")), "")
    address = cohort if ending == "<cohort>" else next(one for one in addresses if one.endswith(ending))
    with readers.page_of(email, "nl", LAPTOP) as page:
        page.on("requestfinished", lambda request: answers.append(request.response()))
        page.goto(address, wait_until="networkidle")
        weight = {answer.url: len(gzip.compress(answer.body())) for answer in answers if answer is not None}
    assert any("app.css" in url for url in weight)
    assert len(answers) <= MOST_REQUESTS
    assert sum(weight.values()) <= HEAVIEST, weight
