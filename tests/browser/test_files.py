"""A photo and a report from a phone with a bad connection: nothing is lost, and nothing comes twice."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.judging import wrong_with
from tests.browser.steps import RATED, TRAINEE, arrived
from tests.browser.visiting import PHONE, People
from tests.evidence.made import photo_with_place
from tests.evidence.test_uploads import WHOLE
from tests.words import Words, words_in

pytestmark = pytest.mark.browser

PIECES = "**/uploads/**"


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """Return a sound report of two and a half pieces."""
    head, sign, tail = WHOLE.partition(b"trailer\n")
    padded = head + b"%" + b"x" * 1_300_000 + b"\n" + sign + tail
    path = tmp_path / "verslag nagesprek.pdf"
    path.write_bytes(padded)
    return path


@contextmanager
def bad_connection(page: Page, seed: int) -> Iterator[list[str]]:
    """Lose two pieces: one before it leaves, and one after it came and before the answer is back."""
    fates, lost = random.Random(seed).sample(["before", "after", ""], 3), list[str]()

    def maybe(route: Route) -> None:
        fate = fates.pop() if fates else ""
        if fate == "after":
            route.fetch()
        if fate:
            lost.append(route.request.url)
            route.abort("aborted")
        else:
            route.continue_()

    page.route(PIECES, maybe)
    yield lost
    page.unroute(PIECES)


def fill_in(page: Page, said: Words, note: str) -> None:
    page.goto("/activities/new")
    arrived(page, said("Log an activity"))
    page.locator("#note").fill(note)
    page.locator("#epas label", has_text=RATED).first.locator("input").check()


@pytest.mark.parametrize("seed", range(4))
def test_a_report_arrives_whole_over_a_bad_connection(people: People, report: Path, seed: int) -> None:
    said = words_in("nl")
    with people.page_of(TRAINEE, "nl", PHONE, expected=frozenset({409})) as page:
        fill_in(page, said, "Nagesprek geleid")
        with bad_connection(page, seed) as lost:
            page.locator("#file").set_input_files(report)
            expect(page.get_by_text(said("The file is sent. It is kept when you send this form."))).to_be_visible(
                timeout=60_000
            )
            page.get_by_role("button", name=said("Log"), exact=True).click()
            arrived(page, said("Ask for an assessment"))
        assert len(lost) == 2
        page.goto("/activities")
        page.get_by_role("link", name="Nagesprek geleid").click()
        expect(page.get_by_role("link", name=report.name)).to_have_count(1)
        with page.expect_download() as download:
            page.get_by_role("link", name=report.name).click()
        assert Path(download.value.path()).read_bytes() == report.read_bytes()
        assert download.value.suggested_filename == report.name
        assert wrong_with(page) == []


def test_the_form_waits_for_the_file_that_is_on_its_way(people: People, report: Path) -> None:
    said = words_in("en")
    with people.page_of(TRAINEE, "en", PHONE) as page:
        fill_in(page, said, "Led a conversation")
        page.locator("#file").set_input_files(report)
        page.get_by_role("button", name="Log", exact=True).click()
        arrived(page, "Ask for an assessment")
        page.goto("/activities")
        page.get_by_role("link", name="Led a conversation").click()
        expect(page.get_by_role("link", name=report.name)).to_be_visible()


def test_without_script_a_photo_is_added_and_taken_away(people: People, tmp_path: Path) -> None:
    photo = tmp_path / "IMG_0001.jpeg"
    photo.write_bytes(photo_with_place())
    said = words_in("nl")
    with people.page_of(TRAINEE, "nl", PHONE, scripts=False) as page:
        fill_in(page, said, "Wond verzorgd")
        page.get_by_role("button", name=said("Log"), exact=True).click()
        page.goto("/activities")
        page.get_by_role("link", name="Wond verzorgd").click()
        page.get_by_role("link", name=said("Add a photo or file")).click()
        arrived(page, said("Add a photo or file"))
        page.locator("#file").set_input_files(photo)
        page.get_by_role("button", name=said("Add"), exact=True).click()
        arrived(page, "Wond verzorgd")
        expect(page.get_by_role("link", name="IMG_0001.jpg")).to_be_visible()
        page.get_by_role("button", name="IMG_0001.jpg").click()
        arrived(page, "Wond verzorgd")
        expect(page.get_by_role("link", name="IMG_0001.jpg")).to_have_count(0)
