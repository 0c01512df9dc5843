"""The pages on scales, frameworks and crosswalks, and on the parts of EPAs that not every programme uses."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.accounts.models import User
from lms.curriculum.actions import load_programme
from lms.curriculum.models import CompetencyDomain, Epa, Framework, RatingScale
from tests.curriculum.test_constructs import (
    admitted,
    competent_in_elements,
    data_of,
    document,
    loaded_with_hours,
    nested,
    reworded,
    scoped_elsewhere,
)
from tests.factories import NOW, make_user
from tests.pages import Browser, Page, text_of

ClientOf = Callable[[User | None], Browser]


@pytest.fixture
def english(session: Session, client_of: ClientOf) -> Browser:
    return client_of(make_user(session, language="en"))


@pytest.fixture
def dutch(session: Session, client_of: ClientOf) -> Browser:
    return client_of(make_user(session, language="nl"))


def framework_id(session: Session, key: str) -> UUID:
    return session.scalars(select(Framework.id).where(Framework.key == key)).one()


def crosswalk_page(browser: Browser, session: Session, one: str, other: str) -> Page:
    return browser.get(f"/frameworks/{framework_id(session, one)}/crosswalk/{framework_id(session, other)}")


def rows_of(page: Page) -> list[str]:
    return [text_of(row) for row in page.tree.iter("tr")]


def test_the_list_shows_every_framework_with_its_domains_and_where_it_is_from(english: Browser) -> None:
    words = english.get("/frameworks").text
    assert "CanMEDS areas in Dutch use Version 1 · 7 domains · shared by all programmes" in words
    assert "Dutch medical leadership framework Version 1.0 · 12 domains · Medical leadership" in words


def test_a_framework_shows_licence_domains_indicators_by_level_and_what_corresponds(
    english: Browser, session: Session
) -> None:
    words = english.get(f"/frameworks/{framework_id(session, 'rml')}").text
    assert "Owner Platform Medisch Leiderschap / Universiteit Twente" in words
    assert "Licence (c) 2015 Platform Medisch Leiderschap" in words
    assert "Frontline leadership Puts into words what good care for the own patients asks Draft" in words
    assert "Achieve results LEADS (Canada) Draft" in words
    assert "(to confirm) efficient organisation Text not known yet" in words
    assert "its place in the order is not known" in words
    assert "EPAs that name it Leading a quality improvement project" in words


def test_a_framework_shows_its_elements_and_reads_the_crosswalk_backwards(english: Browser, session: Session) -> None:
    words = english.get(f"/frameworks/{framework_id(session, 'canmeds-leader')}").text
    assert "Apply improvement methods Draft" in words
    assert "Leading from vision Dutch medical leadership framework Draft" in words


def test_a_framework_leads_to_every_one_that_it_can_be_compared_with(english: Browser, session: Session) -> None:
    page = english.get(f"/frameworks/{framework_id(session, 'leads')}")
    others = {framework_id(session, key) for key in ("rml", "mlcf", "canmeds-leader")}
    assert {link for link in page.links() if "/crosswalk/" in link} == {
        f"/frameworks/{framework_id(session, 'leads')}/crosswalk/{other}" for other in others
    }
    shared = english.get(f"/frameworks/{framework_id(session, 'canmeds-nl')}")
    assert not [link for link in shared.links() if "/crosswalk/" in link]


@pytest.mark.parametrize("key", ["rml", "canmeds-leader", "leads", "mlcf", "canmeds-nl"])
def test_every_link_of_a_framework_leads_to_a_place_that_is_there(english: Browser, session: Session, key: str) -> None:
    page = english.get(f"/frameworks/{framework_id(session, key)}")
    anchors = {link for link in page.links() if "#" in link}
    for link in anchors:
        path, _, anchor = link.partition("#")
        assert anchor in {element.get("id") for element in english.get(path).tree.iter("section")}, link


def test_a_crosswalk_is_a_table_with_the_gaps_of_both_sides(english: Browser, session: Session) -> None:
    page = crosswalk_page(english, session, "rml", "leads")
    rows = rows_of(page)
    assert rows[0] == "Dutch medical leadership framework LEADS (Canada)"
    assert "Leading from vision Achieve results Draft" in rows
    matched = session.scalars(select(Framework).where(Framework.key == "rml")).one()
    assert len(rows) == 1 + len(session.scalars(select(CompetencyDomain).filter_by(framework_id=matched.id)).all())
    assert "Only in LEADS (Canada)" in page.text


def test_a_crosswalk_reads_the_other_way_round(english: Browser, session: Session) -> None:
    page = crosswalk_page(english, session, "leads", "rml")
    row = next(row for row in rows_of(page) if row.startswith("Achieve results"))
    assert "Leading from vision Draft" in row


def test_a_crosswalk_that_nobody_made_says_what_it_is_concluded_from(dutch: Browser, session: Session) -> None:
    page = crosswalk_page(dutch, session, "leads", "mlcf")
    assert "Niemand heeft deze twee zelf vergeleken" in page.text
    row = next(row for row in rows_of(page) if row.startswith("Behaal resultaat"))
    assert (
        "Richting bepalen Afgeleid, nog te bevestigen via “Leiden vanuit visie” (Raamwerk Medisch Leiderschap)" in row
    )


def test_frameworks_with_nothing_in_common_are_all_gaps(english: Browser, session: Session) -> None:
    page = crosswalk_page(english, session, "canmeds-nl", "leads")
    assert "0 domains have a counterpart, 7 have none." in page.text
    assert rows_of(page)[1] == "Professional expertise No counterpart"


def test_a_relation_is_said_from_the_side_of_the_counterpart(english: Browser, session: Session) -> None:
    data = data_of("medisch-leiderschap")
    data["programme"]["version"] = "changed"
    data["crosswalk"][0]["relation"] = "broader"
    version = load_programme(session, document(data), by=None, at=NOW).version_id
    keys = {row.key: row.id for row in session.scalars(select(Framework).filter_by(programme_version_id=version))}
    there = english.get(f"/frameworks/{keys['rml']}/crosswalk/{keys['leads']}")
    assert "Leading from vision Narrower: Achieve results Draft" in rows_of(there)
    back = english.get(f"/frameworks/{keys['leads']}/crosswalk/{keys['rml']}")
    assert any(row.startswith("Achieve results Broader: Leading from vision Draft") for row in rows_of(back))


def test_what_is_not_there_is_not_found(english: Browser, session: Session) -> None:
    english.get(f"/frameworks/{uuid4()}", status=404)
    english.get(f"/frameworks/{framework_id(session, 'rml')}/crosswalk/{uuid4()}", status=404)
    english.get(f"/scales/{uuid4()}", status=404)


def scale_id(session: Session, key: str, version: int = 1) -> UUID:
    return session.scalars(select(RatingScale.id).where(RatingScale.key == key, RatingScale.version == version)).one()


def test_a_scale_shows_its_levels_in_order_and_the_first_that_entrusts(english: Browser, session: Session) -> None:
    page = english.get(f"/scales/{scale_id(session, 'chen-sublevels')}")
    rows = rows_of(page)[1:]
    assert [row.split()[0] for row in rows] == ["1a", "1b", "2a", "2b", "3a", "3b", "3c", "4", "5"]
    assert [row.startswith("4 ") for row in rows if "Entrusted from this level on" in row] == [True]
    assert "3b Key findings checked a part of level 3" in rows[5]
    assert "Looking back What supervision was given in this activity?" in page.text
    assert "Chosen by The assessor · Who decides" in page.text


def test_a_scale_shows_where_it_is_used(english: Browser, session: Session) -> None:
    words = english.get(f"/scales/{scale_id(session, 'nl-bekwaamheid-5')}").text
    assert "Medical leadership for trainers, 2026.1-draft 3 EPAs" in words
    words = english.get(f"/scales/{scale_id(session, 'rubric-3')}").text
    assert "Assessed product" in words
    assert "No level of this scale entrusts anybody with anything." in words


def test_a_reworded_scale_leaves_the_page_of_the_old_one_as_it_was(english: Browser, session: Session) -> None:
    before = rows_of(english.get(f"/scales/{scale_id(session, 'nl-bekwaamheid-5')}"))
    reworded(session)
    old = english.get(f"/scales/{scale_id(session, 'nl-bekwaamheid-5')}")
    assert rows_of(old) == before
    assert "There is a newer version of this scale" in old.text
    new = english.get(f"/scales/{scale_id(session, 'nl-bekwaamheid-5', 2)}")
    assert "I had to be there" in new.text
    assert "No programme uses this scale yet." not in old.text
    assert "No programme uses this scale yet." in new.text
    assert "Older version" in english.get("/scales").text


def changed_epa(session: Session, change: Callable[[dict[str, object]], None], number: int = 0) -> UUID:
    """Load the course of trainers with that change, and return one of its EPAs."""
    data = data_of("opleiders")
    data["programme"]["version"] = "changed"
    change(data)
    version = load_programme(session, document(data), by=None, at=NOW).version_id
    return session.scalars(
        select(Epa.id).where(Epa.programme_version_id == version).order_by(Epa.position).offset(number).limit(1)
    ).one()


def test_an_epa_shows_what_it_is_part_of_and_what_it_holds(english: Browser, session: Session) -> None:
    epas = data_of("opleiders")["epas"]
    words = english.get(f"/epas/{changed_epa(session, nested, 2)}").text
    assert f"This EPA is part of: {epas[1]['title']['en']}" in words
    assert f"This EPA holds: {epas[0]['title']['en']}" in words
    version = session.scalars(select(Epa.programme_version_id).order_by(Epa.id.desc()).limit(1)).one()
    rows = rows_of(english.get(f"/programmes/{version}"))
    assert [row.startswith(epas[number]["title"]["en"]) for number, row in zip((1, 2, 0), rows[1:], strict=False)]
    assert f"part of “{epas[2]['title']['en']}”" in rows[3]


def test_an_epa_shows_who_may_begin_on_it_and_how_long_it_takes(english: Browser, session: Session) -> None:
    page = english.get(f"/epas/{changed_epa(session, admitted)}")
    assert "To begin on this EPA BIG-registratie Draft" in page.text
    assert "To begin on this EPA" not in english.get(f"/epas/{changed_again(session)}").text


def changed_again(session: Session) -> UUID:
    return session.scalars(select(Epa.id).where(Epa.key == "train-02").order_by(Epa.id.desc()).limit(1)).one()


def test_an_epa_shows_its_study_load(english: Browser, session: Session) -> None:
    assert (
        "Hours of practice, at least 120 Draft" in english.get(f"/epas/{changed_epa(session, loaded_with_hours)}").text
    )


def test_an_epa_names_elements_of_any_framework_with_their_domain(english: Browser, session: Session) -> None:
    words = english.get(f"/epas/{changed_epa(session, competent_in_elements)}").text
    assert "Apply improvement methods, Improve care delivery CanMEDS 2015, Leader role" in words
    assert "Foster development, Engage others LEADS (Canada)" in words


def test_an_epa_names_where_options_belong_in_this_and_in_other_programmes(english: Browser, session: Session) -> None:
    titles = dict(session.execute(select(Epa.key, Epa.title)).all())
    words = english.get(f"/epas/{changed_epa(session, scoped_elsewhere)}").text
    assert f"“there” does not belong to this EPA. It is decided on in “{titles['train-02']['en']}”." in words
    assert f"“far” does not belong to this EPA. It is decided on in “{titles['lead-01']['en']}”." in words


def test_an_epa_marks_that_it_is_the_same_for_several_functions(english: Browser, session: Session) -> None:
    epa = session.scalars(select(Epa).where(Epa.key == "onc-k4")).one()
    assert epa.function_transcending
    words = english.get(f"/epas/{epa.id}").text
    assert "a declaration moves along to another function after a short induction there" in words


def test_an_epa_says_which_reserved_actions_need_an_order_and_which_are_to_be_confirmed(
    english: Browser, session: Session
) -> None:
    epa = session.scalars(select(Epa.id).where(Epa.key == "onc-s1")).one()
    words = english.get(f"/epas/{epa}").text
    assert "Injection only on the order of somebody who is authorised, such as a doctor" in words
    assert "Blood transfusion only on the order" in words
    assert words.count("Still to be confirmed") == 2
