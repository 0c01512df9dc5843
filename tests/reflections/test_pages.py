"""The pages on which people write for themselves, and choose who may read one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from competencies.observations import ActivityKind
from competencies.people import Role
from lms.accounts.models import User
from lms.assessments.queries import observations_of
from lms.cohorts.models import EnrolmentTrainer
from lms.core.audit import AuditEntry
from lms.logbook.models import Activity
from lms.reflections.models import Reflection
from lms.reflections.readers import read_as
from tests.factories import TODAY, Ward, epa_of, make_alliance, make_organisation, person_with
from tests.logbook.activities import log_activity
from tests.pages import Browser

ClientOf = Callable[[User | None], Browser]
THOUGHT = "I waited too long before I asked for help."


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


@pytest.fixture
def trainee(ward: Ward, client_of: ClientOf) -> Browser:
    return client_of(ward.trainee)


@pytest.fixture
def trainer(ward: Ward, client_of: ClientOf) -> Browser:
    return client_of(ward.trainer)


def written(session: Session, writer: User) -> list[Reflection]:
    read_as(session, writer.id)
    return list(session.scalars(select(Reflection).where(Reflection.writer_id == writer.id)))


def write(browser: Browser, text: str = THOUGHT, path: str = "/reflections/new", **other: str | list[str]) -> str:
    """Write a reflection and return the address of its page."""
    page = browser.send(browser.get(path), {"text": text, **other})
    assert page.heading == "Reflection"
    assert text in page.text
    return page.path


def share(browser: Browser, path: str, reader: User, *, status: int = 200) -> None:
    browser.send(browser.get(path), {"reader": str(reader.id)}, action="/share", status=status)


def test_what_is_written_is_for_its_writer_alone(
    session: Session, ward: Ward, trainee: Browser, client_of: ClientOf
) -> None:
    path = write(trainee)
    assert "Only you." in trainee.get(path).text
    for other in (ward.trainer, ward.lead, ward.committee_member, ward.administrator, ward.auditor):
        client_of(other).get(path, status=404)
        client_of(other).get(f"{path}/edit", status=404)
        assert THOUGHT not in client_of(other).get("/reflections").text


def test_it_is_counted_for_an_epa_and_the_logbook_says_nothing_of_it(
    session: Session, ward: Ward, trainee: Browser, trainer: Browser
) -> None:
    epa = epa_of(session, "onc-k2")
    write(trainee, epas=[str(epa.id)])
    line = session.scalars(select(Activity).options(selectinload(Activity.epas))).one()
    assert (line.kind, line.note, line.quantity, line.performed_on) == (ActivityKind.REFLECTION, "Reflectie", 1, TODAY)
    assert line.epas == [epa]
    counted = observations_of(session, [ward.enrolment.id])[ward.enrolment.id, epa.id]
    assert [(one.instrument, one.by_trainee) for one in counted] == [("reflection", True)]
    for browser in (trainee, trainer):
        page = browser.get(f"/activities/{line.id}")
        assert page.heading == "Reflectie"
        assert THOUGHT not in page.text
    assert THOUGHT in trainee.get(f"/reflections?activity={line.id}").text


def test_it_is_counted_later_where_the_writer_wants_that(session: Session, ward: Ward, trainee: Browser) -> None:
    path = write(trainee)
    assert session.scalars(select(Activity)).first() is None
    trainee.send(trainee.get(f"{path}/edit"), {"epas": [str(epa_of(session, "onc-k2").id)]})
    (reflection,) = written(session, ward.trainee)
    assert reflection.line_id == session.scalars(select(Activity.id)).one()
    assert "epas" not in trainee.get(f"{path}/edit").source


def test_it_looks_back_on_an_activity_of_ones_own(
    session: Session, ward: Ward, trainee: Browser, trainer: Browser
) -> None:
    activity = log_activity(session, ward, note="Placed an infusion")
    page = trainee.get(f"/activities/{activity.id}")
    about = next(link for link in page.links() if link.startswith("/reflections/new"))
    assert "Placed an infusion" in trainee.get(about).text
    assert "Placed an infusion" in trainee.get(write(trainee, path=about)).text
    (reflection,) = written(session, ward.trainee)
    assert (reflection.about_id, reflection.line_id) == (activity.id, None)
    trainer.get(about, status=403)
    assert not [link for link in trainer.get(f"/activities/{activity.id}").links() if link.startswith("/reflections/")]


def test_who_follows_no_programme_writes_for_themselves_and_nothing_is_counted(
    session: Session, ward: Ward, trainer: Browser
) -> None:
    assert "epas" not in trainer.get("/reflections/new").source
    write(trainer)
    assert len(written(session, ward.trainer)) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [("  ", "Fill this in."), ("x" * 20_001, "Use at most 20000 characters."), ("Mw. Jansen, 67 jaar", "looks like")],
)
def test_what_cannot_be_stored_comes_back_with_everything_typed(
    session: Session, ward: Ward, trainee: Browser, text: str, said: str
) -> None:
    epa = str(epa_of(session, "onc-k2").id)
    page = trainee.send(trainee.get("/reflections/new"), {"text": text, "epas": [epa]}, status=422)
    assert said in page.text
    kept = page.filled(page.form(), {})
    assert kept["epas"] == [epa]
    assert "".join(kept["text"]).strip() == text.strip()
    assert not written(session, ward.trainee)


def test_an_epa_of_another_programme_counts_nothing_and_stores_nothing(
    session: Session, ward: Ward, trainee: Browser
) -> None:
    page = trainee.get("/reflections/new")
    values = page.filled(page.form(), {"text": THOUGHT}) | {"epas": [str(epa_of(session, "lead-06").id)]}
    trainee.post(page.path, values, token=False, status=422)
    assert not written(session, ward.trainee)


def test_a_double_tap_keeps_one_and_another_text_from_the_same_form_is_not_lost(
    session: Session, ward: Ward, trainee: Browser
) -> None:
    page, epas = trainee.get("/reflections/new"), [str(epa_of(session, "onc-k2").id)]
    for _tap in range(2):
        assert trainee.send(page, {"text": THOUGHT, "epas": epas}).heading == "Reflection"
    assert len(written(session, ward.trainee)) == 1
    assert len(session.scalars(select(Activity)).all()) == 1
    again = trainee.send(page, {"text": "Something else"}, status=409)
    assert again.filled(again.form(), {})["text"] == ["Something else"]
    trainee.send(again)
    assert len(written(session, ward.trainee)) == 2


def test_two_tabs_do_not_overwrite_each_other(trainee: Browser) -> None:
    path = write(trainee)
    first, second = (trainee.get(f"{path}/edit") for _tab in range(2))
    trainee.send(first, {"text": "From the first tab"})
    refused = trainee.send(second, {"text": "From the second tab"}, status=409)
    assert "This was changed after you opened it." in refused.text
    assert refused.filled(refused.form(), {})["text"] == ["From the second tab"]
    assert "From the first tab" in trainee.get(path).text
    trainee.send(refused)
    assert "From the second tab" in trainee.get(path).text


def test_one_reflection_is_shared_with_one_guide_until_it_is_taken_back(
    session: Session, ward: Ward, trainee: Browser, trainer: Browser, client_of: ClientOf
) -> None:
    path, other = write(trainee), write(trainee, "Another thought")
    share(trainee, path, ward.trainer)
    assert ward.trainer.name in trainee.get(path).text
    assert THOUGHT in trainer.get(path).text
    assert ward.trainee.name in trainer.get("/reflections").text
    trainer.get(f"{path}/edit", status=403)
    trainer.get(other, status=404)
    client_of(ward.second_trainer).get(path, status=404)
    trainee.send(trainee.get(path), action="/revoke")
    assert "Only you." in trainee.get(path).text
    trainer.get(path, status=404)
    assert ward.trainee.name not in trainer.get("/reflections").text


def test_taking_back_twice_is_taking_back_once(session: Session, ward: Ward, trainee: Browser) -> None:
    path = write(trainee)
    share(trainee, path, ward.trainer)
    page = trainee.get(path)
    trainee.send(page, action="/revoke")
    trainee.send(page, action="/revoke")
    share(trainee, path, ward.trainer)
    told = session.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("reflection.")))
    assert sorted(told) == ["reflection.revoked", "reflection.shared", "reflection.shared", "reflection.written"]


def test_it_is_shared_only_with_who_guides_the_writer_today(
    session: Session, ward: Ward, trainee: Browser, client_of: ClientOf
) -> None:
    partner = make_organisation(session)
    make_alliance(session, ward.organisation, partner)
    path = write(trainee)
    offered = trainee.get(path).source
    assert str(ward.trainer.id) in offered
    assert str(ward.second_trainer.id) in offered
    for other in (ward.lead, ward.fellow(session), person_with(session, Role.TRAINER, partner)):
        assert str(other.id) not in offered
        values = {"reader": str(other.id)}
        trainee.post(f"{path}/share", values, status=422)
        client_of(other).get(path, status=404)


def test_a_guide_from_an_allied_organisation_is_offered(session: Session, ward: Ward, trainee: Browser) -> None:
    partner = make_organisation(session)
    make_alliance(session, ward.organisation, partner)
    away = person_with(session, Role.TRAINER, partner)
    begins = TODAY - timedelta(days=1)
    session.add(EnrolmentTrainer(enrolment_id=ward.enrolment.id, trainer_id=away.id, starts_on=begins))
    session.flush()
    assert str(away.id) in trainee.get(write(trainee)).source


def test_nobody_is_chosen_beforehand_so_one_press_shares_nothing(trainee: Browser) -> None:
    path = write(trainee)
    refused = trainee.send(trainee.get(path), action="/share", status=422)
    assert "Fill this in." in refused.text
    assert "Only you." in trainee.get(path).text


def test_sharing_twice_is_refused_in_words(ward: Ward, trainee: Browser) -> None:
    path = write(trainee)
    page = trainee.get(path)
    trainee.send(page, {"reader": str(ward.trainer.id)}, action="/share")
    refused = trainee.send(page, {"reader": str(ward.trainer.id)}, action="/share", status=422)
    assert "can read this already" in refused.text


def test_the_writer_removes_it_for_good_and_the_line_in_the_logbook_stays(
    session: Session, ward: Ward, trainee: Browser, trainer: Browser
) -> None:
    path = write(trainee, epas=[str(epa_of(session, "onc-k2").id)])
    share(trainee, path, ward.trainer)
    trainer.get(f"{path}/remove", status=403)
    page = trainee.get(f"{path}/remove")
    assert "The line in your logbook stays" in page.text
    assert "Your reflection is removed." in trainee.send(page).text
    for browser in (trainee, trainer):
        browser.get(path, status=404)
    assert session.scalars(select(Activity.note)).one() == "Reflectie"
    assert not written(session, ward.trainee)


def test_the_record_says_that_and_never_what(session: Session, ward: Ward, trainee: Browser) -> None:
    path = write(trainee)
    trainee.send(trainee.get(f"{path}/edit"), {"text": "A longer thought than before"})
    share(trainee, path, ward.trainer)
    entries = session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("reflection."))).all()
    assert {one.action: one.facts for one in entries} == {
        "reflection.written": {},
        "reflection.changed": {},
        "reflection.shared": {"after": {"reader": str(ward.trainer.id)}},
    }


def test_reflections_are_read_page_by_page(trainee: Browser) -> None:
    for number in range(53):
        write(trainee, f"Thought {number:02}")
    first = trainee.get("/reflections")
    second = trainee.get(next(link for link in first.links() if "before=" in link))
    shown = [f"Thought {number:02}" for number in range(53)]
    assert sorted(one for one in shown if one in first.text + second.text) == shown
    assert not [one for one in shown if one in first.text and one in second.text]
    assert "Thought 52" in trainee.get("/reflections?before=nonsense").text


def test_the_number_of_statements_does_not_grow(
    session: Session, ward: Ward, trainee: Browser, statements: list[str]
) -> None:
    def asked(path: str) -> int:
        session.expire_all()
        statements.clear()
        trainee.get(path)
        return len(statements)

    path = write(trainee)
    before = asked("/reflections"), asked(path), asked("/reflections/new")
    for number in range(5):
        write(trainee, f"Thought {number}")
    assert (asked("/reflections"), asked(path), asked("/reflections/new")) == before
    assert before <= (8, 9, 8)
