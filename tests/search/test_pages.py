"""Finding programmes, EPAs and competencies: what is typed, what is found, and what a person sees of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, true
from sqlalchemy.orm import Session

from lms.accounts.models import User
from lms.curriculum.actions import load_programme
from lms.search.actions import index_missing
from lms.search.models import EntryKind, SearchEntry
from lms.search.queries import corrected, results
from lms.search.questions import question_of
from tests.curriculum.test_loading import NEWER, file_with
from tests.factories import NOW, Ward
from tests.pages import Browser, text_of

ClientOf = Callable[[User | None], Browser]


def titles(session: Session, text: str, *, language: str = "nl", older: bool = False) -> list[str]:
    """Return the Dutch titles of what is found, the best of each kind first."""
    question = question_of(text)
    assert question is not None
    found = results(session, question, language=language, each=20, older=older, scope=true())
    return [one.title["nl"] for one in found]


@pytest.mark.parametrize(
    ("text", "language", "title"),
    [
        ("oncologieverpleegkundige", "nl", "Oncologieverpleegkundige"),
        ("oncology nurse", "en", "Oncologieverpleegkundige"),
        ("oncology nurses", "nl", "Oncologieverpleegkundige"),
        ("Visites leiden", "nl", "Visite leiden"),
        ("leading a round", "en", "Visite leiden"),
        (
            "patienten begeleiden functieonderzoek",
            "nl",
            "Ontvangen, voorbereiden en begeleiden van de patiënt bij een functieonderzoek",
        ),
        ("PATIËNT functieonder", "nl", "Ontvangen, voorbereiden en begeleiden van de patiënt bij een functieonderzoek"),
        ("stamceltransplantatie", "nl", "Zorgdragen voor de oncologische zorgvrager in de behandelfase"),
        ("behandelf", "nl", "Zorgdragen voor de oncologische zorgvrager in de behandelfase"),
        ("voorbeeldgedrag", "nl", "Voorbeeldgedrag"),
        ("role modelling", "en", "Voorbeeldgedrag"),
        ("mbo hbo verpleegkundigen", "nl", "Oncologieverpleegkundige"),
    ],
)
def test_it_is_found_by_its_words(session: Session, text: str, language: str, title: str) -> None:
    assert title in titles(session, text, language=language)


@pytest.mark.parametrize("text", ["LZ-ONC-2", "lz onc 2", "lzonc2", "ONC-2", "LZ-ONC", "onc-k2", "k2"])
def test_an_epa_is_found_by_its_code_also_in_part(session: Session, text: str) -> None:
    assert "Zorgdragen voor de oncologische zorgvrager in de behandelfase" in titles(session, text)


def test_a_whole_code_comes_before_words(session: Session) -> None:
    assert titles(session, "LZ-ONC-2")[0] == "Zorgdragen voor de oncologische zorgvrager in de behandelfase"


def test_a_word_in_the_title_weighs_more_than_one_in_the_text(session: Session) -> None:
    assert "palliatieve" in next(one for one in titles(session, "palliatieve zorg") if "zorg" in one.lower()).lower()


@pytest.mark.parametrize("text", ["", "  ", "!?", "'", "\x00"])
def test_a_text_without_letters_asks_for_nothing(text: str) -> None:
    assert question_of(text) is None


@pytest.mark.parametrize(
    "text", ["de", "a | b", "x:*", "'; --", "!onc & (", "%", "_", "zorg " * 500, "ﷺ", "\U0001f600 zorg"]
)
def test_whatever_is_typed_is_only_words(session: Session, client_of: ClientOf, text: str) -> None:
    answer = client_of(Ward(session).trainee).client.get("/search", query_string={"q": text})
    assert answer.status_code == 200


def test_older_versions_are_found_only_on_request(session: Session) -> None:
    load_programme(session, file_with("opleiders", NEWER), by=None, at=NOW)
    index_missing(session)
    assert titles(session, "train-02").count("Leiderschap op de werkplek waarnemen en nabespreken") == 1
    question = question_of("train-02")
    assert question is not None
    both = results(session, question, language="nl", each=20, older=True, scope=true())
    assert [(one.version, one.is_newest) for one in both] == [("2026.2-draft", True), ("2026.1-draft", False)]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("behandelfaze", "behandelfase"),
        ("palliatiev zorg", None),
        ("verpleegkundege", "verpleegkundige"),
        ("patiennt", "patient"),
        ("zorg", None),
        ("qqqqqqqq", None),
    ],
)
def test_a_mistyped_word_is_set_right_from_the_words_of_the_index(
    session: Session, typed: str, meant: str | None
) -> None:
    question = question_of(typed)
    assert question is not None
    assert corrected(session, question) == meant


def test_the_page_shows_results_in_groups_with_what_was_asked_for_marked(
    session: Session, client_of: ClientOf, statements: list[str]
) -> None:
    browser = client_of(Ward(session).trainee)
    browser.get("/account")
    statements.clear()
    account = len(statements)
    page = browser.get("/search?q=oncology")
    assert [text_of(heading).split(" (")[0] for heading in page.tree.iter("h2")] == ["Programmes", "EPAs"]
    assert {text_of(mark).lower() for mark in page.tree.iter("mark")} == {"oncology", "oncological"}
    assert len([one for one in statements[account:] if "search_entries" in one]) == 1


def test_the_header_asks_the_database_nothing(session: Session, client_of: ClientOf, statements: list[str]) -> None:
    browser = client_of(Ward(session).trainee)
    page = browser.get("/account")
    assert page.tree.find(".//form[@action='/search']") is not None
    assert not [one for one in statements if "search_" in one]


def test_one_kind_is_shown_page_by_page(session: Session, client_of: ClientOf) -> None:
    browser = client_of(Ward(session).trainee)
    first = browser.get("/search?q=voortgangsgesprek&kind=epa")
    assert "/search?q=voortgangsgesprek&kind=epa&page=2" in first.links()
    second = browser.get("/search?q=voortgangsgesprek&kind=epa&page=2")
    seen = [{link for link in page.links() if link.startswith("/epas/")} for page in (first, second)]
    assert len(seen[0]) == 20
    assert seen[1]
    assert not seen[0] & seen[1]


@pytest.mark.parametrize(
    "odd", ["page=0", "page=-1", "page=x", "kind=people", "page=99999999999999999999", "older=maybe"]
)
def test_an_odd_address_shows_the_page_all_the_same(session: Session, client_of: ClientOf, odd: str) -> None:
    client_of(Ward(session).trainee).get(f"/search?q=zorg&{odd}")


def test_nothing_found_says_what_to_do(session: Session, client_of: ClientOf) -> None:
    browser = client_of(Ward(session).trainee)
    assert "Did you mean “behandelfase”?" in browser.get("/search?q=behandelfaze").text
    assert "Use fewer words" in browser.get("/search?q=qqqqqqqq").text
    assert "Type what you look for" in browser.get("/search").text


def test_the_words_are_never_taken_for_markup(session: Session, client_of: ClientOf) -> None:
    page = client_of(Ward(session).trainee).get("/search?q=%3Cscript%3Ealert%3C/script%3E")
    assert "<script>alert" not in page.source


def test_a_passage_in_another_language_says_so(session: Session, client_of: ClientOf) -> None:
    page = client_of(Ward(session).trainee).get("/search?q=extravasatie")
    foreign = [element for element in page.tree.iter("span") if element.get("lang") == "nl"]
    assert any("Extravasatie" in text_of(element) for element in foreign)


def test_suggestions_are_a_few_of_each_kind_in_the_readers_language(session: Session, client_of: ClientOf) -> None:
    answer = client_of(Ward(session).trainee).raw("/search/suggestions?q=onco").json
    assert answer is not None
    assert answer["said"] == f"{len(answer['rows'])} suggestions"
    assert answer["rows"][0]["title"] == "Oncology nurse"
    assert answer["rows"][0]["detail"] == "Programme"
    assert 1 < len(answer["rows"]) <= 10
    assert all(row["url"].startswith(("/programmes/", "/epas/", "/competencies/")) for row in answer["rows"])


def test_nothing_typed_suggests_nothing(session: Session, client_of: ClientOf) -> None:
    assert client_of(Ward(session).trainee).raw("/search/suggestions").json == {"said": "No suggestions", "rows": []}


def test_a_competency_shows_what_one_sees_and_which_epas_ask_for_it(
    app: Flask, session: Session, client_of: ClientOf, statements: list[str]
) -> None:
    browser = client_of(Ward(session).trainee)
    found = browser.raw("/search/suggestions?q=coaching").json
    assert found is not None
    url = next(row["url"] for row in found["rows"] if row["url"].startswith("/competencies/"))
    statements.clear()
    page = browser.get(url)
    assert "Frontline leadership:" in page.text
    assert "Guiding the leadership development of a resident" in page.text
    assert len([one for one in statements if "competency_domains" in one or "epa_competencies" in one]) == 2


def test_kinds_are_in_the_order_of_the_page() -> None:
    assert list(EntryKind) == ["programme", "epa", "competency", "package"]


@pytest.mark.parametrize(
    ("text", "title", "words"),
    [
        ("visite leiden olifanten", "Visite leiden", 2),
        ("olifanten visites leiding", "Visite leiden", 1),
        ("oncology nurse submarine", "Oncologieverpleegkundige", 2),
        ("patiënten begeleiden onderzeeboot", "Begeleiden", 2),
    ],
)
def test_where_nothing_has_all_words_what_has_the_most_is_shown_and_the_page_says_so(
    session: Session, client_of: ClientOf, text: str, title: str, words: int
) -> None:
    browser = client_of(Ward(session).trainee)
    page = browser.get(f"/search?q={text.replace(' ', '+')}")
    said = " ".join(page.text.split())
    assert f"Nothing has all of “{text}”. These have {words} of the 3 words." in said
    assert title.lower() in " ".join(session.scalars(select(SearchEntry.title["nl"].astext))).lower()
    question = question_of(text)
    assert question is not None
    found = results(session, question, language="nl", each=50, every=False, scope=true())
    assert {one.matched for one in found} == {words}
    assert any(title.lower() in one.title["nl"].lower() or one.title["nl"] in said for one in found)
    assert [link for link in page.links() if link.startswith(("/epas/", "/programmes/", "/competencies/"))]


def test_all_words_come_before_some_and_one_unknown_word_finds_nothing(session: Session, client_of: ClientOf) -> None:
    browser = client_of(Ward(session).trainee)
    assert "Nothing has all" not in browser.get("/search?q=visite+leiden").text
    assert "Nothing is found" in browser.get("/search?q=qqqqqqqq").text
    assert "Nothing is found" in browser.get("/search?q=qqqqqqqq+xxxxxxxx").text


def test_a_mistyped_word_among_others_is_set_right_beside_what_has_the_rest(
    session: Session, client_of: ClientOf
) -> None:
    page = client_of(Ward(session).trainee).get("/search?q=oncologische+behandelfaze")
    assert "Did you mean" in page.text
    assert any("behandelfase" in link for link in page.links())
