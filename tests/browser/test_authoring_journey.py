"""A programme made on the pages alone: written, reviewed, published, revised by two people at once, published again."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from lms.core import clock
from tests.browser.authoring_steps import (
    add,
    ask_review,
    begin,
    copy_epa,
    field,
    judge,
    publish,
    store,
    write_epa,
    write_stage,
)
from tests.browser.steps import LEAD
from tests.browser.visiting import LAPTOP, PHONE, People, has_sideways_scroll
from tests.words import Words, words_in

pytestmark = pytest.mark.browser

REGION = "region@example.org"
EPAS = ("Wondzorg", "Drukplekken", "Stomazorg", "Compressie", "Overdracht", "Voorlichting")
NEW_TEXT = "Verzorgt alle wonden volgens het nieuwe protocol."
OTHER_TEXT = "Infectie, pijn en vertraagde genezing."


def test_a_programme_is_made_reviewed_published_and_revised_on_the_pages(people: People) -> None:
    said = words_in("en")
    with people.page_of(LEAD, "en", LAPTOP, expected=frozenset({409})) as lead:
        draft = written(lead, said)
        with people.page_of(REGION, "en", LAPTOP) as reviewer:
            judge(reviewer, said, draft, approve=False, remark="Name the protocol.")
            lead.goto(draft)
            expect(lead.get_by_role("main")).to_contain_text("Name the protocol.")
            ask_review(lead, said, draft)
            judge(reviewer, said, draft, approve=True)
        first = publish(lead, said, draft, "The first version.")
        for title in EPAS:
            expect(lead.get_by_role("main")).to_contain_text(title)
        enrolment = enrolled(lead, said)
        revision = revised(lead, said, first)
        with people.page_of(REGION, "en", LAPTOP) as reviewer:
            reviewer.goto(f"{revision}/review")
            expect(reviewer.locator("ins")).to_contain_text(["alle", "nieuwe"])
            judge(reviewer, said, revision, approve=True)
        second = publish(lead, said, revision, "The new protocol.")
        assert second != first
        for version, has_new_text in ((first, False), (second, True)):
            lead.goto(version)
            lead.get_by_role("main").get_by_role("link", name=EPAS[0]).first.click()
            shown = expect(lead.get_by_role("main"))
            (shown.to_contain_text if has_new_text else shown.not_to_contain_text)(NEW_TEXT)
        moved(lead, said, first, enrolment)


def enrolled(page: Page, said: Words) -> str:
    """Begin a cohort of the programme, enrol a trainee, and return the address of what they follow."""
    page.goto("/cohorts/new")
    page.locator("#programme_version").select_option(label="Wound care nurse")
    page.locator("#name").fill("Wound care, autumn")
    ends_on = clock.today() + timedelta(days=400)
    page.locator("#planned_end_on").fill(ends_on.isoformat())
    page.get_by_role("button", name=said("Make cohort")).click()
    page.locator("#email").fill("new.nurse@example.org")
    page.locator("#name").fill("Noor Nieuw")
    page.locator("#department").select_option(index=1)
    page.get_by_role("button", name=said("Enrol"), exact=True).click()
    page.goto("/cohorts")
    page.get_by_role("link", name="Wound care, autumn").click()
    page.get_by_role("link", name="Noor Nieuw").click()
    expect(page.get_by_role("main")).to_contain_text("Wound care, autumn")
    return page.url


def moved(page: Page, said: Words, first: str, enrolment: str) -> None:
    """Move who started on the first version to the second one, and read there that they did."""
    page.goto(f"{first}/moves")
    page.locator("main a[href*='/moves/new']").first.click()
    page.get_by_role("button", name=said("Store and see what it means")).click()
    page.locator("input[name=trainees]").first.check()
    page.locator("#reason").fill("The new protocol holds for everybody.")
    page.get_by_role("button", name=said("Move these trainees")).click()
    expect(page.get_by_role("heading", name=said("Who was moved"))).to_be_visible()
    page.goto(enrolment)
    expect(page.get_by_text("The new protocol holds for everybody.")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("2.0")


def written(page: Page, said: Words) -> str:
    """Write a programme of six EPAs and ask for its review."""
    draft = begin(page, said, "Wondverpleegkundige", "Wound care nurse")
    page.locator("#section-programme a").first.click()
    field(page, "summary.nl").fill("Leert wonden te verzorgen, van beoordelen tot voorlichten.")
    store(page, said)
    write_stage(page, said, draft, "Halfway")
    write_stage(page, said, draft, "End")
    write_epa(page, said, draft, EPAS[0])
    for title in EPAS[1:]:
        copy_epa(page, said, draft, title)
    add(page, draft, "completion")
    field(page, "rule").select_option("all_epas_of_type")
    field(page, "type").select_option("core")
    store(page, said)
    page.goto(f"{draft}/preview")
    for title in EPAS:
        expect(page.get_by_role("main").get_by_role("link", name=title)).to_be_visible()
    ask_review(page, said, draft)
    return draft


def revised(page: Page, said: Words, version: str) -> str:
    """Revise a version in two tabs at once, so that nobody's text is lost, and ask for a review of what was chosen."""
    page.goto(f"{version}/revision")
    page.locator("#version").fill("2.0")
    page.get_by_role("button", name=said("Start the draft")).click()
    revision = page.url
    page.get_by_role("link", name=EPAS[0]).click()
    other = page.context.new_page()
    other.goto(page.url)
    field(page, "description.specification.nl").fill(NEW_TEXT)
    expect(page.locator("form.editor [role=status]")).to_contain_text(
        re.compile(said("Stored at %(time)s").split("%")[0])
    )
    field(other, "description.risks.nl").fill(OTHER_TEXT)
    link = other.locator("form.editor [role=status] a")
    expect(link).to_have_text(said("look at both"))
    link.click()
    expect(other.get_by_role("main")).to_contain_text(OTHER_TEXT)
    expect(other.get_by_role("main")).to_contain_text(NEW_TEXT)
    other.get_by_role("button", name=said("Store what I chose")).click()
    expect(field(other, "description.risks.nl")).to_have_value(OTHER_TEXT)
    expect(field(other, "description.specification.nl")).to_have_value(NEW_TEXT)
    other.close()
    ask_review(page, said, revision)
    return revision


def test_a_part_is_written_without_a_script_on_a_phone_in_dutch(people: People) -> None:
    said = words_in("nl")
    with people.page_of(LEAD, "nl", PHONE, scripts=False, expected=frozenset({409, 422})) as lead:
        draft = begin(lead, said, "Wondzorg", "Wound care")
        add(lead, draft, "stages")
        assert not has_sideways_scroll(lead)
        field(lead, "title.nl").fill("Einde")
        other = lead.context.new_page()
        other.goto(lead.url)
        store(lead, said)
        field(other, "title.en").fill("End")
        other.get_by_role("button", name=said("Store"), exact=True).last.click()
        expect(other.get_by_role("heading", level=1)).to_contain_text("Einde")
        other.get_by_role("button", name=said("Store what I chose")).click()
        expect(field(other, "title.nl")).to_have_value("Einde")
        expect(field(other, "title.en")).to_have_value("End")
        assert not has_sideways_scroll(other)
