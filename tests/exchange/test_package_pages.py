"""The pages of frameworks: a tree that can be read, also of 20,000 items, and a file that can be taken away."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from competencies.people import Role
from lms.accounts.models import User
from lms.core import audit
from lms.exchange.actions import store_package
from lms.exchange.case.addresses import ROOT
from lms.exchange.case.reading import package_of
from lms.exchange.case.writing import case_of
from lms.exchange.models import FrameworkPackage, PackageItem
from lms.exchange.queries.programmes import package_of_version
from tests.exchange.packages import association, large_package, node, small_package
from tests.factories import NOW, Ward, make_organisation, person_with, programme_version
from tests.pages import Browser

ClientOf = Callable[[User | None], Browser]


@pytest.fixture
def ward(session: Session) -> Ward:
    """Return a hospital with its people."""
    return Ward(session)


@pytest.fixture
def lead(ward: Ward, client_of: ClientOf) -> Browser:
    """Return the browser of its programme lead."""
    return client_of(ward.lead)


def stored(session: Session, ward: Ward, package: Any) -> FrameworkPackage:
    """Store a package for the hospital."""
    owner = {"organisation_id": ward.organisation.id, "alliance_id": None}
    row = store_package(session, package_of(package, "x"), None, owner=owner, codec="case", at=NOW)
    session.flush()
    return row


def item_of(session: Session, statement: str) -> PackageItem:
    return session.scalars(select(PackageItem).where(PackageItem.statement == statement)).one()


def test_a_small_framework_is_one_tree(lead: Browser, session: Session, ward: Ward) -> None:
    package = stored(session, ward, small_package())
    page = lead.get(f"/packages/{package.id}")
    assert page.heading == "Small"
    assert page.text.index("First") < page.text.index("Third") < page.text.index("Second, é")
    lists = page.tree.findall(".//main//ul/li/ul/li")
    assert len(lists) == 2
    assert "Domain (1), EPA (2)" in page.text


def test_a_large_framework_is_read_level_by_level_and_its_page_stays_light(
    lead: Browser, session: Session, ward: Ward
) -> None:
    package = stored(session, ward, large_package(3000))
    page = lead.get(f"/packages/{package.id}")
    assert len(page.source) < 100_000
    assert "Open an item to see what is under it" in page.text
    assert "100 items under it" in page.text
    below = lead.get(f"/packages/{package.id}/items/{item_of(session, 'Item 1').id}")
    assert "Item 199" in below.text
    assert "Item 200" not in below.text


def test_a_long_level_comes_in_pages(lead: Browser, session: Session, ward: Ward) -> None:
    package = large_package(450)
    package["CFAssociations"] = []
    shown = stored(session, ward, package)
    page, seen = lead.get(f"/packages/{shown.id}"), 0
    while True:
        seen += page.source.count("/items/")
        following = [link for link in page.links() if "after=" in link]
        if not following:
            break
        page = lead.get(following[0])
    assert seen == 450


def test_a_tree_that_is_too_deep_is_read_level_by_level_too(lead: Browser, session: Session, ward: Ward) -> None:
    package = large_package(50)
    package["CFAssociations"] = [association(900 + n, 100 + n, 99 + n) for n in range(1, 50)]
    shown = stored(session, ward, package)
    assert "1 item under it" in lead.get(f"/packages/{shown.id}").text
    deepest = lead.get(f"/packages/{shown.id}/items/{item_of(session, 'Item 49').id}")
    assert "Item 48" in " ".join(deepest.tree.find(".//nav[@class='trail']").itertext())  # type: ignore[union-attr]


def test_an_item_says_everything_that_its_maker_says_and_what_it_is_related_to(
    lead: Browser, session: Session, ward: Ward
) -> None:
    package = stored(session, ward, small_package())
    first = lead.get(f"/packages/{package.id}/items/{item_of(session, 'First').id}")
    assert '{"deep": [1, 2.5, null, {"yes": true}]}' in first.text
    second = lead.get(f"/packages/{package.id}/items/{item_of(session, 'Second, é').id}")
    assert "Is the same as: A link" in second.text
    assert "isChildOf" not in second.text


def test_an_item_shows_the_levels_at_which_it_is_judged(lead: Browser, session: Session, ward: Ward) -> None:
    package = stored(session, ward, case_of(package_of_version(session, programme_version(session))))
    epa = item_of(session, "Zorgdragen voor de oncologische zorgvrager in de behandelfase")
    page = lead.get(f"/packages/{package.id}/items/{epa.id}")
    assert "4 Zelfstandig Voert geheel zelfstandig uit Verwacht:" in page.text
    domain = session.scalars(select(PackageItem).where(PackageItem.item_type == "Domein")).first()
    assert domain is not None
    assert "The levels at which" not in lead.get(f"/packages/{package.id}/items/{domain.id}").text


def test_a_rubric_of_a_strange_shape_does_not_break_a_page(lead: Browser, session: Session, ward: Ward) -> None:
    package = small_package()
    about = {"CFItemURI": {"identifier": node(11)["identifier"]}}
    odd: list[Any] = [
        *(about, 7, None, about | {"CFRubricCriterionLevels": 7}),
        about | {"CFRubricCriterionLevels": [3, {"quality": None, "description": ["x"]}]},
    ]
    package["CFRubrics"] = [node(41, CFRubricCriteria=odd), node(42, CFRubricCriteria="none")]
    shown = stored(session, ward, package)
    assert lead.get(f"/packages/{shown.id}/items/{item_of(session, 'First').id}").heading == "A"


def test_markup_of_others_is_shown_as_text(lead: Browser, session: Session, ward: Ward) -> None:
    package = small_package(statement="<script>alert(1)</script>\n\n**bold** <img src=x onerror=alert(1)>")
    package["CFDocument"] |= {"title": "<b>Title</b>", "description": "<i>said</i>", "uri": "javascript:alert(1)"}
    shown = stored(session, ward, package)
    for path in (f"/packages/{shown.id}", "/packages"):
        assert "<b>Title" not in lead.get(path).source
    item = session.scalars(select(PackageItem).where(PackageItem.position == 0)).one()
    page = lead.get(f"/packages/{shown.id}/items/{item.id}")
    assert "<script>alert" not in page.source
    assert not [link for link in page.tree.iter("a") if (link.get("href") or "").startswith("javascript")]


def test_odd_fields_of_others_do_not_break_a_page(lead: Browser, session: Session, ward: Ward) -> None:
    package = {
        "CFDocument": {"identifier": "d", "title": 7, "creator": ["x"], "description": {"a": 1}, "uri": None},
        "CFItems": [{"identifier": "a/b?c#d", "fullStatement": None, "CFItemType": 5, "humanCodingScheme": []}],
        "CFAssociations": [{"identifier": "e", "associationType": None, "originNodeURI": "a/b?c#d"}],
    }
    shown = stored(session, ward, package)
    assert lead.get(f"/packages/{shown.id}").heading == "d"
    item = session.scalars(select(PackageItem)).one()
    assert lead.get(f"/packages/{shown.id}/items/{item.id}").heading == "a/b?c#d"


def test_a_framework_is_taken_away_whole_and_that_is_noted(lead: Browser, session: Session, ward: Ward) -> None:
    package = stored(session, ward, small_package())
    page = lead.get(f"/packages/{package.id}")
    answer = lead.send_raw(f"/packages/{package.id}/file", {"format": "case"})
    assert json.loads(answer.data) == small_package()
    assert answer.headers["Content-Disposition"] == "attachment; filename=small.case.json"
    (entry,) = audit.trail_of(session, subject=package.id)
    assert (entry.action, entry.actor_id) == ("package.taken_away", ward.lead.id)
    assert page.form("/file").find(".//button[@value='case']") is not None
    assert lead.post(f"/packages/{package.id}/file", {"format": "pdf"}, status=422).heading == "Small"


def test_a_framework_is_opened_to_everybody_and_closed_again(
    lead: Browser, session: Session, ward: Ward, client_of: ClientOf
) -> None:
    package = stored(session, ward, small_package())
    address = f"{ROOT}/CFPackages/{node(1)['identifier']}"
    stranger, elsewhere = client_of(None), client_of(person_with(session, Role.AUDITOR, make_organisation(session)))
    assert stranger.raw(address).status_code == 404
    elsewhere.get(f"/packages/{package.id}", status=404)
    lead.send(lead.get(f"/packages/{package.id}"), action="/open")
    assert stranger.raw(address).status_code == 200
    assert elsewhere.get(f"/packages/{package.id}").heading == "Small"
    lead.send(lead.get(f"/packages/{package.id}"), action="/close")
    assert stranger.raw(address).status_code == 404
    actions = [entry.action for entry in audit.trail_of(session, subject=package.id)]
    assert actions == ["package.opened", "package.closed"]


@pytest.mark.parametrize(("path", "most"), [("", 9), ("/items/{item}", 10)])
def test_a_page_takes_few_statements_whatever_the_size(
    lead: Browser, session: Session, ward: Ward, statements: list[str], path: str, most: int
) -> None:
    package = stored(session, ward, large_package(1000))
    item = item_of(session, "Item 1")
    address = f"/packages/{package.id}" + path.format(item=item.id)
    lead.get(address)
    statements.clear()
    lead.get(address)
    assert len(statements) <= most, "\n".join(statements)


def test_the_preview_of_many_lines_comes_in_pages(lead: Browser, session: Session) -> None:
    from tests.exchange.files import hand_in, read
    from tests.exchange.packages import as_file

    hand_in(lead, as_file(large_package(150)))
    one = read(session)
    assert one.counts["new"] == 301
    page, seen = lead.get(f"/imports/{one.id}?change=new"), 0
    while True:
        seen += len(page.tree.findall(".//main//table[1]/tbody/tr"))
        following = [link for link in page.links() if "after=" in link]
        if not following:
            break
        page = lead.get(following[0])
    assert seen >= 301
    assert session.scalar(select(func.count()).select_from(FrameworkPackage)) == 0
