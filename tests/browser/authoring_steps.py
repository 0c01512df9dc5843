"""What a programme lead and a reviewer do on the pages of drafts, step by step."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.steps import arrived
from tests.words import Words

NL = "nl"
TEXTS = {
    "description.specification": "Verzorgt wonden volgens protocol en legt dit vast.",
    "description.limitations": "Geen brandwonden.",
    "description.risks": "Infectie en vertraagde genezing.",
    "description.knowledge": "Fasen van wondgenezing\nVerbandmiddelen",
    "description.skills": "Wond beoordelen\nVerband aanleggen",
    "description.attitudes": "Rustig",
    "description.experience": "Ten minste tien wonden verzorgd",
    "description.information_sources.progress": "Beoordelingen en reflectie.",
    "description.information_sources.decision": "Alle bewijs in samenhang.",
}
"""What the eight parts of an EPA hold, in Dutch."""


def field(page: Page, name: str) -> Locator:
    """Return the control of a field by its name in the form."""
    return page.locator(f"form.editor [name='{name}']")


def store(page: Page, said: Words) -> None:
    """Press the button that stores, and see that it did."""
    page.get_by_role("button", name=said("Store"), exact=True).last.click()
    expect(page.locator(".messages")).to_contain_text(said("Stored."))


def press(page: Page, what: str) -> None:
    """Press a button of a row or a block, and wait for the page with what it did."""
    with page.expect_navigation():
        page.locator(f"form.editor button[value='{what}']").click()


def begin(page: Page, said: Words, title_nl: str, title_en: str) -> str:
    """Begin a programme from nothing and return the address of its draft."""
    page.goto("/drafts")
    page.get_by_role("link", name=said("New programme")).first.click()
    arrived(page, said("New programme"))
    page.locator("#title_nl").fill(title_nl)
    page.locator("#title_en").fill(title_en)
    page.get_by_role("button", name=said("Start the draft")).click()
    arrived(page, re.compile(f"{title_nl}|{title_en}"))
    return page.url


def add(page: Page, draft: str, section: str) -> None:
    """Add a part to a section of a draft, and go to its fields."""
    page.goto(draft)
    page.locator(f"#section-{section} form[action$='/sections/{section}'] button").click()
    expect(page.locator("form.editor")).to_be_visible()


def write_stage(page: Page, said: Words, draft: str, title: str) -> None:
    """Add a stage."""
    add(page, draft, "stages")
    for language in ("nl", "en"):
        field(page, f"title.{language}").fill(title)
    store(page, said)


def write_epa(page: Page, said: Words, draft: str, title: str) -> None:
    """Add an EPA with all its texts, its levels and two requirements, one of which can be met in two ways."""
    add(page, draft, "epas")
    for language in ("nl", "en"):
        field(page, f"title.{language}").fill(title)
    for name, text in TEXTS.items():
        field(page, f"{name}.nl").fill(text)
    field(page, "required_levels.halfway").select_option("3")
    field(page, "required_levels.end").select_option("4")
    page.get_by_text(
        re.compile(re.escape(said("%(num)s chosen of %(all)s").split(" ", 1)[1].split("%")[0]))
    ).first.click()
    page.locator("input[name='competencies.canmeds-nl'][value='expertise']").check()
    store(page, said)
    press(page, "add:evidence")
    ask_observations(page, "evidence.0", instrument="kpb", count=4, assessors=2, level="4")
    page.locator("select[name='evidence.new']").select_option("any_of")
    press(page, "add:evidence")
    press(page, "add:evidence.1.of")
    ask_observations(page, "evidence.1.of.0", instrument="reflection", count=1, assessors=0)
    page.locator("select[name='evidence.1.of.new']").select_option("tests")
    press(page, "add:evidence.1.of")
    field(page, "evidence.1.of.1.min_count").fill("1")
    store(page, said)


def ask_observations(
    page: Page, at: str, *, instrument: str, count: int, assessors: int, level: str | None = None
) -> None:
    """Fill in a requirement on observations."""
    field(page, f"{at}.instrument").select_option(instrument)
    field(page, f"{at}.min_count").fill(str(count))
    field(page, f"{at}.min_assessors").fill(str(assessors))
    if level:
        field(page, f"{at}.min_level").select_option(level)


def copy_epa(page: Page, said: Words, draft: str, title: str) -> None:
    """Copy the last EPA and give the copy a name of its own."""
    page.goto(draft)
    page.locator("#section-epas li").last.get_by_role("button", name=re.compile(f"^{said('Copy')}")).click()
    expect(page.locator("form.editor")).to_be_visible()
    for language in ("nl", "en"):
        field(page, f"title.{language}").fill(title)
    store(page, said)


def ask_review(page: Page, said: Words, draft: str) -> None:
    """See that nothing is missing and ask for a review."""
    page.goto(draft)
    expect(page.get_by_role("main")).to_contain_text(said("Nothing is missing"))
    page.get_by_role("button", name=said("Ask for a review")).click()
    expect(page.get_by_role("main")).to_contain_text(said("In review"))


def judge(page: Page, said: Words, draft: str, *, approve: bool, remark: str = "") -> None:
    """Give the verdict of a second person."""
    page.goto(draft)
    page.get_by_role("link", name=said("Review"), exact=True).click()
    page.locator(f"input[value='{'approved' if approve else 'sent_back'}']").check()
    page.locator("#remark").fill(remark)
    page.get_by_role("button", name=said("Give this verdict")).click()
    expect(page.get_by_role("main")).to_contain_text(said("Approved" if approve else "Sent back"))


def publish(page: Page, said: Words, draft: str, note: str) -> str:
    """Publish an approved draft and return the address of the version."""
    page.goto(draft)
    page.get_by_role("link", name=said("Publish"), exact=True).click()
    page.locator("#note").fill(note)
    page.get_by_role("button", name=said("Publish"), exact=True).click()
    expect(page.locator(".messages")).to_contain_text(said("It is published and never changes again."))
    return page.url
