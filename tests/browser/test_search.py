"""Finding by keyboard alone: the field in the header as a combobox, and as a plain form where no script runs."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.judging import wrong_with
from tests.browser.steps import TRAINEE
from tests.browser.visiting import LAPTOP, PHONE, People, sign_in
from tests.words import words_in

pytestmark = pytest.mark.browser

TREATMENT = "Caring for the oncology patient in the treatment phase"


def test_an_epa_is_opened_without_touching_the_mouse(readers: People) -> None:
    with readers.page_of(TRAINEE, "en", LAPTOP) as page:
        page.goto("/")
        page.keyboard.press("/")
        page.keyboard.type("lz-onc")
        field, options = page.get_by_role("combobox"), page.get_by_role("option")
        expect(options).to_have_count(1)
        expect(field).to_have_attribute("aria-expanded", "true")
        expect(page.locator("form.finder [role=status]")).to_have_text("1 suggestion")
        page.keyboard.press("ArrowDown")
        expect(options.first).to_have_attribute("aria-selected", "true")
        chosen = options.first.get_attribute("id")
        expect(field).to_have_attribute("aria-activedescendant", str(chosen))
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text(TREATMENT)


def test_the_open_list_is_for_everybody(readers: People) -> None:
    with readers.page_of(TRAINEE, "en", LAPTOP) as page:
        page.goto("/")
        page.get_by_role("combobox").press_sequentially("onc")
        expect(page.get_by_role("option").first).to_be_visible()
        page.keyboard.press("ArrowDown")
        assert not wrong_with(page)


def test_escape_closes_the_list_and_keeps_what_was_typed(readers: People) -> None:
    with readers.page_of(TRAINEE, "en", LAPTOP) as page:
        page.goto("/")
        field, options = page.get_by_role("combobox"), page.get_by_role("option")
        field.press_sequentially("onc")
        expect(options.first).to_be_visible()
        page.keyboard.press("ArrowUp")
        expect(options.last).to_have_attribute("aria-selected", "true")
        page.keyboard.press("ArrowDown")
        expect(field).not_to_have_attribute("aria-activedescendant", "")
        page.keyboard.press("Escape")
        expect(options.first).to_be_hidden()
        expect(field).to_have_attribute("aria-expanded", "false")
        expect(field).to_have_value("onc")


def test_enter_without_a_choice_shows_all_results(readers: People) -> None:
    with readers.page_of(TRAINEE, "en", LAPTOP) as page:
        page.goto("/")
        page.get_by_role("combobox").press_sequentially("treatment")
        expect(page.get_by_role("option").first).to_be_visible()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Search")
        expect(page.get_by_role("main").get_by_role("link", name=TREATMENT)).to_be_visible()


def test_a_slash_in_a_text_is_a_slash(readers: People) -> None:
    with readers.page_of(TRAINEE, "en", LAPTOP) as page:
        page.goto("/search")
        again = page.get_by_label("Words or a code")
        again.press_sequentially("mbo/hbo")
        expect(again).to_have_value("mbo/hbo")
        expect(again).to_be_focused()


def test_on_a_phone_the_field_is_in_the_menu(readers: People) -> None:
    with readers.page_of(TRAINEE, "nl", PHONE) as page:
        page.goto("/")
        page.get_by_role("button", name=re.compile(r"^Menu\b")).click()
        page.get_by_role("combobox").press_sequentially("behandelf")
        page.get_by_role("option").filter(has_text="LZ-ONC-2").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("behandelfase")


def test_without_a_script_the_field_is_a_form(people: People) -> None:
    with people.page_of(None, "nl", LAPTOP, scripts=False) as page:
        sign_in(page, TRAINEE)
        field = page.locator("#search")
        expect(field).not_to_have_attribute("role", "combobox")
        field.fill("behandelfaze")
        field.press("Enter")
        page.get_by_role("link", name=words_in("nl")("Search for “%(words)s”") % {"words": "behandelfase"}).click()
        expect(page.locator("main mark").first).to_contain_text("ehandelfase")
