"""Two people who write at the same time: nobody's text is lost."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.drafts import EditKind
from lms.accounts.models import User
from lms.authoring import actions
from lms.authoring.models import Draft, DraftEdit, DraftPart
from tests.factories import NOW, Ward
from tests.pages import Browser

ClientOf = Callable[[User | None], Browser]


def draft_with(session: Session, ward: Ward, **document: object) -> Draft:
    content = {"programme": {"title": {"nl": "Nieuw", "en": "New"}}, **document}
    return actions.start_draft(session, content, based_on=None, owner=ward.organisation.id, by=ward.lead, at=NOW)


def part_of(session: Session, draft: Draft, section: str) -> DraftPart:
    return session.scalars(select(DraftPart).where(DraftPart.draft_id == draft.id, DraftPart.section == section)).one()


def test_a_late_text_is_kept_and_both_are_shown_field_by_field(session: Session, client_of: ClientOf) -> None:
    ward = Ward(session)
    draft = draft_with(session, ward, stages=[{"key": None, "title": {}, "provenance": "draft"}])
    stage, browser = part_of(session, draft, "stages"), client_of(ward.lead)
    first = browser.get(f"/drafts/{draft.id}/parts/{stage.id}")
    browser.send(first, {"title.nl": "Einde"})
    late = browser.send(first, {"title.en": "End"}, status=409)
    assert "Einde" in late.text
    assert "End" in late.text
    kept = session.scalars(select(DraftEdit).where(DraftEdit.kind == EditKind.CONFLICTING)).one()
    assert kept.data["title"] == {"en": "End"}
    session.refresh(stage)
    assert (stage.data["title"], stage.revision) == ({"nl": "Einde"}, 2)
    browser.send(late)
    session.refresh(stage)
    assert stage.data["title"] == {"nl": "Einde", "en": "End"}
    assert stage.key == stage.data["key"] == "einde"
