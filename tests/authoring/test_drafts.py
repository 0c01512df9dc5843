"""Starting, refilling and discarding drafts."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from competencies.drafts import DraftState, EditKind
from competencies.errors import RuleBroken
from competencies.people import Role
from lms.authoring import actions
from lms.authoring.documents import assembled
from lms.authoring.models import Draft, DraftEdit, DraftPart
from lms.core.audit import trail_of
from lms.curriculum.models import ProgrammeOwner
from lms.curriculum.queries import document_of
from tests.factories import NOW, Ward, make_alliance, make_organisation, person_with, programme_version

TITLE = {"nl": "Wondzorg: één jaar", "en": "Wound care: one year"}


def parts_of(session: Session, draft: Draft) -> list[DraftPart]:
    return list(session.scalars(select(DraftPart).where(DraftPart.draft_id == draft.id)))


def started(session: Session, ward: Ward, **document: object) -> Draft:
    content = {"programme": {"title": TITLE}, **document}
    return actions.start_draft(session, content, based_on=None, owner=ward.organisation.id, by=ward.lead, at=NOW)


def test_a_draft_of_a_version_holds_all_of_it(session: Session) -> None:
    ward, version = Ward(session), programme_version(session)
    document = document_of(session, version.id)
    draft = actions.start_draft(
        session, document, based_on=version.id, owner=ward.organisation.id, by=ward.lead, at=NOW
    )
    assert assembled(parts_of(session, draft)) == document
    assert (draft.programme_key, draft.label) == ("oncologieverpleegkundige", "2026.2-draft")
    assert (draft.state, draft.based_on_id) == (DraftState.DRAFT, version.id)


def test_a_new_programme_gets_a_key_from_its_title(session: Session) -> None:
    assert started(session, Ward(session)).programme_key == "wound-care-one-year"


def test_every_text_of_a_new_draft_is_in_its_history_and_its_start_on_record(session: Session) -> None:
    ward = Ward(session)
    draft = started(session, ward, stages=[{"key": "end", "title": {"nl": "Einde", "en": "End"}}])
    edits = session.scalars(select(DraftEdit).where(DraftEdit.draft_id == draft.id)).all()
    assert sorted((one.section, one.revision, one.kind) for one in edits) == [
        ("programme", 1, EditKind.SAVED),
        ("stages", 1, EditKind.SAVED),
    ]
    (entry,) = trail_of(session, subject=draft.id)
    assert (entry.action, entry.actor_id) == ("draft.started", ward.lead.id)


def test_a_draft_without_a_named_owner_is_for_where_its_maker_writes(session: Session) -> None:
    ward = Ward(session)
    coordinator = person_with(session, Role.REGIONAL_COORDINATOR, alliance := make_alliance(session, ward.organisation))
    mine = actions.start_draft(session, {}, based_on=None, owner=None, by=ward.lead, at=NOW)
    theirs = actions.start_draft(session, {}, based_on=None, owner=None, by=coordinator, at=NOW)
    assert (mine.organisation_id, mine.alliance_id) == (ward.organisation.id, None)
    assert (theirs.organisation_id, theirs.alliance_id) == (None, alliance.id)


def test_who_writes_for_nobody_starts_no_draft(session: Session) -> None:
    with pytest.raises(RuleBroken) as broken:
        actions.start_draft(session, {}, based_on=None, owner=None, by=Ward(session).trainer, at=NOW)
    assert broken.value.code == "draft_without_owner"


def test_a_programme_of_somebody_else_cannot_be_revised(session: Session) -> None:
    ward, version = Ward(session), programme_version(session)
    session.add(ProgrammeOwner(programme_id=version.programme_id, organisation_id=make_organisation(session).id))
    session.flush()
    with pytest.raises(RuleBroken) as broken:
        actions.start_draft(
            session,
            document_of(session, version.id),
            based_on=version.id,
            owner=ward.organisation.id,
            by=ward.lead,
            at=NOW,
        )
    assert broken.value.code == "programme_of_others"


def test_filling_a_draft_anew_keeps_what_stood_there(session: Session) -> None:
    ward = Ward(session)
    draft = started(session, ward, stages=[{"key": "end"}])
    content = {"programme": {"title": {"nl": "Nieuw"}, "version": "2"}, "stages": [{"key": "start"}]}
    actions.replace_content(session, draft, content, by=ward.lead, at=NOW)
    assert [part.key for part in parts_of(session, draft) if part.section == "stages"] == ["start"]
    assert (draft.title, draft.label, draft.programme_key) == ({"nl": "Nieuw"}, "2", "wound-care-one-year")
    removed = session.scalars(select(DraftEdit).where(DraftEdit.kind == EditKind.REMOVED)).all()
    assert {(one.section, one.key) for one in removed} == {("programme", ""), ("stages", "end")}


def test_a_discarded_draft_takes_no_more_text(session: Session) -> None:
    ward = Ward(session)
    draft = started(session, ward)
    actions.discard_draft(session, draft, by=ward.lead, at=NOW)
    assert draft.state is DraftState.DISCARDED
    with pytest.raises(RuleBroken) as broken:
        actions.replace_content(session, draft, {}, by=ward.lead, at=NOW)
    assert broken.value.code == "draft_step"


@pytest.mark.parametrize("table", ["draft_edits", "draft_reviews", "publications", "retirements"])
def test_the_history_cannot_be_changed(session: Session, table: str) -> None:
    started(session, Ward(session))
    with pytest.raises(ProgrammingError, match="append-only"):
        session.execute(text(f"DELETE FROM {table}"))
