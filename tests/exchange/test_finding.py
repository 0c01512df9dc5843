"""Framework packages in search: found by their own people, by everybody once they are open, never by others."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from competencies.people import Role
from lms.accounts.models import User
from lms.exchange import actions
from lms.exchange.case.writing import case_of
from lms.exchange.models import FrameworkPackage
from lms.exchange.queries.packages import package_in_full
from lms.search.commands import search
from lms.search.models import SearchEntry
from tests.exchange.files import imported
from tests.exchange.packages import make_public, node, small_package
from tests.factories import NOW, Ward, make_alliance, make_organisation, person_with
from tests.pages import Browser

ClientOf = Callable[[User | None], Browser]


@pytest.fixture
def ward(session: Session) -> Ward:
    """Return a hospital with its people."""
    return Ward(session)


@pytest.fixture
def stored(ward: Ward, session: Session, client_of: ClientOf) -> FrameworkPackage:
    """Return a package that its programme lead imported."""
    package = small_package(statement="Zeldzame walvissen verzorgen")
    package["CFDocument"] |= {"title": "Zeekwaliteiten", "description": "Over het dolfinarium", "language": "nl"}
    package["CFItems"][1]["humanCodingScheme"] = "WAL-77.3"
    return imported(client_of(ward.lead), session, package)


def finds(browser: Browser, text: str, stored: FrameworkPackage) -> bool:
    """Return whether somebody finds a package with those words."""
    return f"/packages/{stored.id}" in browser.get(f"/search?q={text}").links()


@pytest.mark.parametrize("text", ["zeekwaliteit", "walvis", "walvis+verzorgen", "dolfinarium", "WAL-77", "wal773"])
def test_a_package_is_found_by_its_title_its_statements_and_the_codes_of_its_items(
    ward: Ward, client_of: ClientOf, stored: FrameworkPackage, text: str
) -> None:
    assert finds(client_of(ward.lead), text, stored)
    suggestion = client_of(ward.lead).client.get(f"/search/suggestions?q={text}").json
    assert suggestion is not None
    assert f"/packages/{stored.id}" in [row["url"] for row in suggestion["rows"]]


def test_only_those_who_may_read_a_package_find_it(
    ward: Ward, session: Session, client_of: ClientOf, stored: FrameworkPackage
) -> None:
    alliance = make_alliance(session, ward.organisation)
    elsewhere = client_of(person_with(session, Role.PROGRAMME_LEAD, make_organisation(session)))
    assert finds(client_of(ward.auditor), "walvissen", stored)
    assert not finds(client_of(ward.trainee), "walvissen", stored)
    assert not finds(elsewhere, "walvissen", stored)
    assert not finds(client_of(person_with(session, Role.REGIONAL_COORDINATOR, alliance)), "walvissen", stored)
    lead = client_of(ward.lead)
    lead.post(f"/packages/{stored.id}/open")
    assert finds(elsewhere, "walvissen", stored)
    assert not finds(client_of(ward.trainee), "walvissen", stored)
    lead.post(f"/packages/{stored.id}/close")
    assert not finds(elsewhere, "walvissen", stored)


def test_a_member_of_an_alliance_finds_what_is_of_the_alliance(
    ward: Ward, session: Session, client_of: ClientOf
) -> None:
    alliance = make_alliance(session, ward.organisation)
    coordinator = person_with(session, Role.REGIONAL_COORDINATOR, alliance)
    stored = imported(client_of(coordinator), session, small_package(statement="Walvissen"))
    assert finds(client_of(coordinator), "walvissen", stored)
    assert finds(client_of(ward.lead), "walvissen", stored)


def test_a_package_that_is_replaced_is_found_by_its_new_words_alone(
    ward: Ward, session: Session, client_of: ClientOf, stored: FrameworkPackage
) -> None:
    lead = client_of(ward.lead)
    imported(lead, session, small_package(statement="Zeehonden") | {"CFDocument": node(1, title="Anders", creator="x")})
    assert not finds(lead, "walvissen", stored)
    assert finds(lead, "zeehonden", stored)


def test_the_index_of_packages_is_kept_when_that_of_the_curriculum_is_made_anew(
    session: Session, stored: FrameworkPackage, ward: Ward, client_of: ClientOf
) -> None:
    assert CliRunner().invoke(search, ["check"]).exit_code == 0
    CliRunner().invoke(search, ["rebuild"], catch_exceptions=False)
    assert CliRunner().invoke(search, ["check"]).exit_code == 0
    assert finds(client_of(ward.lead), "walvissen", stored)


def test_a_programme_that_is_offered_is_not_found_twice_and_a_huge_package_is_found_by_its_beginning(
    session: Session,
) -> None:
    before = session.query(SearchEntry).count()
    actions.offer_programmes(session, at=NOW)
    assert session.query(SearchEntry).count() == before
    package = small_package(statement="Begin")
    package["CFItems"] += [node(1000 + one, fullStatement=f"w{one} " + "é" * 900) for one in range(2000)]
    stored = make_public(session, package, make_organisation(session))
    assert (
        "w99 "
        in session.get_one(SearchEntry, stored.id).english_text + session.get_one(SearchEntry, stored.id).dutch_text
    )


LONG = "".join(hashlib.sha256(str(number).encode()).hexdigest() for number in range(100))
"""One word of 6,400 letters and numbers that no compression makes short."""

MANY = " ".join(hashlib.sha256(str(number).encode()).hexdigest()[:9] for number in range(130_000))


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("CFItems", "humanCodingScheme", LONG),
        ("CFItems", "fullStatement", LONG),
        ("CFDocument", "title", LONG),
        ("CFDocument", "title", MANY),
        ("CFDocument", "creator", MANY),
        ("CFDocument", "description", MANY),
    ],
    ids=["code", "statement", "title of a word", "long title", "long name", "long description"],
)
def test_a_package_with_a_word_or_a_text_without_end_is_kept_whole_and_found_by_its_other_words(
    ward: Ward, session: Session, client_of: ClientOf, kind: str, field: str, value: str
) -> None:
    package = small_package(statement="Zeldzame walvissen verzorgen")
    (package[kind] if kind == "CFDocument" else package[kind][1])[field] = value
    stored = make_public(session, package, ward.organisation)
    assert case_of(package_in_full(session, stored)) == package
    assert finds(client_of(ward.lead), "walvissen", stored)
