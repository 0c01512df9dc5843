"""A scale that is worded anew is another version: what was rated and decided before keeps its words everywhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from competencies.answers import Answer
from lms.accounts.models import User
from lms.assessments.actions import submit
from lms.assessments.values import rating_scale, seen_version
from lms.curriculum.actions import load_programme
from lms.curriculum.models import Epa
from lms.entrustment.models import Decision
from lms.logbook.models import ActivityEpa
from tests.assessments.requests import ask_for
from tests.curriculum.test_constructs import data_of, document, reworded
from tests.factories import NOW, Ward
from tests.logbook.activities import log_activity
from tests.pages import Browser
from tests.reports.cohorts import Class

ClientOf = Callable[[User | None], Browser]


def given_at_level_two(session: Session, ward: Ward) -> str:
    """Let the trainer give an assessment at level 2, and return the address of its page."""
    asked = ask_for(session, ward, log_activity(session, ward))
    scale = rating_scale(asked)
    assert scale is not None
    submit(session, asked, Answer(level=scale.level("2")), seen=seen_version(asked), by=ward.trainer, at=NOW)
    return f"/assessments/{asked.id}"


def test_a_rating_a_decision_and_every_export_keep_the_words_that_they_were_given_in(
    session: Session, client_of: ClientOf
) -> None:
    ward = Class(session)
    decision = session.scalars(select(Decision.id).limit(1)).one()
    report = f"/cohorts/{ward.cohort.id}/report"
    paths = (given_at_level_two(session, ward), f"/decisions/{decision}", report)
    lead = client_of(ward.lead)

    def shown() -> list[str]:
        pages = [lead.get(path).text for path in paths]
        files = [lead.send_raw(f"{report}/file", {"format": kind}).text for kind in ("csv", "json")]
        return [*pages, *files]

    before = shown()
    reworded(session)
    after = shown()
    assert after == before
    assert "2 Direct supervision" in after[0]
    assert all("Direct supervision" in text for text in after[2:])
    assert not any("Together" in text for text in after)


def test_who_rates_for_the_old_programme_reads_the_old_words_and_for_the_new_one_the_new(
    session: Session, client_of: ClientOf
) -> None:
    old = Ward(session)
    reworded(session)
    data = data_of("oncologieverpleegkundige")
    data["programme"] |= {"version": "later", "default_scale": {"id": "nl-bekwaamheid-5", "version": 2}}
    for epa in data["epas"]:
        if epa["scale"]:
            epa["scale"] = {"id": "nl-bekwaamheid-5", "version": 2}
    later = load_programme(session, document(data), by=None, at=NOW + timedelta(days=1)).version_id
    asked = ask_for(session, old, log_activity(session, old))
    words = client_of(old.trainer).get(f"/assessments/{asked.id}/submit").text
    assert "2 Direct supervision Performs with the supervisor in the same room (proactive)" in words
    assert "I had to be there" not in words
    new = Ward(session)
    activity = log_activity(session, new)
    newer = session.scalars(select(Epa.id).where(Epa.programme_version_id == later, Epa.key == "onc-k2")).one()
    session.execute(update(ActivityEpa).where(ActivityEpa.activity_id == activity.id).values(epa_id=newer))
    session.expire(activity, ["epas"])
    session.refresh(activity, ["epas"])
    asked = ask_for(session, new, activity)
    words = client_of(new.trainer).get(f"/assessments/{asked.id}/submit").text
    assert "2 Together I had to be there" in words


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_level_without_a_wording_of_its_own_says_what_it_means(
    session: Session, client_of: ClientOf, language: str
) -> None:
    ward = Ward(session)
    ward.trainer.language = language
    asked = ask_for(session, ward, log_activity(session, ward))
    scale = rating_scale(asked)
    assert scale is not None
    words = client_of(ward.trainer).get(f"/assessments/{asked.id}/submit").text
    assert all(level.meaning[language] in words for level in scale.levels)
