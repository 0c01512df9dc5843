"""Scales and the vocabulary as files: seen before they count, loaded for everybody by a coordinator alone."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from competencies.catalogue import catalogue_files
from competencies.people import Role
from lms.accounts.models import User
from lms.core import audit
from lms.curriculum.actions import load_shipped
from lms.curriculum.models import CatalogueFile, RatingScale, VocabularyTerm
from lms.curriculum.queries import scales_document, vocabulary_document
from lms.curriculum.schemas.files import read_file
from lms.curriculum.schemas.shared import TERM_KINDS
from lms.curriculum.schemas.writing import as_json, as_yaml
from lms.exchange.models import ImportState
from lms.exchange.words import SHARED
from tests.exchange.files import apply, hand_in, lines, newest, press_import, read
from tests.factories import NOW, Ward, make_alliance, person_with
from tests.pages import Browser

ClientOf = Callable[[User | None], Browser]


@pytest.fixture
def ward(session: Session) -> Ward:
    """Return a hospital with its people."""
    return Ward(session)


@pytest.fixture
def coordinator(ward: Ward, session: Session, client_of: ClientOf) -> Browser:
    """Return the browser of the coordinator of its alliance."""
    return client_of(person_with(session, Role.REGIONAL_COORDINATOR, make_alliance(session, ward.organisation)))


def newer_scale(session: Session) -> dict[str, Any]:
    """Return the file of scales with a newer version of the first, worded otherwise."""
    data = deepcopy(scales_document(session))
    newer = deepcopy(data["scales"][0])
    newer |= {"version": 99, "title": {"nl": "Beter verwoord", "en": "Worded better"}}
    data["scales"].append(newer)
    return data


@pytest.mark.parametrize(("write", "name"), [(as_yaml, "scales.yaml"), (as_json, "scales.json")])
def test_a_newer_scale_is_previewed_and_loaded_and_the_older_one_stays(
    coordinator: Browser, session: Session, write: Callable[[Any], bytes], name: str
) -> None:
    before = session.query(RatingScale).count()
    hand_in(coordinator, write(newer_scale(session)), name=name)
    one = read(session)
    assert one.state is ImportState.READY
    assert ("new", "scales", "Beter verwoord 99") in lines(session, one)
    assert one.counts["new"] == 1
    assert "removed" not in one.counts
    assert session.query(RatingScale).count() == before
    assert "for all programmes of all organisations" in coordinator.get(f"/imports/{one.id}").text
    press_import(coordinator, one.id)
    assert apply(session).state is ImportState.APPLIED
    assert session.query(RatingScale).count() == before + 1
    assert "/scales" in coordinator.get(f"/imports/{one.id}").links()
    file = session.scalars(select(CatalogueFile).where(CatalogueFile.name == "scales")).one()
    assert audit.trail_of(session, subject=file.id)[-1].actor_id == one.uploaded_by_id


def test_the_same_file_again_changes_nothing(coordinator: Browser, session: Session) -> None:
    for document in (scales_document(session), vocabulary_document(session)):
        hand_in(coordinator, as_yaml(document), name="f.yaml")
        assert set(read(session).counts) == {"unchanged"}


def test_a_scale_that_changes_under_its_version_is_refused_at_the_preview(
    coordinator: Browser, session: Session
) -> None:
    data = scales_document(session)
    data["scales"][0] = data["scales"][0] | {"title": {"nl": "Anders", "en": "Other"}}
    hand_in(coordinator, as_yaml(data), name="scales.yaml")
    one = read(session)
    assert one.state is ImportState.REFUSED
    assert "is loaded already, with other content" in coordinator.get(f"/imports/{one.id}").text


def test_words_of_the_vocabulary_change_and_a_key_that_is_gone_is_refused(
    coordinator: Browser, session: Session
) -> None:
    data = vocabulary_document(session)
    word = data["audiences"][0]
    word["title"] = {"nl": "Anders gezegd", "en": "Said otherwise"}
    hand_in(coordinator, as_yaml(data), name="vocabulary.yaml")
    one = read(session)
    assert ("changed", "audiences", "Anders gezegd") in lines(session, one)
    press_import(coordinator, one.id)
    assert apply(session).state is ImportState.APPLIED
    assert (
        session.scalars(
            select(VocabularyTerm.title).where(VocabularyTerm.kind == "audiences", VocabularyTerm.key == word["key"])
        ).one()
        == word["title"]
    )
    del data["audiences"][0]
    hand_in(coordinator, as_yaml(data), name="vocabulary.yaml")
    assert read(session).state is ImportState.REFUSED
    assert "is gone from the file" in coordinator.get(f"/imports/{newest(session).id}").text


def test_a_programme_lead_sees_the_preview_and_does_not_change_the_scales_of_others(
    ward: Ward, session: Session, client_of: ClientOf
) -> None:
    lead = client_of(ward.lead)
    hand_in(lead, as_yaml(newer_scale(session)), name="scales.yaml")
    one = read(session)
    assert "a regional coordinator imports them" in " ".join(lead.get(f"/imports/{one.id}").text.split())
    lead.post(f"/imports/{one.id}/apply", status=403)


HELD = text("SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")


def test_people_of_two_alliances_and_a_start_take_turns_on_what_all_share(
    coordinator: Browser, session: Session, client_of: ClientOf
) -> None:
    scales = catalogue_files()["scales"]
    load_shipped(session, read_file(scales), by=None, at=NOW)
    (turn,) = session.scalars(HELD)
    other = client_of(person_with(session, Role.REGIONAL_COORDINATOR, make_alliance(session)))
    for browser, words in ((coordinator, "Anders gezegd"), (other, "Weer anders gezegd")):
        data = vocabulary_document(session)
        data["audiences"][0]["title"] = {"nl": words, "en": words}
        hand_in(browser, as_yaml(data), name="vocabulary.yaml")
        press_import(browser, read(session).id)
        held = set(session.scalars(HELD))
        assert apply(session).state is ImportState.APPLIED
        assert set(session.scalars(HELD)) == held
    assert turn in held


def test_every_list_of_the_shared_files_has_words(session: Session) -> None:
    named = {*TERM_KINDS, *vocabulary_document(session), "scales"} - {"schema", "sources"}
    assert named <= SHARED.keys()
