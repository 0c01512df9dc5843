"""The draft of a programme from a framework: which items become EPAs, and what is written in them already."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.errors import RuleBroken
from competencies.packages import Package
from lms.accounts.models import User
from lms.authoring.models import Draft, DraftPart
from lms.authoring.shapes import misfits, section_shapes
from lms.curriculum.queries import document_of
from lms.exchange.case.reading import package_of
from lms.exchange.case.texts import without_remarks
from lms.exchange.drafting import MOST_EPAS, document_from
from lms.exchange.queries.programmes import package_of_version
from tests.exchange.files import imported
from tests.exchange.packages import association, large_package, node, small_package
from tests.factories import Ward, programme_version
from tests.pages import Browser

ClientOf = Callable[[User | None], Browser]


def drafted(package: dict[str, Any], item_type: str) -> dict[str, Any]:
    """Return the programme that a package gives, after a look at whether it can be a draft."""
    document = document_from(package_of(package, "x"), item_type)
    shapes = section_shapes()
    assert not [one for name in shapes for one in misfits(shapes[name], document.get(name), (name,))]
    return document


def test_the_items_of_a_type_become_epas_in_the_order_of_the_tree(app: Flask) -> None:
    document = drafted(small_package(), "EPA")
    assert [epa["title"] for epa in document["epas"]] == [{"nl": "Third"}, {"nl": "Second, é"}]
    assert [epa["order"] for epa in document["epas"]] == [1, 2]
    assert document["programme"]["title"] == {"nl": "Small"}
    assert document["programme"]["key"] == "small"


def test_the_key_of_another_programme_is_left_to_it(app: Flask) -> None:
    package = package_of(small_package(), "x")
    keys = [
        document_from(package, "EPA", taken=taken)["programme"]["key"] for taken in ({"small"}, {"small", "small-2"})
    ]
    assert keys == ["small-2", "small-3"]


def test_what_stands_under_an_item_becomes_its_activities(app: Flask) -> None:
    (epa,) = drafted(small_package(), "Domain")["epas"]
    assert epa["description"]["activities"] == {"nl": ["Third", "Second, é"]}
    assert epa["local_code"] == "CONCEPT-A"


def test_an_english_framework_gives_english_texts(app: Flask) -> None:
    package = small_package()
    package["CFDocument"]["language"] = "en-GB"
    assert drafted(package, "Domain")["epas"][0]["title"] == {"en": "First"}


def test_codes_that_are_strange_or_the_same_give_keys_of_their_own(app: Flask) -> None:
    codes = ["A/1", "A 1", "", "Ω", "A/1"]
    package = {
        "CFDocument": node(1, title="Codes"),
        "CFItems": [node(10 + n, fullStatement=f"Item {n}", humanCodingScheme=code) for n, code in enumerate(codes)],
    }
    epas = drafted(package, "")["epas"]
    assert [epa["key"] for epa in epas] == ["A-1", "A-1-2", "epa-3", "x", "A-1-3"]
    assert len({epa["local_code"] for epa in epas}) == 5


def test_a_long_statement_is_a_short_title_and_stays_whole_in_the_specification(app: Flask) -> None:
    package = small_package(statement="Long. " * 100)
    (epa,) = drafted(package, "Domain")["epas"]
    assert len(epa["title"]["nl"]) == 300
    assert epa["description"]["specification"]["nl"] == "Long. " * 100


def test_too_many_items_are_refused() -> None:
    with pytest.raises(RuleBroken, match="draft_too_many_items"):
        document_from(package_of(large_package(MOST_EPAS + 1), "x"), "")


def test_a_type_that_no_item_has_is_refused() -> None:
    with pytest.raises(RuleBroken, match="draft_without_items"):
        document_from(package_of(small_package(), "x"), "Unknown")


def test_a_circle_of_items_is_no_problem(app: Flask) -> None:
    package = small_package()
    package["CFAssociations"] = [association(21, 12, 11), association(22, 11, 12)]
    assert len(drafted(package, "EPA")["epas"]) == 2


@pytest.mark.parametrize("programme", ["oncologieverpleegkundige", "medisch-leiderschap"])
def test_a_package_of_ours_gives_back_the_programme_whole(session: Session, programme: str) -> None:
    version = programme_version(session, programme)
    package: Package = package_of_version(session, version)
    assert document_from(package, "EPA") == without_remarks(document_of(session, version.id))


def test_a_lead_starts_a_draft_from_a_framework(session: Session, client_of: ClientOf) -> None:
    ward = Ward(session)
    browser = client_of(ward.lead)
    stored = imported(browser, session, small_package())
    page = browser.get(f"/packages/{stored.id}/draft")
    assert "EPA: 2 items" in page.text
    answer = browser.client.post(page.path, data=page.filled(page.form(), {"item_type": "type:EPA"}))
    draft = session.scalars(select(Draft)).one()
    assert answer.headers["Location"] == f"/drafts/{draft.id}"
    assert draft.organisation_id == ward.organisation.id
    assert draft.title == {"nl": "Small"}
    parts = session.scalars(select(DraftPart.section).where(DraftPart.draft_id == draft.id)).all()
    assert sorted(parts) == ["epas", "epas", "programme"]


def test_a_form_without_a_choice_is_shown_again(session: Session, client_of: ClientOf) -> None:
    browser = client_of(Ward(session).lead)
    stored = imported(browser, session, small_package())
    page = browser.send(browser.get(f"/packages/{stored.id}/draft"), status=422)
    assert "Choose a type." in page.text


def test_too_many_items_are_said_on_the_page(session: Session, client_of: ClientOf) -> None:
    browser = client_of(Ward(session).lead)
    stored = imported(browser, session, large_package(MOST_EPAS + 1))
    page = browser.send(browser.get(f"/packages/{stored.id}/draft"), {"item_type": "type:"}, status=422)
    assert "201 items have this type" in page.text
