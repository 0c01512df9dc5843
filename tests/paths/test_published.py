"""The public pages: for everybody, in both languages, found by search engines and kept by caches."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree.ElementTree import fromstring

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from lms.accounts.models import User
from lms.curriculum import queries as curriculum
from lms.curriculum.actions import load_programme
from tests.curriculum.test_loading import NEWER, file_with
from tests.factories import NOW, Ward
from tests.pages import Browser, Page, text_of

ClientOf = Callable[[User | None], Browser]
NURSE = "oncologieverpleegkundige"


def linked(page: Page, rel: str) -> dict[str, str]:
    """Return the addresses that the head of a page names with that relation, by language."""
    links = [one for one in page.tree.iter("link") if one.get("rel") == rel]
    return {one.get("hreflang") or "": one.get("href") or "" for one in links}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_programme_has_a_page_in_both_languages(session: Session, client_of: ClientOf, language: str) -> None:
    browser = client_of(None)
    page = browser.get(f"/{language}/learn")
    addresses = [link for link in page.links() if link.startswith(f"/{language}/learn/")]
    assert len(addresses) == len(curriculum.programmes(session)) == 7
    for address in addresses:
        assert browser.get(address).tree.get("lang") == language


def test_the_page_tells_the_whole_path(session: Session, client_of: ClientOf, statements: list[str]) -> None:
    browser = client_of(None)
    statements.clear()
    page = browser.get(f"/nl/learn/{NURSE}")
    assert page.heading == "Oncologieverpleegkundige"
    for said in (
        "BIG-geregistreerde verpleegkundigen",
        "11 tot 16 maanden",
        "minstens 1.200 uur praktijk",
        "20 dagen in totaal",
        "Geldige BIG-registratie als verpleegkundige",
        "Behandelfase",
        "Zelfstandig: 8 EPA’s",
        "Polikliniek, Kliniek, Thuiszorg",
        "LZ-ONC-2",
        "CONCEPT-ONC-K1 Conceptcode",
        "Dit programma is een concept",
        "Vrijstelling per EPA",
        "Hoe je begint",
    ):
        assert said in page.text, said
    assert len(statements) <= 10


def test_a_text_that_is_known_in_dutch_only_says_so(session: Session, client_of: ClientOf) -> None:
    page = client_of(None).get(f"/en/learn/{NURSE}")
    dutch = [text_of(one) for one in page.tree.iter("span") if one.get("lang") == "nl"]
    assert any(text.startswith("Begeleidt zorgvrager en naasten") for text in dutch)


def test_search_engines_learn_what_it_is(session: Session, client_of: ClientOf) -> None:
    page = client_of(None).get(f"/en/learn/{NURSE}")
    described = [one.get("content") for one in page.tree.iter("meta") if one.get("name") == "description"]
    assert described == ["EPA-based route for nurses in cancer care, from diagnosis to aftercare and the dying phase."]
    assert linked(page, "canonical") == {"": f"http://localhost/en/learn/{NURSE}"}
    assert linked(page, "alternate") == {
        "nl": f"http://localhost/nl/learn/{NURSE}",
        "en": f"http://localhost/en/learn/{NURSE}",
        "x-default": f"http://localhost/nl/learn/{NURSE}",
    }


def test_what_it_is_can_be_read_by_machines(session: Session, client_of: ClientOf) -> None:
    page = client_of(None).get(f"/en/learn/{NURSE}")
    program = next(one for one in page.tree.iter() if (one.get("itemtype") or "").endswith("OccupationalProgram"))
    said = [(one.get("itemprop"), one.get("content")) for one in program]
    assert ("name", "Oncology nurse") in said
    assert ("timeToComplete", "P16M") in said
    assert ("programPrerequisites", "Valid BIG registration as a nurse") in said
    courses = [one for one in program.iter() if one.get("itemtype") == "https://schema.org/Course"]
    assert len(courses) == 6


@pytest.mark.parametrize("path", ["/nl/learn", f"/nl/learn/{NURSE}", "/sitemap.xml", "/robots.txt"])
def test_a_cache_may_keep_it_for_everybody(session: Session, client_of: ClientOf, path: str) -> None:
    person = Ward(session).trainee
    answers = [client_of(reader).raw(path) for reader in (None, person)]
    assert answers[0].data == answers[1].data
    for answer in answers:
        assert answer.headers["Cache-Control"] == "public, max-age=600"
        assert "Set-Cookie" not in answer.headers
        assert "Vary" not in answer.headers
    tag = answers[0].headers["ETag"]
    again = client_of(None).client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


def test_the_language_is_that_of_the_address_whoever_reads(session: Session, client_of: ClientOf) -> None:
    person = Ward(session).trainee
    assert person.language == "en"
    page = client_of(person).get(f"/nl/learn/{NURSE}")
    assert page.tree.get("lang") == "nl"
    assert f"/en/learn/{NURSE}" in page.links()
    assert person.name not in page.source


@pytest.mark.parametrize(("asked", "led_to"), [("nl", "nl"), ("en", "en"), ("de", "nl"), ("en-GB", "en")])
def test_without_a_language_the_browser_decides(app: Flask, session: Session, asked: str, led_to: str) -> None:
    for address in ("/learn", f"/learn/{NURSE}"):
        answer = Browser(app, None, language=asked).raw(address)
        assert answer.status_code == 302
        assert answer.headers["Location"] == f"/{led_to}{address}"
        assert "Accept-Language" in answer.headers["Vary"]


@pytest.mark.parametrize("path", ["/nl/learn/nothing", "/de/learn", "/nl/learn/Functielaborant"])
def test_what_is_not_there_is_no_page(session: Session, client_of: ClientOf, path: str) -> None:
    answer = client_of(None).raw(path)
    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_newer_version_takes_the_place_of_the_page(session: Session, client_of: ClientOf) -> None:
    before = client_of(None).raw("/nl/learn/opleiders").headers["ETag"]
    load_programme(session, file_with("opleiders", NEWER), by=None, at=NOW)
    page = client_of(None).get("/nl/learn/opleiders")
    assert "Versie 2026.2-draft" in page.text
    assert client_of(None).raw("/nl/learn/opleiders").headers["ETag"] != before


def test_the_map_names_every_page_with_its_other_language(session: Session, client_of: ClientOf) -> None:
    pages = list(fromstring(client_of(None).raw("/sitemap.xml").text))
    namespace = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    assert len(pages) == 2 * (7 + 1)
    assert {page.findtext(f"{namespace}loc") for page in pages} >= {
        "http://localhost/nl/learn",
        f"http://localhost/en/learn/{NURSE}",
    }
    assert all(len(page.findall("{http://www.w3.org/1999/xhtml}link")) == 2 for page in pages)


def test_search_engines_may_read_the_public_pages_and_nothing_else(client_of: ClientOf) -> None:
    lines = client_of(None).raw("/robots.txt").text.splitlines()
    assert {"Allow: /nl/learn", "Allow: /en/learn", "Disallow: /"} < set(lines)
    assert "Sitemap: http://localhost/sitemap.xml" in lines
