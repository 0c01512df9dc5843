"""The CASE provider: what is public, in the shapes, headers and refusals of the standard."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import delete
from sqlalchemy.orm import Session

from lms.accounts.models import User
from lms.exchange import actions
from lms.exchange.case.addresses import ROOT, provider_of, with_base, written_with_base
from lms.exchange.case.reading import package_of
from lms.exchange.case.writing import case_of, written
from lms.exchange.jobs import complete_packages
from lms.exchange.models import FrameworkPackage, PackageFile
from lms.exchange.queries.packages import packages_to_complete
from lms.settings import SettingsRefused, read_settings
from tests.exchange.packages import association, make_public, node, small_package
from tests.factories import NOW, Ward, make_organisation
from tests.pages import Browser


@pytest.fixture
def ask(client_of: Callable[[User | None], Browser]) -> Callable[..., Any]:
    """Return a function that asks the provider, without signing in, and returns the answer."""
    browser = client_of(None)

    def asked(path: str, status: int = 200, at: UUID | None = None, **headers: str) -> Any:
        answer = browser.client.get(f"{provider_of(at, base='')}{ROOT}/{path}", headers=headers)
        assert answer.status_code == status, answer.text
        return answer

    return asked


@pytest.fixture
def offered(session: Session) -> FrameworkPackage:
    """Return a public package of another tool."""
    return make_public(session, small_package(), make_organisation(session))


def test_a_public_package_is_given_whole_with_its_own_addresses(ask: Any, offered: FrameworkPackage) -> None:
    assert ask(f"CFPackages/{offered.identifier}").json == small_package()


def test_a_document_alone_links_to_its_package(ask: Any, offered: FrameworkPackage) -> None:
    document = ask(f"CFDocuments/{offered.identifier}").json
    link = document.pop("CFPackageURI")
    assert document == small_package()["CFDocument"]
    assert link["uri"] == f"http://localhost{ROOT}/CFPackages/{offered.identifier}"


def test_an_item_and_an_association_alone_link_to_their_document(ask: Any, offered: FrameworkPackage) -> None:
    package = small_package()
    for kind, data in (("CFItems", package["CFItems"][0]), ("CFAssociations", package["CFAssociations"][0])):
        answer = ask(f"{kind}/{data['identifier']}").json
        assert answer.pop("CFDocumentURI")["uri"] == package["CFDocument"]["uri"]
        assert answer == data


def test_an_item_comes_with_its_associations(ask: Any, offered: FrameworkPackage) -> None:
    answer = ask(f"CFItemAssociations/{node(12)['identifier']}").json
    assert answer["CFItem"]["fullStatement"] == "Second, é"
    assert [one["identifier"] for one in answer["CFAssociations"]] == [node(21)["identifier"], node(24)["identifier"]]


def test_definitions_and_rubrics_are_given_in_the_shape_of_the_standard(ask: Any, offered: FrameworkPackage) -> None:
    (item_type,) = ask(f"CFItemTypes/{node(31)['identifier']}").json["CFItemTypes"]
    assert item_type["title"] == "EPA"
    assert ask(f"CFRubrics/{node(41)['identifier']}").json["title"] == "Levels"


def test_a_definition_comes_with_those_below_it(ask: Any, session: Session) -> None:
    package = small_package()
    package["CFDefinitions"] = {
        "CFSubjects": [
            node(50 + number, title=code, hierarchyCode=code) for number, code in enumerate(("1", "1.1", "1.1.2", "11"))
        ],
        "CFLicenses": [node(60, title="Free", licenseText="Do as you like")],
    }
    make_public(session, package, make_organisation(session))
    titles = [one["title"] for one in ask(f"CFSubjects/{node(50)['identifier']}").json["CFSubjects"]]
    assert titles == ["1", "1.1", "1.1.2"]
    assert ask(f"CFLicenses/{node(60)['identifier']}").json["licenseText"] == "Do as you like"


@pytest.mark.parametrize(
    "kind",
    [
        *("CFDocuments", "CFPackages", "CFItems", "CFAssociations", "CFItemAssociations", "CFRubrics", "CFConcepts"),
        *("CFSubjects", "CFLicenses", "CFItemTypes", "CFAssociationGroupings"),
    ],
)
def test_what_is_not_there_or_not_public_is_refused_in_the_words_of_the_standard(
    ask: Any, session: Session, offered: FrameworkPackage, kind: str
) -> None:
    offered.public, offered.opened_at = False, None
    session.flush()
    for number in (1, 11, 12, 21, 31, 41):
        refusal = ask(f"{kind}/{node(number)['identifier']}", 404).json
        assert refusal["imsx_codeMajor"] == "failure"
        assert minor(refusal) == "unknownobject"
    assert minor(ask(f"{kind}/no-uuid", 404).json) == "invaliduuid"


def minor(refusal: Any) -> str:
    return str(refusal["imsx_codeMinor"]["imsx_codeMinorField"][0]["imsx_codeMinorFieldValue"])


@pytest.fixture
def several(session: Session) -> list[str]:
    """Return the identifiers of five public packages, by title."""
    found = []
    for number in range(5):
        package = small_package()
        package["CFDocument"] = node(900 - number, title=f"Title {number}", creator="Somebody")
        found.append(make_public(session, package, make_organisation(session)).identifier)
    return found


def test_the_list_of_documents_comes_in_pages_with_links_and_a_total(ask: Any, several: list[str]) -> None:
    page = ask("CFDocuments?limit=2&offset=2&sort=title")
    assert [one["title"] for one in page.json["CFDocuments"]] == ["Title 2", "Title 3"]
    assert page.headers["X-Total-Count"] == "5"
    parts = page.headers["Link"].split(", ")
    links = {part.split('rel="')[1].rstrip('"'): part.split("offset=")[1].split("&")[0].split(">")[0] for part in parts}
    assert links == {"first": "0", "prev": "0", "next": "4", "last": "4"}
    assert "sort=title" in page.headers["Link"]
    assert "Link" not in ask("CFDocuments").headers


def test_the_list_is_sorted_and_cut_to_the_fields_that_were_asked_for(ask: Any, several: list[str]) -> None:
    answer = ask("CFDocuments?sort=title&orderBy=desc&fields=title,identifier").json["CFDocuments"]
    assert [one["identifier"] for one in answer] == several[::-1]
    assert {frozenset(one) for one in answer} == {frozenset({"title", "identifier"})}
    assert ask("CFDocuments?limit=0").json == {"CFDocuments": []}


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("title='Title 2'", ["2"]),
        ("title='TITLE 2' OR title~'le 4'", ["2", "4"]),
        ("title>='Title 1' AND title<'Title 3'", ["1", "2"]),
        ("title!='Title 0'", ["1", "2", "3", "4"]),
        ("title~'%'", []),
        ("creator='Some''body'", []),
        ("title~' AND ' OR title='Title 0'", ["0"]),
        ("publisher='' AND title>'Title 3'", ["4"]),
    ],
)
def test_the_list_is_filtered_as_the_standard_says(ask: Any, several: list[str], text: str, titles: list[str]) -> None:
    page = ask(f"CFDocuments?{urlencode({'filter': text, 'sort': 'title'})}")
    assert [one["title"].removeprefix("Title ") for one in page.json["CFDocuments"]] == titles
    assert page.headers["X-Total-Count"] == str(len(titles))
    assert "filter=title" in ask("CFDocuments?filter=title!='x'&limit=1").headers["Link"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("fields=title,secret", "invalid_selection_field"),
        ("sort=secret", "invalid_sort_field"),
        ("sort=extensions", "invalid_sort_field"),
        ("orderBy=sideways", "invalid_sort_field"),
        ("limit=-1", "invalid_selection_field"),
        ("offset=many", "invalid_selection_field"),
        ("limit=99999999999999999999", "invalid_selection_field"),
        ("filter=title", "invalid_selection_field"),
        ("filter=title=x", "invalid_selection_field"),
        ("filter=secret='x'", "invalid_selection_field"),
        ("filter=title='x' AND title='y' OR title='z'", "invalid_selection_field"),
        ("filter=title='x'; DROP TABLE packages", "invalid_selection_field"),
        ("filter=title='x" + "' OR title='x" * 5 + "'", "invalid_selection_field"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(ask: Any, arguments: str, code: str) -> None:
    assert minor(ask(f"CFDocuments?{arguments}", 400).json) == code


def test_of_packages_with_one_identifier_the_first_keeps_the_address_and_the_other_answers_at_its_own(
    ask: Any, session: Session, client_of: Callable[[User | None], Browser]
) -> None:
    there, here = Ward(session), Ward(session)
    second = make_public(session, small_package(statement="Second"), there.organisation)
    first = make_public(session, small_package(statement="First"), here.organisation)
    first.opened_at = NOW - timedelta(days=1)
    first.changed_at = NOW - timedelta(days=9)
    session.flush()
    assert ask("CFDocuments").headers["X-Total-Count"] == "1"
    assert ask(f"CFItems/{node(11)['identifier']}").json["fullStatement"] == "First"
    assert ask(f"CFPackages/{first.identifier}").json == small_package(statement="First")
    assert ask(f"CFPackages/{second.identifier}", at=there.organisation.id).json == small_package(statement="Second")
    assert ask(f"CFItems/{node(11)['identifier']}", at=there.organisation.id).json["fullStatement"] == "Second"
    (alone,) = ask("CFDocuments", at=there.organisation.id).json["CFDocuments"]
    assert f"/providers/{there.organisation.id}{ROOT}/CFPackages/" in alone["CFPackageURI"]["uri"]
    ask("CFDocuments", at=make_organisation(session).id)
    ask(f"CFPackages/{first.identifier}", 404, at=make_organisation(session).id)
    shown = client_of(there.lead).get(f"/packages/{second.id}").text
    assert "Another organisation opened a framework with this identifier first" in shown
    assert alone["CFPackageURI"]["uri"] in shown
    mine = client_of(here.lead).get(f"/packages/{first.id}").text
    assert f"http://localhost{ROOT}/CFPackages/{first.identifier}" in mine
    assert "opened a framework with this identifier first" not in mine


def test_nobody_adds_to_the_framework_of_another_at_the_common_address(ask: Any, session: Session) -> None:
    there, here = make_organisation(session), make_organisation(session)
    forged = small_package()
    forged["CFItems"].append(node(14, fullStatement="May work unsupervised", CFItemType="EPA"))
    forged["CFAssociations"].append(association(25, 14, 11))
    forged["CFDefinitions"]["CFItemTypes"].append(node(32, title="Forged", description="", hierarchyCode="2"))
    forged["CFRubrics"].append(node(44, title="Forged", CFRubricCriteria=[]))
    make_public(session, small_package(), here).opened_at = NOW - timedelta(days=9)
    make_public(session, forged, there)
    for kind, number in (("CFItems", 14), ("CFAssociations", 25), ("CFItemTypes", 32), ("CFRubrics", 44)):
        path = f"{kind}/{node(number)['identifier']}"
        ask(path, 404)
        ask(path, at=there.id)
    ask(f"CFItemAssociations/{node(14)['identifier']}", 404)


def test_an_address_that_is_closed_goes_to_the_next_and_does_not_come_back(
    ask: Any, session: Session, client_of: Callable[[User | None], Browser]
) -> None:
    here, there = Ward(session), Ward(session)
    first = make_public(session, small_package(statement="First"), here.organisation)
    second = make_public(session, small_package(statement="Second"), there.organisation)
    first.opened_at, second.opened_at = NOW - timedelta(days=2), NOW - timedelta(days=1)
    session.flush()
    lead = client_of(here.lead)
    lead.post(f"/packages/{first.id}/close")
    assert ask(f"CFItems/{node(11)['identifier']}").json["fullStatement"] == "Second"
    lead.post(f"/packages/{first.id}/open")
    assert ask(f"CFItems/{node(11)['identifier']}").json["fullStatement"] == "Second"


@pytest.mark.parametrize("path", ["CFFrameworks", "CFDocuments/", "CFItems/a/b", "CFDefinitions/x"])
@pytest.mark.parametrize("place", [None, UUID(int=1)], ids=["common", "of a place"])
def test_an_address_that_the_standard_does_not_have_is_refused_in_its_words(
    ask: Any, place: UUID | None, path: str
) -> None:
    answer = ask(path, 404, place)
    assert answer.mimetype == "application/json"
    assert (answer.json["imsx_codeMajor"], minor(answer.json)) == ("failure", "unknownobject")


def test_a_package_is_given_as_it_was_kept_and_made_anew_only_where_nothing_was_kept(
    ask: Any, session: Session, offered: FrameworkPackage
) -> None:
    kept = session.get_one(PackageFile, offered.id)
    answer = ask(f"CFPackages/{offered.identifier}")
    assert answer.data == kept.content
    session.execute(delete(PackageFile))
    assert ask(f"CFPackages/{offered.identifier}").data == kept.content
    assert packages_to_complete(session) == [offered.id]
    complete_packages(timestamp=0)
    assert packages_to_complete(session) == []
    assert session.get_one(PackageFile, offered.id).content == answer.data


@pytest.mark.parametrize("base", ["", "https://epa.example", 'https://é.example/"\\'])
def test_addresses_are_completed_in_what_was_written_exactly_as_in_the_value(base: str) -> None:
    package = small_package(extra={"uri": f"{ROOT}/x", "y": f'"uri": "{ROOT}', 'x"uri': ROOT, "uris": [f"{ROOT}/a"]})
    package["CFItems"][0] |= {"uri": f"{ROOT}/CFItems/1", "notes": f'\\"uri": "{ROOT}/x"\n', "a": {"uri": [ROOT]}}
    package["CFItems"][1] |= {"uri": ROOT[:-1], "b": {"uri": ROOT}, "c": {"uri": f" {ROOT}"}}
    one = package_of(package, "x")
    completed = json.loads(written_with_base(written(one), base))
    assert completed == with_base(case_of(one), base)


def test_an_answer_that_did_not_change_is_not_sent_again(
    ask: Any, session: Session, offered: FrameworkPackage, statements: list[str]
) -> None:
    for path in (f"CFPackages/{offered.identifier}", f"CFItems/{node(11)['identifier']}", "CFDocuments"):
        etag = ask(path).headers["ETag"]
        statements.clear()
        again = ask(path, 304, **{"If-None-Match": etag})
        assert again.headers["ETag"] == etag
        assert len(statements) <= 2
        assert ask(path, **{"If-None-Match": '"other"'}).json


def test_answers_may_be_kept_and_read_by_every_site(ask: Any, offered: FrameworkPackage) -> None:
    headers = ask("CFDocuments").headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Cache-Control"] == "public, no-cache"
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize(("path", "most"), [("CFPackages/{}", 2), ("CFDocuments/{}", 1), ("CFDocuments", 2)])
def test_an_answer_takes_few_statements(
    ask: Any, offered: FrameworkPackage, statements: list[str], path: str, most: int
) -> None:
    address = path.format(offered.identifier)
    statements.clear()
    ask(address)
    assert len(statements) == most


def test_the_programmes_are_there_at_addresses_of_this_site_and_every_link_in_them_can_be_followed(
    ask: Any, session: Session
) -> None:
    actions.offer_programmes(session, at=NOW)
    documents = ask("CFDocuments?limit=1000").json["CFDocuments"]
    assert len(documents) == 7
    one = next(document for document in documents if document["title"].startswith("Oncologie"))
    assert one["uri"].startswith(f"http://localhost{ROOT}/CFDocuments/")
    package = ask(one["CFPackageURI"]["uri"].partition(f"{ROOT}/")[2]).json
    package_of(package, "x")
    nodes = [*package["CFItems"][:5], *package["CFAssociations"][:5], *package["CFDefinitions"]["CFItemTypes"][:2]]
    for thing in nodes:
        assert ask(thing["uri"].partition(f"{ROOT}/")[2]).json


def test_nobody_speaks_for_our_programmes_with_a_package_of_their_identifiers(ask: Any, session: Session) -> None:
    actions.offer_programmes(session, at=NOW - timedelta(days=1))
    ours = ask("CFDocuments?limit=1").json["CFDocuments"][0]["identifier"]
    package = ask(f"CFPackages/{ours}").json
    item = package["CFItems"][0]
    forged = package | {"CFItems": [item | {"fullStatement": "Forged"}, *package["CFItems"][1:]]}
    make_public(session, forged, make_organisation(session))
    session.flush()
    assert ask(f"CFItems/{item['identifier']}").json["fullStatement"] == item["fullStatement"]
    assert "Forged" not in ask(f"CFPackages/{ours}").text


def test_the_address_of_the_site_can_be_set(
    app: Flask, ask: Any, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    monkeypatch.setitem(app.config, "BEKWAAM", replace(app.config["BEKWAAM"], public_url="https://epa.example"))
    actions.offer_programmes(session, at=NOW)
    assert ask("CFDocuments?limit=1").json["CFDocuments"][0]["uri"].startswith(f"https://epa.example{ROOT}/")


def test_an_address_of_the_site_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "bekwaam.example")
    with pytest.raises(SettingsRefused):
        read_settings()
    monkeypatch.setenv("PUBLIC_URL", "https://bekwaam.example/epa/")
    assert read_settings().public_url == "https://bekwaam.example/epa"
