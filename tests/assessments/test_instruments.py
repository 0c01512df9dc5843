"""Instruments as data: a request keeps the version of its form, and what is answered to its items is kept and shown."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.curricula import ResultKind
from competencies.errors import RuleBroken
from competencies.instruments import InstrumentForm, ItemKind, check_items, items_from, length_of
from competencies.observations import ActivityKind, AssessmentStatus
from competencies.scales import Direction
from lms.accounts.models import User
from lms.assessments.models import Assessment
from lms.curriculum import models
from lms.curriculum.actions import load_vocabulary
from lms.curriculum.queries import instrument_forms, vocabulary_document
from lms.curriculum.schemas.source import Document
from lms.standings.queries import standings_of
from tests.assessments.requests import ask_for
from tests.factories import NOW, Ward
from tests.logbook.activities import log_activity
from tests.pages import Browser

ClientOf = Callable[[User | None], Browser]
TITLE = {"nl": "Vraag", "en": "Question"}
STEPS = [{"key": "low", "title": TITLE}, {"key": "high", "title": TITLE}]


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


@pytest.fixture
def trainer(ward: Ward, client_of: ClientOf) -> Browser:
    return client_of(ward.trainer)


def of_kind(kind: ItemKind, *, required: bool = False) -> list[dict[str, object]]:
    """Return a form of one item of that kind, as it is written."""
    item: dict[str, object] = {"key": "a", "kind": kind.value, "title": TITLE, "required": required}
    return [item | ({"steps": STEPS} if kind is ItemKind.RUBRIC else {})]


FITTING = [
    (ItemKind.LEVEL, "3", "9"),
    (ItemKind.RUBRIC, "low", "3"),
    (ItemKind.YES_NO, False, "no"),
    (ItemKind.SHORT_TEXT, "Calm", "x" * 201),
    (ItemKind.LONG_TEXT, "Calm", " "),
    (ItemKind.COUNTER, 0, True),
]


@pytest.mark.parametrize(("kind", "good", "bad"), FITTING)
def test_an_answer_is_of_the_kind_that_the_item_asks(kind: ItemKind, good: object, bad: object) -> None:
    items = items_from(of_kind(kind), ResultKind.LEVEL)
    check_items(items, {"a": good}, levels=["3"])
    check_items(items, {}, levels=["3"])
    with pytest.raises(RuleBroken, match="item_unfit"):
        check_items(items, {"a": bad}, levels=["3"])


def test_what_is_required_is_there_and_nothing_that_was_not_asked() -> None:
    items = items_from(of_kind(ItemKind.YES_NO, required=True), ResultKind.LEVEL)
    with pytest.raises(RuleBroken, match="item_missing"):
        check_items(items, {}, levels=[])
    with pytest.raises(RuleBroken, match="item_unknown"):
        check_items(items, {"a": True, "b": 1}, levels=[])


def test_the_shipped_forms_ask_for_all_that_is_known_and_keep_within_the_time_at_the_bedside(
    session: Session,
) -> None:
    forms = {form.instrument_key: form for form in instrument_forms(session)}
    wanted = {"kpb", "osats", "cbd", "ebd", "msf", "simulation", "knowledge_test", "practical_test", "product"}
    assert wanted | {"handover", "reflection", "presentation"} <= forms.keys()
    assert {key for key, form in forms.items() if form.direction is Direction.PROSPECTIVE} == {"ebd"}
    results = {row.key: row.result for row in session.scalars(select(models.AssessmentInstrument))}
    for key, form in forms.items():
        value = InstrumentForm(
            instrument=key,
            version=form.version,
            direction=form.direction,
            items=items_from(form.items, results[key]),
        )
        length = length_of(value, results[key], question=8)
        assert not any(item.required for item in value.items)
        assert length.seconds <= (60 if key == "msf" else 35), "a feedback round is answered at a desk"
    assert len({item["kind"] for form in forms.values() for item in form.items}) >= 5


def test_a_request_keeps_the_version_it_was_asked_with(session: Session, ward: Ward) -> None:
    first = ask_for(session, ward, log_activity(session, ward))
    data = vocabulary_document(session)
    kpb = next(one for one in data["instruments"] if one["key"] == "kpb")
    kpb["forms"] = [*kpb["forms"], kpb["forms"][0] | {"version": 2, "items": []}]
    assert load_vocabulary(session, Document("vocabulary.yaml", data, {}), by=None, at=NOW)
    second = ask_for(session, ward, log_activity(session, ward))
    assert first.instrument_form is not None
    assert second.instrument_form is not None
    assert (first.instrument_form.version, second.instrument_form.version) == (1, 2)


def test_a_published_version_never_changes(session: Session) -> None:
    data = vocabulary_document(session)
    kpb = next(one for one in data["instruments"] if one["key"] == "kpb")
    kpb["forms"] = [kpb["forms"][0] | {"items": []}]
    with pytest.raises(RuleBroken, match="version_published"):
        load_vocabulary(session, Document("vocabulary.yaml", data, {}), by=None, at=NOW)


def test_what_is_answered_to_the_items_is_kept_and_shown(
    session: Session, ward: Ward, trainer: Browser, client_of: ClientOf
) -> None:
    asked = ask_for(session, ward, log_activity(session, ward, kind=ActivityKind.PROCEDURE), instrument="osats")
    form = trainer.get(f"/assessments/{asked.id}/submit")
    assert "Preparation" in form.text
    trainer.send(form, {"level": "3", "item_preparation": "above"}, action="/submit")
    assert asked.answers == {"preparation": "above"}
    read = client_of(ward.trainee).get(f"/assessments/{asked.id}").text
    assert "Preparation" in read
    assert "Above expectation" in read


def test_an_item_in_words_is_guarded_and_comes_back_from_a_draft(
    session: Session, ward: Ward, trainer: Browser
) -> None:
    asked = ask_for(session, ward, log_activity(session, ward))
    form = trainer.get(f"/assessments/{asked.id}/submit")
    said = {"level": "3", "item_agreement": "Mevrouw de Vries, geboren 12-03-1951"}
    assert "This is not about a patient" in trainer.send(form, said, action="/submit", status=422).text
    data = form.filled(form.form("/submit"), {"item_agreement": "Call sooner"})
    again = trainer.post(f"/assessments/{asked.id}/draft", data, token=False)
    assert 'value="Call sooner"' in again.source
    trainer.send(again, {"level": "3"}, action="/submit")
    assert asked.answers == {"agreement": "Call sooner"}


def test_looking_ahead_is_asked_in_its_own_words_and_moves_no_last_rating(
    session: Session, ward: Ward, trainer: Browser
) -> None:
    asked = ask_for(session, ward, log_activity(session, ward, kind=ActivityKind.CASE_DISCUSSION), instrument="ebd")
    assert asked.direction is Direction.PROSPECTIVE
    form = trainer.get(f"/assessments/{asked.id}/submit")
    assert "What supervision is needed next time?" in form.text
    trainer.send(form, {"level": "4", "item_risks": "yes"}, action="/submit")
    assert (asked.status, asked.answers) == (AssessmentStatus.SUBMITTED, {"risks": True})
    row = standings_of(session, [ward.enrolment.id])[ward.enrolment.id, asked.epa_id]
    assert (row.last_rating_code, row.rating_count) == (None, 1)


def test_the_form_of_a_programme_asks_its_own_items(session: Session) -> None:
    ward = Ward(session, programme="medisch-leiderschap")
    form = session.scalars(select(models.AssessmentForm).where(models.AssessmentForm.key == "kpb-leadership")).one()
    requirement = session.scalars(
        select(models.EpaRequirement).where(models.EpaRequirement.form_id == form.id).limit(1)
    ).one()
    epa = session.get_one(models.Epa, requirement.epa_id)
    asked: Assessment = ask_for(session, ward, log_activity(session, ward, epa.key), form="kpb-leadership")
    assert (asked.form_id, asked.instrument_form_id) == (form.id, None)
