"""The pages of moves: the mapping, what it means, the consent, and what a trainee reads of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.accounts.models import User
from lms.cohorts.models import Enrolment, EnrolmentMove, VersionMove
from lms.core.audit import trail_of
from lms.moves import queries
from lms.moves.queries.trainees import PAGE
from lms.progress.history import differences
from tests.factories import TODAY
from tests.moves.examples import ORIGINS, Moving
from tests.pages import Browser, Page
from tests.progress.history import decided, rated

Clients = Callable[[User | None], Browser]
DAY = timedelta(days=1)


@pytest.fixture
def ward(session: Session) -> Moving:
    """Return a ward whose trainee earned something, with a newer version of the programme."""
    ward = Moving(session)
    rated(session, ward, "onc-k3", "4", on=TODAY - DAY)
    rated(session, ward, "onc-k4", "3")
    rated(session, ward, "onc-k5", "2", comment="Seen before the move")
    decided(session, ward, "onc-k1", "4", on=TODAY - DAY, valid_until=TODAY + 90 * DAY)
    decided(session, ward, "onc-k3", "5")
    ward.publish(session)
    return ward


def sources(ward: Moving, session: Session) -> dict[str, str]:
    """Return the mapping as the form asks for it."""
    filled = {}
    for key, origins in ORIGINS.items():
        new = ward.epa(session, key)
        for number, origin in enumerate(origins):
            filled[f"from_{new.id.hex}_{number}"] = str(ward.epa(session, origin, ward.old).id)
        if not origins:
            filled[f"from_{new.id.hex}_0"] = ""
    return filled


def stored(session: Session, ward: Moving, client: Browser) -> tuple[Page, VersionMove]:
    page = client.get(f"/programmes/{ward.old.id}/moves/new?to={ward.new.id}")
    page = client.send(page, sources(ward, session), action=f"/programmes/{ward.old.id}/moves/new")
    return page, session.scalars(select(VersionMove)).one()


def test_a_lead_finds_the_way_from_the_cohort_to_the_versions(ward: Moving, client_of: Clients) -> None:
    client = client_of(ward.lead)
    cohort = client.get(f"/cohorts/{ward.cohort.id}")
    listed = client.get(f"/programmes/{ward.old.id}/moves")
    assert f"/programmes/{ward.old.id}/moves" in cohort.links()
    assert f"/programmes/{ward.old.id}/moves/new?to={ward.new.id}" in listed.links()


def test_the_mapping_is_filled_in_with_what_the_versions_have_in_common(
    session: Session, ward: Moving, client_of: Clients
) -> None:
    page = client_of(ward.lead).get(f"/programmes/{ward.old.id}/moves/new?to={ward.new.id}")
    same = ward.epa(session, "onc-k1")
    filled = page.filled(page.form(), {})
    assert filled[f"from_{same.id.hex}_0"] == [str(ward.epa(session, "onc-k1", ward.old).id)]
    assert filled[f"from_{ward.epa(session, 'onc-k9').id.hex}_0"] == [""]
    assert "Not in the new version" in page.text


def test_a_stored_mapping_shows_what_happened_and_what_it_means_for_whom(
    session: Session, ward: Moving, client_of: Clients
) -> None:
    page, move = stored(session, ward, client_of(ward.lead))
    assert page.path == f"/moves/{move.id}"
    for words in ("Split", "Merged", "Dropped", "New", "Same", ward.trainee.name):
        assert words in page.text
    assert session.get_one(Enrolment, ward.enrolment.id).programme_version_id == ward.old.id
    assert trail_of(session, subject=move.id)[0].action == "move.prepared"


def test_an_epa_that_is_split_and_merged_is_refused_beside_it_and_the_choice_is_kept(
    session: Session, ward: Moving, client_of: Clients
) -> None:
    client = client_of(ward.lead)
    page = client.get(f"/programmes/{ward.old.id}/moves/new?to={ward.new.id}")
    wrong = sources(ward, session) | {
        f"from_{ward.epa(session, 'onc-k1').id.hex}_1": str(ward.epa(session, "onc-k2", ward.old).id)
    }
    page = client.send(page, wrong, action=f"/programmes/{ward.old.id}/moves/new", status=422)
    assert "either" in page.text or "which part went where" in page.text
    kept = page.filled(page.form(), {})
    assert kept[f"from_{ward.epa(session, 'onc-k1').id.hex}_1"] == [str(ward.epa(session, "onc-k2", ward.old).id)]
    assert session.scalars(select(VersionMove)).all() == []


def test_a_mapping_can_be_changed_until_it_is_used(session: Session, ward: Moving, client_of: Clients) -> None:
    client = client_of(ward.lead)
    _page, move = stored(session, ward, client)
    page = client.get(f"/moves/{move.id}/edit")
    new = ward.epa(session, "onc-k1")
    page = client.send(page, {f"from_{new.id.hex}_0": ""}, action=f"/moves/{move.id}/edit")
    assert page.path == f"/moves/{move.id}"
    session.refresh(move)
    assert {"kind": "new", "old": [], "new": [str(new.id)]} in move.mapping
    ward.moved(session, ward.loaded_move(session, move.id))
    page = client.get(f"/moves/{move.id}/edit", status=409)
    assert "Prepare another move" in page.text


def test_what_the_move_means_for_one_trainee_is_shown_epa_by_epa(
    session: Session, ward: Moving, client_of: Clients
) -> None:
    client = client_of(ward.lead)
    _page, move = stored(session, ward, client)
    page = client.get(f"/moves/{move.id}/enrolments/{ward.enrolment.id}")
    assert "declaration does not hold on" in page.text
    assert "not every merged EPA has a declaration in force" in page.text
    assert "valid until" in page.text
    assert "What stays behind" in page.text


def test_the_list_of_who_can_move_judges_requirements_only_when_asked(
    session: Session, ward: Moving, client_of: Clients, statements: list[str]
) -> None:
    client = client_of(ward.lead)
    _page, move = stored(session, ward, client)
    statements.clear()
    page = client.get(f"/moves/{move.id}")
    assert not any("assessments.activity_id" in one for one in statements)
    assert "1 declaration holds on." in page.text
    assert "EPAs are still to reach." in page.text
    statements.clear()
    judged = client.get(f"/moves/{move.id}?judged=1")
    assert any("assessments.activity_id" in one for one in statements)
    assert "1 declaration holds on." in judged.text
    assert f"/moves/{move.id}?judged=1" in page.links()
    assert f"/moves/{move.id}?judged=1" not in judged.links()


def test_what_is_declared_and_left_behind_is_the_same_whether_requirements_are_judged(
    session: Session, ward: Moving
) -> None:
    move = ward.prepared(session)
    versions = queries.both_versions(session, ward.old.id, ward.new.id)
    whole, short = (
        queries.outlooks_of(session, move, ward.mapping(session), versions, [ward.enrolment], judged=judged, on=TODAY)[
            ward.enrolment.id
        ]
        for judged in (True, False)
    )
    for part in ("recognised", "lost", "still_needed", "left_behind"):
        assert [one.epa_id for one in getattr(whole, part)] == [one.epa_id for one in getattr(short, part)]
    assert (whole.attained_behind, whole.refusal) == (short.attained_behind, short.refusal)
    assert whole.left_behind
    assert any(one.after.items for one in whole.prospects)
    assert not any(one.after.items for one in short.prospects)


def test_a_lead_pages_through_who_can_move_and_moves_them_from_a_later_page(
    session: Session, ward: Moving, client_of: Clients
) -> None:
    for _number in range(PAGE + 1):
        ward.fellow(session)
    client = client_of(ward.lead)
    first, move = stored(session, ward, client)
    assert f"{PAGE + 2} trainees follow version {ward.old.version}." in first.text
    assert f"{PAGE} stand on this page" in first.text
    following = next(one for one in first.links() if "after=" in one)
    page = client.get(f"{following}&all=1")
    waiting = queries.followers(session, move, by=ward.lead.id, size=PAGE + 2).rows
    chosen = page.filled(page.form("/consent"), {})["trainees"]
    assert chosen == [str(one.id) for one in waiting[PAGE:]]
    page = client.send(page, {"reason": "The old version ends."}, action="/consent")
    assert "2 trainees were moved." in page.source
    assert queries.count_followers(session, move, by=ward.lead.id) == PAGE
    assert f"{PAGE} trainees follow version {ward.old.version}." in page.text
    assert page.source.count('name="trainees"') == PAGE


def test_nobody_moves_without_a_choice_and_a_reason(session: Session, ward: Moving, client_of: Clients) -> None:
    client = client_of(ward.lead)
    page, _move = stored(session, ward, client)
    page = client.send(page, {"reason": "Ends this year"}, action="/consent", status=422)
    assert "Choose at least one trainee." in page.text
    page = client.send(page, {"trainees": str(ward.enrolment.id), "reason": ""}, action="/consent", status=422)
    assert session.scalars(select(EnrolmentMove)).all() == []
    assert page.filled(page.form("/consent"), {})["trainees"] == [str(ward.enrolment.id)]


def test_a_lead_moves_a_trainee_who_then_reads_when_by_whom_and_why(
    session: Session, ward: Moving, client_of: Clients
) -> None:
    client = client_of(ward.lead)
    page, move = stored(session, ward, client)
    page = client.get(f"/moves/{move.id}?all=1")
    page = client.send(page, {"reason": "The old version ends.", "cohorts": "y"}, action="/consent")
    assert "1 trainee was moved." in page.source
    assert "The old version ends." in page.text
    assert session.execute(differences()).all() == []
    assert session.get_one(Enrolment, ward.enrolment.id).programme_version_id == ward.new.id
    trainee = client_of(ward.trainee)
    for path in ("/", f"/enrolments/{ward.enrolment.id}"):
        told = trainee.get(path)
        assert f"{ward.lead.name} moved this from version {ward.old.version} to version 2027.1." in told.text
        assert "The old version ends." in told.text
    told = trainee.get(f"/enrolments/{ward.enrolment.id}/moves")
    assert "decided on 19 Nov 2026" in told.text
    assert f"/epas/{ward.epa(session, 'onc-k1', ward.old).id}" in told.links()


def test_the_dossier_after_a_move_marks_what_was_earned_before(
    session: Session, ward: Moving, client_of: Clients
) -> None:
    ward.moved(session)
    trainee, base = client_of(ward.trainee), f"/enrolments/{ward.enrolment.id}/epas"
    merged = trainee.get(f"{base}/{ward.epa(session, 'onc-k34').id}")
    assert merged.text.count(f"earned under version {ward.old.version}") == 2
    assert f"/epas/{ward.epa(session, 'onc-k3', ward.old).id}" in merged.links()
    same = trainee.get(f"{base}/{ward.epa(session, 'onc-k1').id}")
    assert "In force since 19 Nov 2026, valid until 18 Feb 2027." in same.text
    dropped = trainee.get(f"{base}/{ward.epa(session, 'onc-k5', ward.old).id}")
    assert "An EPA of an earlier version" in dropped.text
    assert "Seen before the move" in dropped.text
    whole = trainee.get(f"/enrolments/{ward.enrolment.id}")
    assert "Earned under an earlier version" in whole.text
    assert f"{base}/{ward.epa(session, 'onc-k5', ward.old).id}" in whole.links()
    chart = trainee.raw(f"{base}/{ward.epa(session, 'onc-k34').id}/levels.svg")
    assert chart.status_code == 200


def test_a_decision_after_the_move_stands_on_what_was_carried(
    session: Session, ward: Moving, client_of: Clients
) -> None:
    ward.moved(session)
    client = client_of(ward.committee_member)
    base = f"/enrolments/{ward.enrolment.id}/epas"
    page = client.get(f"{base}/{ward.epa(session, 'onc-k1').id}/decide")
    assert "valid from 19 Nov 2026" in page.text
    client.get(f"{base}/{ward.epa(session, 'onc-k1', ward.old).id}/decide", status=409)
    made = decided(session, ward, "onc-k34", "3")
    session.refresh(made, ["evidence"])
    shown = client.get(f"/decisions/{made.id}")
    assert "version 2027.1" in shown.text
    assert session.execute(differences()).all() == []


def test_the_pages_of_a_move_state_their_statements(
    session: Session, ward: Moving, client_of: Clients, statements: list[str]
) -> None:
    client = client_of(ward.lead)
    _page, move = stored(session, ward, client)
    counts = {}
    for name, path in {
        "moves": f"/programmes/{ward.old.id}/moves",
        "move": f"/moves/{move.id}",
        "outlook": f"/moves/{move.id}/enrolments/{ward.enrolment.id}",
        "told": f"/enrolments/{ward.enrolment.id}/moves",
    }.items():
        client.get(path)
        statements.clear()
        client.get(path)
        counts[name] = len(statements)
    assert counts == {"moves": 5, "move": 8, "outlook": 7, "told": 2}


def test_a_moved_trainee_costs_few_statements_more(
    session: Session, ward: Moving, client_of: Clients, statements: list[str]
) -> None:
    trainee = client_of(ward.trainee)

    def count(path: str) -> int:
        trainee.get(path)
        statements.clear()
        trainee.get(path)
        return len(statements)

    old = ward.epa(session, "onc-k1", ward.old)
    paths = ("/", f"/enrolments/{ward.enrolment.id}", f"/enrolments/{ward.enrolment.id}/epas/{old.id}")
    before = [count(path) for path in paths]
    ward.moved(session)
    new = ward.epa(session, "onc-k1")
    paths = (*paths[:2], f"/enrolments/{ward.enrolment.id}/epas/{new.id}")
    assert [count(path) - known for path, known in zip(paths, before, strict=True)] == [1, 2, 4]
