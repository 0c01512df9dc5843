"""What somebody would still need: counted from their own declarations, with what they say they have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.attainments import AttainmentKind
from competencies.people import Role
from lms.accounts.models import User
from lms.attainments.actions import confirm
from lms.curriculum.models import RatingScale
from lms.entrustment.models import Decision
from tests.attainments.attained import account, record
from tests.factories import NOW, TODAY, Ward, epa_of, person_with
from tests.pages import Browser, Page, text_of

ClientOf = Callable[[User | None], Browser]
PATH = "/paths/oncologieverpleegkundige"


def declare(
    session: Session,
    ward: Ward,
    key: str,
    *,
    level: str = "4",
    until: date | None = None,
    scope: Mapping[str, list[str]] = {},
) -> Decision:
    epa = epa_of(session, key)
    decision = Decision(
        enrolment_id=ward.enrolment.id,
        trainee_id=ward.trainee.id,
        epa_id=epa.id,
        scale_id=session.scalars(select(RatingScale.id).where(RatingScale.id == epa.scale_id)).one(),
        level_code=level,
        level_rank=int(level),
        decided_by_id=ward.committee_member.id,
        decided_on=TODAY - timedelta(days=30),
        recorded_at=NOW,
        valid_until=until,
        remark="",
        requirements_met=True,
        overrule_reason="",
        scope=dict(scope),
    )
    session.add(decision)
    session.flush()
    return decision


def line_of(page: Page, title: str) -> str:
    """Return the words of the line about that EPA."""
    lines = [text_of(one) for one in page.tree.iter("li") if (one.get("class") or "") in {"met", "lacking"}]
    return next(line for line in lines if title in line)


def test_without_a_declaration_everything_is_still_needed(
    session: Session, client_of: ClientOf, statements: list[str]
) -> None:
    browser = client_of(Ward(session).trainee)
    statements.clear()
    page = browser.get(PATH)
    assert "5 needed: 0 you have, 0 may be exempted, 5 still to do." in page.text
    assert line_of(page, "Caring for the patient in the diagnostic phase").startswith("Still needed:")
    assert len(statements) == 8, "\n\n".join(statements)


def test_declarations_and_exemptions_cost_no_statement_more(
    session: Session, client_of: ClientOf, statements: list[str]
) -> None:
    ward = Ward(session)
    declare(session, ward, "onc-k1")
    declare(session, ward, "lead-03")
    row = record(session, ward, account(AttainmentKind.EXEMPT_EPA), by=ward.lead)
    confirm(session, row, by=person_with(session, Role.PROGRAMME_LEAD, ward.organisation), at=NOW)
    browser = client_of(ward.trainee)
    for path in (PATH, "/paths/imagine2", "/paths/functielaborant"):
        session.expunge_all()
        statements.clear()
        assert browser.raw(path).status_code == 200
        assert len(statements) == 8, path + "\n" + "\n\n".join(statements)


def test_a_declaration_in_force_counts_and_shows_its_proof(session: Session, client_of: ClientOf) -> None:
    ward = Ward(session)
    decision = declare(session, ward, "onc-k1", until=TODAY + timedelta(days=400))
    page = client_of(ward.trainee).get(PATH)
    assert "5 needed: 1 you have, 0 may be exempted, 4 still to do." in page.text
    line = line_of(page, "Caring for the patient in the diagnostic phase")
    assert line.startswith("Have:")
    assert "Declared competent: the declaration of 21 Oct 2026 at level 4 , valid until 25 Dec 2027." in line
    assert f"/decisions/{decision.id}" in page.links()


def test_what_does_not_count_says_why(session: Session, client_of: ClientOf) -> None:
    ward = Ward(session)
    declare(session, ward, "onc-k1", until=TODAY - timedelta(days=1))
    declare(session, ward, "onc-k2", scope={"treatment": ["surgery"]})
    declare(session, ward, "onc-k3", level="3")
    page = client_of(ward.trainee).get(PATH)
    assert "Expired:" in line_of(page, "diagnostic phase")
    assert "Given for other options than are asked here:" in line_of(page, "treatment phase")
    assert "Below the level that is asked here:" in line_of(page, "aftercare")
    assert "0 you have" in page.text


def test_the_scope_that_the_rules_ask_counts(session: Session, client_of: ClientOf) -> None:
    ward = Ward(session)
    declare(session, ward, "onc-k2", scope={"treatment": ["surgery", "chemotherapy"]})
    assert line_of(client_of(ward.trainee).get(PATH), "treatment phase").startswith("Have:")


def test_an_epa_of_another_function_counts_where_it_crosses_functions(session: Session, client_of: ClientOf) -> None:
    ward = Ward(session)
    declare(session, ward, "lead-03")
    page = client_of(ward.trainee).get("/paths/imagine2")
    assert "Declared competent for another function; here after a short induction" in page.text


def test_a_qualification_shows_what_may_be_exempted_and_is_kept_in_the_address(
    session: Session, client_of: ClientOf
) -> None:
    page = client_of(Ward(session).trainee).get("/paths/functielaborant?track=heart_function&have=bmt_bmh_heart")
    assert "May be exempted once the proof is approved: BMT (Zuyd) or BMH (HAN) with heart profile" in page.text
    assert "3 needed: 0 you have, 3 may be exempted, 0 still to do." in page.text
    ticked = [one for one in page.tree.iter("input") if one.get("name") == "have" and "checked" in one.keys()]  # noqa: SIM118
    assert len(ticked) == 1


def test_another_track_asks_for_other_epas(session: Session, client_of: ClientOf) -> None:
    browser = client_of(Ward(session).trainee)
    heart = browser.get("/paths/functielaborant?track=heart_function").text
    lung = browser.get("/paths/functielaborant?track=lung_function").text
    assert "12-lead resting ECG" in heart
    assert "12-lead resting ECG" not in lung


def test_an_odd_address_shows_the_page_all_the_same(session: Session, client_of: ClientOf) -> None:
    client_of(Ward(session).trainee).get("/paths/functielaborant?track=x&have=y&have=&track=")
    client_of(Ward(session).trainee).get("/paths/nothing", status=404)


def test_an_exemption_in_the_file_counts_once_it_is_confirmed(session: Session, client_of: ClientOf) -> None:
    ward = Ward(session)
    row = record(session, ward, account(AttainmentKind.EXEMPT_EPA), by=ward.lead)
    browser = client_of(ward.trainee)
    assert line_of(browser.get(PATH), "diagnostic phase").startswith("Still needed:")
    confirm(session, row, by=person_with(session, Role.PROGRAMME_LEAD, ward.organisation), at=NOW)
    session.flush()
    page = browser.get(PATH)
    assert "Exempted on 19 Nov 2026." in line_of(page, "diagnostic phase")
    assert "5 needed: 1 you have, 0 may be exempted, 4 still to do." in page.text
