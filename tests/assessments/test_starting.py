"""An assessor begins by themselves: what a trainee did and its rating are stored in one step, seen and told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from competencies.errors import RuleBroken
from competencies.observations import AssessmentStatus
from competencies.people import Role
from lms.accounts.models import User
from lms.assessments import start_drafts
from lms.assessments.models import Assessment, StartDraft
from lms.assessments.queries import loads_of, observations_of, trainees_to_assess
from lms.cohorts.models import Enrolment
from lms.core.audit import AuditEntry
from lms.core.keys import uuid7
from lms.logbook.models import Activity, ActivityVersion
from lms.notices.models import Notice, NoticeKind
from lms.standings.queries import standings_of
from tests.assessments.requests import ask_for, in_full
from tests.factories import NOW, TODAY, Ward, enrol, epa_of, make_alliance, make_organisation, person_with
from tests.logbook.activities import log_activity
from tests.pages import Browser, Page, text_of

ClientOf = Callable[[User | None], Browser]
SAID = "Calm and careful, next time say it aloud"


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


@pytest.fixture
def trainer(ward: Ward, client_of: ClientOf) -> Browser:
    return client_of(ward.trainer)


def path_of(enrolment: Enrolment) -> str:
    return f"/assessments/start/{enrolment.id}"


def filled(session: Session, **changes: str) -> dict[str, str]:
    """Return what a trainer fills in."""
    epa = epa_of(session, "onc-k2")
    return {"note": "Placed an infusion", "epa": str(epa.id), "level": "3", "comment": SAID} | changes


def given(session: Session) -> Assessment:
    """Return the one assessment that there is."""
    return session.scalars(select(Assessment)).one()


def give(session: Session, trainer: Browser, ward: Ward, **changes: str) -> Page:
    return trainer.send(trainer.get(path_of(ward.enrolment)), filled(session, **changes))


def test_it_takes_two_pages_from_the_home_page_and_one_form(session: Session, ward: Ward, trainer: Browser) -> None:
    assert "/assessments/start" in trainer.get("/").links()
    assert path_of(ward.enrolment) in trainer.get("/assessments/start").links()
    assert f"Your assessment of {ward.trainee.name} is given." in give(session, trainer, ward).text
    assessment, activity = given(session), session.scalars(select(Activity)).one()
    assert (assessment.status, assessment.level_code, assessment.comment) == (AssessmentStatus.SUBMITTED, "3", SAID)
    assert (assessment.started, activity.written_by_id, activity.trainee_id) == (True, ward.trainer.id, ward.trainee.id)


def test_it_counts_as_one_that_was_asked_does(session: Session, ward: Ward, trainer: Browser) -> None:
    give(session, trainer, ward)
    ((seen,),) = observations_of(session, [ward.enrolment.id]).values()
    assert seen.assessor_id == ward.trainer.id
    (standing,) = standings_of(session, [ward.enrolment.id]).values()
    assert (standing.rating_count, standing.waiting_count, standing.last_rating_code) == (1, 0, "3")


def test_the_trainee_is_told_sees_who_wrote_it_and_can_put_it_right(
    session: Session, ward: Ward, trainer: Browser, client_of: ClientOf
) -> None:
    give(session, trainer, ward)
    assessment = given(session)
    told = session.execute(select(Notice.reader_id, Notice.kind, Notice.about_id)).all()
    assert told == [(ward.trainee.id, NoticeKind.ASSESSMENT_STARTED, assessment.id)]
    trainee = client_of(ward.trainee)
    page = trainer.get(f"/assessments/{assessment.id}")
    assert "the assessor, unasked" in page.text
    dossier = client_of(ward.lead).get(f"/enrolments/{ward.enrolment.id}/epas/{assessment.epa_id}")
    assert "begun by the assessor, unasked" in dossier.text
    page = trainee.get(f"/activities/{assessment.activity_id}")
    assert f"Written by {ward.trainer.name}" in page.text
    correction = trainee.get(f"/activities/{assessment.activity_id}/correct")
    trainee.send(correction, {"note": "Removed an infusion", "reason": "It was the other one"})
    versions = session.execute(select(ActivityVersion.note, ActivityVersion.recorded_by_id).order_by("number")).all()
    assert versions == [("Placed an infusion", ward.trainer.id), ("Removed an infusion", ward.trainee.id)]


def test_the_same_form_sent_twice_is_one_and_another_is_refused(session: Session, ward: Ward, trainer: Browser) -> None:
    form = trainer.get(path_of(ward.enrolment))
    for _tap in range(2):
        trainer.send(form, filled(session))
    refused = trainer.send(form, filled(session, level="4"), status=409)
    assert SAID in refused.source
    assert given(session).level_code == "3"
    entries = session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == ward.trainee.id)).all()
    assert entries == ["activity.logged", "assessment.started", "assessment.submitted"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"level": ""}, "Choose one of these."),
        ({"epa": ""}, "Fill this in."),
        ({"comment": "Seen with Jan de Vries, 64 jaar"}, "This is not about a patient"),
        ({"performed_on": (TODAY + timedelta(days=1)).isoformat()}, "still to come"),
    ],
)
def test_what_does_not_fit_stores_nothing_and_keeps_what_was_typed(
    session: Session, ward: Ward, trainer: Browser, changes: dict[str, str], said: str
) -> None:
    page = trainer.send(trainer.get(path_of(ward.enrolment)), filled(session, **changes), status=422)
    assert said in page.text
    assert "Placed an infusion" in page.source
    assert session.scalar(select(func.count()).select_from(Activity)) == 0


def test_whom_a_trainer_can_assess_is_who_is_in_training_where_they_train(session: Session, ward: Ward) -> None:
    ally, stranger = Ward(session), Ward(session)
    make_alliance(session, ward.organisation, ally.organisation)
    fellow, placed = ward.fellow(session), ally.fellow(session)
    ended = ward.fellow(session)
    of = {one.trainee_id: one for one in session.scalars(select(Enrolment))}
    of[placed.id].department_id = ward.department.id
    of[ended.id].starts_on = TODAY + timedelta(days=1)
    session.flush()
    seen = {one.trainee_id for one in trainees_to_assess(session, ward.second_trainer.id, on=TODAY)}
    assert seen == {ward.trainee.id, fellow.id, placed.id}
    assert stranger.trainee.id not in seen
    assert trainees_to_assess(session, ward.lead.id, on=TODAY) == []
    named = trainees_to_assess(session, ward.trainer.id, on=TODAY, named=fellow.name.upper())
    assert [one.trainee_id for one in named] == [fellow.id]


def test_nobody_assesses_themselves_or_after_their_role_ended(
    session: Session, ward: Ward, client_of: ClientOf
) -> None:
    both = person_with(session, Role.TRAINER, ward.organisation)
    mine = enrol(session, ward.cohort, both, ward.department)
    client_of(both).get(path_of(mine), status=404)
    client_of(person_with(session, Role.TRAINER, make_organisation(session))).get(path_of(ward.enrolment), status=404)


def test_a_draft_is_kept_for_its_writer_until_it_is_given(
    session: Session, ward: Ward, trainer: Browser, client_of: ClientOf
) -> None:
    form = trainer.get(path_of(ward.enrolment))
    stored = f"{path_of(ward.enrolment)}/draft"
    trainer.post(stored, form.filled(form.form(), {"comment": SAID, "note": "Placed an"}), token=False)
    again = trainer.get(path_of(ward.enrolment))
    assert SAID in again.source
    assert SAID not in client_of(ward.second_trainer).get(path_of(ward.enrolment)).source
    trainer.post(stored, form.filled(form.form(), {"comment": "Other words"}), status=409, token=False)
    trainer.send(again, filled(session), action=path_of(ward.enrolment))
    assert session.scalars(select(StartDraft)).all() == []


def test_a_draft_that_nobody_touches_is_gone_after_two_weeks(session: Session, ward: Ward) -> None:
    start_drafts.save(session, ward.enrolment.id, {"comment": SAID}, key=uuid7(), seen=0, by=ward.trainer, at=NOW)
    start_drafts.forget_old(session, at=NOW + timedelta(days=14))
    assert session.scalar(select(func.count()).select_from(StartDraft)) == 1
    start_drafts.forget_old(session, at=NOW + timedelta(days=15))
    assert session.scalar(select(func.count()).select_from(StartDraft)) == 0


def keep(trainer: Browser, page: Page, ward: Ward, values: dict[str, str], *, status: int = 200) -> Page:
    """Save what is typed as a draft, with the button of the form."""
    form = page.form(path_of(ward.enrolment))
    (target,) = [one.get("formaction") for one in form.iter("button") if one.get("formaction")]
    return trainer.post(target or "", page.filled(form, values), status=status, token=False)


def quotes(page: Page) -> list[str]:
    return [text_of(one) for one in page.tree.iter("blockquote")]


def test_all_words_of_another_tab_are_shown_before_they_can_be_lost(
    session: Session, ward: Ward, trainer: Browser
) -> None:
    form = trainer.get(path_of(ward.enrolment))
    keep(trainer, form, ward, {"note": "Took it out", "comment": SAID, "item_agreement": "Call sooner"})
    refused = trainer.send(form, filled(session, comment="Sharp"), status=409)
    assert {"Took it out", SAID, "Call sooner"} <= set(quotes(refused))
    trainer.send(refused, action=path_of(ward.enrolment))
    assert given(session).comment == "Sharp"


def test_words_typed_for_another_way_of_assessing_stay(session: Session, ward: Ward, trainer: Browser) -> None:
    form = trainer.get(path_of(ward.enrolment))
    first = (form.form().get("action") or "").partition("way=")[2]
    other = next(link for link in form.links() if "way=" in link and not link.endswith(first))
    elsewhere = trainer.get(other)
    assert "item_agreement" not in elsewhere.source
    keep(trainer, form, ward, {"note": "Placed an", "item_agreement": "Call sooner"})
    refused = trainer.send(elsewhere, filled(session), status=409)
    assert "Call sooner" in quotes(refused)
    seen = trainer.get(other)
    assert quotes(seen) == ["Call sooner"]
    keep(trainer, seen, ward, {"comment": SAID})
    again = trainer.get(f"{path_of(ward.enrolment)}?way={first}")
    typed = again.filled(again.form(path_of(ward.enrolment)), {})
    assert (typed["item_agreement"], typed["comment"]) == (["Call sooner"], [SAID])


def test_a_draft_does_not_come_back_after_it_was_given_or_thrown_away(
    session: Session, ward: Ward, trainer: Browser
) -> None:
    form = trainer.get(path_of(ward.enrolment))
    trainer.send(form, filled(session))
    keep(trainer, form, ward, {"comment": SAID}, status=409)
    assert start_drafts.draft_of(session, ward.enrolment.id, ward.trainer) is None
    for seen in (1, 5):
        with pytest.raises(RuleBroken, match="draft_elsewhere"):
            start_drafts.save(session, ward.enrolment.id, {}, key=uuid7(), seen=seen, by=ward.trainer, at=NOW)


def test_who_saves_what_was_thrown_away_elsewhere_can_save_it_again(ward: Ward, trainer: Browser) -> None:
    keep(trainer, trainer.get(path_of(ward.enrolment)), ward, {"comment": SAID})
    form = trainer.get(path_of(ward.enrolment))
    trainer.post(f"{path_of(ward.enrolment)}/discard")
    refused = keep(trainer, form, ward, {}, status=409)
    assert SAID in refused.source
    keep(trainer, refused, ward, {})
    assert SAID in trainer.get(path_of(ward.enrolment)).source


def test_a_character_that_no_text_can_hold_is_left_out(session: Session, ward: Ward, trainer: Browser) -> None:
    assert ward.trainee.name in trainer.get("/assessments/start?name=%00").text
    form = trainer.get(path_of(ward.enrolment))
    keep(trainer, form, ward, {"level": "\0", "item_agreement": "Call\0 sooner"})
    draft = start_drafts.draft_of(session, ward.enrolment.id, ward.trainer)
    assert draft is not None
    assert (draft.typed["level"], draft.typed["item_agreement"]) == ("", "Call sooner")
    asked = ask_for(session, ward, log_activity(session, ward))
    sent = {"level": "\0", "item_agreement": "Call\0 sooner"}
    trainer.post(f"/assessments/{asked.id}/draft", sent)


def test_whom_one_guides_or_assessed_lately_comes_first_however_many_there_are(
    session: Session, ward: Ward, client_of: ClientOf
) -> None:
    names = {"Anna": ward.fellow(session), "Bert": ward.fellow(session), "Zoe": ward.trainee}
    for name, person in names.items():
        person.name = name
    of = {one.trainee_id: one for one in session.scalars(select(Enrolment))}
    second = client_of(ward.second_trainer)  # Guides Zoe and neither of the others.
    second.send(second.get(path_of(of[names["Bert"].id])), filled(session))
    listed = trainees_to_assess(session, ward.second_trainer.id, on=TODAY, most=2)
    assert [one.trainee.name for one in listed] == ["Zoe", "Bert"]


def test_how_soon_somebody_answers_is_told_by_what_was_asked(session: Session, ward: Ward, trainer: Browser) -> None:
    for _number in range(5):
        give(session, trainer, ward)
    assert loads_of(session, [ward.trainer.id], on=TODAY)[ward.trainer.id].days is None


def test_what_nobody_asked_for_is_no_delay(session: Session, ward: Ward, trainer: Browser, client_of: ClientOf) -> None:
    give(session, trainer, ward)
    assert (
        "Nobody asked for an assessment in the last half year." in client_of(ward.lead).get("/assessments/delays").text
    )


def test_what_was_asked_says_that_the_trainee_began(session: Session, ward: Ward, trainer: Browser) -> None:
    asked = ask_for(session, ward, log_activity(session, ward))
    trainer.send(trainer.get(f"/assessments/{asked.id}/submit"), {"level": "3"})
    assert "the trainee, who asked" in trainer.get(f"/assessments/{in_full(session, asked, ward).id}").text
