"""An assessment without an account in a real browser, on a phone: by a link in a mail and by a code."""

from __future__ import annotations

import json
import re

import psycopg
import pytest
from playwright.sync_api import Page, Request, expect

from lms.core.sealing import key_for, unseal_text
from lms.invitations.tokens import Named, Purpose, Tokens
from tests.browser.judging import wrong_with
from tests.browser.serving import Site
from tests.browser.steps import TRAINEE
from tests.browser.visiting import PHONE, People
from tests.words import Words, words_in

pytestmark = pytest.mark.browser

NOBODY = None
MOST_TAPS, MOST_REQUESTS, MOST_BYTES = 8, 8, 60_000
GUEST = {"email": "k.smit@huisarts.example.org", "name": "Karin Smit", "role": "Huisarts"}


class Counted:
    """What a page cost: the requests, their bytes, and the taps until it was done."""

    def __init__(self, page: Page) -> None:
        self.requests: list[Request] = []
        self.taps = 0
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        self.requests.append(request)

    @property
    def size(self) -> int:
        """The bytes of all that was fetched."""
        return sum(answer.body().__len__() for one in self.requests if (answer := one.response()) is not None)


def facts_of_last_mail(site: Site) -> dict[str, str]:
    """Return what the last mail says, opened as the worker does."""
    with psycopg.connect(site.database_url.replace("+psycopg", "", 1)) as connection:
        row = connection.execute("SELECT facts FROM mails WHERE facts IS NOT NULL ORDER BY id DESC LIMIT 1").fetchone()
    assert row is not None
    facts: dict[str, str] = json.loads(unseal_text(row[0], key=key_for("mail", site.environment["SECRET_KEY"])))
    return facts


def path_in(address: str) -> str:
    """Return the path of a whole address."""
    return re.sub(r"^https?://[^/]+", "", address)


def link_of_last_code(site: Site) -> str:
    """Return what the last code says to a camera."""
    with psycopg.connect(site.database_url.replace("+psycopg", "", 1)) as connection:
        row = connection.execute(
            "SELECT organisation_id, id, nonce FROM invitations WHERE nonce IS NOT NULL ORDER BY id DESC LIMIT 1"
        ).fetchone()
    assert row is not None
    return "/r/" + Tokens(site.environment["SECRET_KEY"]).make(Purpose.ANSWER, Named(row[0], row[1]), row[2])


def an_activity(site: Site) -> str:
    """Return the path of an activity of the trainee that nobody assesses."""
    with psycopg.connect(site.database_url.replace("+psycopg", "", 1)) as connection:
        row = connection.execute(
            "SELECT a.id FROM activities a JOIN users u ON u.id = a.trainee_id WHERE u.email = %s "
            "AND a.kind = 'procedure' ORDER BY a.performed_on DESC LIMIT 1",
            [TRAINEE],
        ).fetchone()
    assert row is not None
    return f"/activities/{row[0]}"


@pytest.mark.parametrize(("language", "scripts"), [("nl", True), ("en", False)])
def test_somebody_without_an_account_assesses_in_two_taps(
    people: People, own_site: Site, language: str, scripts: bool
) -> None:
    said, found = words_in(language), list[str]()
    with people.page_of(TRAINEE, language, PHONE) as page:
        page.goto(f"{an_activity(own_site)}/ask")
        page.get_by_role("link", name=said("send them a link by e-mail")).click()
        for name, value in GUEST.items():
            page.locator(f"[name={name}]").fill(value)
        found += wrong_with(page)
        page.get_by_role("button", name=said("Send the link")).click()
        expect(page.locator(".messages")).to_contain_text(GUEST["email"])
    link = path_in(facts_of_last_mail(own_site)["url"])
    with people.page_of(NOBODY, language, PHONE, scripts=scripts) as page:
        counted = Counted(page)
        page.goto(link)
        _cheap(counted)
        _assess(page, said, counted)
        print(f"By a link: {counted.taps} taps, {len(counted.requests)} requests")  # noqa: T201
        assert counted.taps == 2
        found += wrong_with(page) if scripts else []
    receipt = path_in(facts_of_last_mail(own_site)["url"])
    with people.page_of(NOBODY, language, PHONE, scripts=scripts, expected=frozenset({410})) as page:
        _disown(page, said, receipt)
        found += wrong_with(page) if scripts else []
        page.goto(link)
        expect(page.get_by_role("heading", level=1)).to_have_text(said("This link was used"))
        found += wrong_with(page) if scripts else []
    assert not found, "\n".join(found)


def _disown(page: Page, said: Words, receipt: str) -> None:
    """Say by the receipt that it was somebody else."""
    page.goto(receipt)
    expect(page.get_by_role("heading", level=1)).to_have_text(said("Was this you?"))
    page.get_by_role("button", name=said("This was not me")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(said("It counts no longer"))


def _cheap(counted: Counted) -> None:
    """Demand that the page came in few and small pieces."""
    print(f"The page of a link: {counted.size} bytes in {len(counted.requests)} requests")  # noqa: T201
    assert len(counted.requests) <= MOST_REQUESTS
    assert counted.size < MOST_BYTES


def _assess(page: Page, said: Words, counted: Counted) -> None:
    """Choose a level and give the assessment."""
    page.locator(".levels .choice").nth(2).click()
    page.get_by_role("button", name=said("Give this assessment")).click()
    counted.taps += 2
    expect(page.get_by_role("heading", level=1)).to_have_text(said("Thank you, it is sent"))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_code_on_the_phone_of_the_trainee_is_answered_on_another(
    people: People, own_site: Site, language: str
) -> None:
    said, found = words_in(language), list[str]()
    with people.page_of(TRAINEE, language, PHONE) as trainee:
        trainee.goto(f"{an_activity(own_site)}/code")
        trainee.get_by_role("button", name=said("Show the code")).click()
        trainee.wait_for_url("**/codes/*", wait_until="load")
        picture = trainee.locator("main img")
        assert picture.evaluate("image => image.complete && image.naturalWidth > 0")
        found += wrong_with(trainee)
        with people.page_of(NOBODY, language, PHONE, expected=frozenset({422})) as page:
            counted = Counted(page)
            page.goto(link_of_last_code(own_site))
            found += wrong_with(page)
            page.get_by_role("button", name=said("Give this assessment")).click()
            expect(page.get_by_role("alert")).to_be_visible()
            found += wrong_with(page)
            for name, value in GUEST.items():
                page.locator(f"[name={name}]").fill(value)
            _assess(page, said, counted)
            assert counted.taps + len(GUEST) <= MOST_TAPS
        trainee.get_by_role("link", name=said("Was it answered?")).click()
        expect(trainee.locator("main")).to_contain_text(GUEST["name"])
        found += wrong_with(trainee)
    assert not found, "\n".join(found)
