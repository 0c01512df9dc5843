"""Two people who write at the same time: nobody's text is lost."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from competencies.drafts import EditKind
from competencies.people import Role
from lms.accounts.models import User
from lms.authoring import actions
from lms.authoring.models import Draft, DraftEdit, DraftPart
from tests.factories import NOW, Ward, person_with
from tests.pages import Browser

ClientOf = Callable[[User | None], Browser]


def draft_with(session: Session, ward: Ward, **document: object) -> Draft:
    content = {"programme": {"title": {"nl": "Nieuw", "en": "New"}}, **document}
    return actions.start_draft(session, content, based_on=None, owner=ward.organisation.id, by=ward.lead, at=NOW)


def part_of(session: Session, draft: Draft, section: str) -> DraftPart:
    return session.scalars(select(DraftPart).where(DraftPart.draft_id == draft.id, DraftPart.section == section)).one()


def kept_texts(session: Session, draft: Draft) -> list[DraftEdit]:
    kept = select(DraftEdit).where(DraftEdit.draft_id == draft.id, DraftEdit.kind == EditKind.CONFLICTING)
    return list(session.scalars(kept))


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


def test_a_text_for_a_part_that_somebody_took_out_is_kept_once_and_can_be_put_back(
    session: Session, client_of: ClientOf
) -> None:
    ward = Ward(session)
    draft = draft_with(session, ward, stages=[{"key": None, "title": {"nl": "Eind"}, "provenance": "draft"}])
    stage, browser = part_of(session, draft, "stages"), client_of(ward.lead)
    stage_id = stage.id
    page = browser.get(f"/drafts/{draft.id}/parts/{stage_id}")
    colleague = person_with(session, Role.PROGRAMME_LEAD, ward.organisation)
    actions.remove_part(session, draft, stage, uses=[], by=colleague, at=NOW)
    late = browser.send(page, {"title.en": "A long text"}, status=409)
    assert "“A long text” was taken out" in late.text
    browser.send(page, {"title.en": "A long text"}, status=409)
    (kept,) = kept_texts(session, draft)
    assert (kept.part_id, kept.data["title"]) == (stage_id, {"nl": "Eind", "en": "A long text"})
    text = f"/drafts/{draft.id}/texts/{kept.id}"
    assert text in late.links()
    browser.send(browser.get(text))
    assert part_of(session, draft, "stages").data["title"] == {"nl": "Eind", "en": "A long text"}


def test_a_script_is_told_where_the_text_of_a_part_that_was_taken_out_is_kept(
    session: Session, client_of: ClientOf
) -> None:
    ward = Ward(session)
    draft = draft_with(session, ward, placements=[{"key": None, "title": {"nl": "Stage"}, "provenance": "draft"}])
    part, browser = part_of(session, draft, "placements"), client_of(ward.lead)
    page = browser.get(f"/drafts/{draft.id}/parts/{part.id}")
    actions.remove_part(session, draft, part, uses=[], by=ward.lead, at=NOW)
    typed = page.filled(page.form(), {"min_count": "veel"})
    told = browser.client.post(page.path, data=typed, headers={"Accept": "application/json"})
    session.expire_all()
    (kept,) = kept_texts(session, draft)
    place = f"/drafts/{draft.id}/texts/{kept.id}"
    assert (told.status_code, (told.json or {})["url"]) == (409, place)
    assert kept.data["min_count"] == "veel"
    browser.send(browser.get(place))
    browser.get(f"/drafts/{draft.id}/parts/{kept.part_id}")
    browser.get(f"/drafts/{draft.id}")


def test_a_choice_between_two_texts_of_a_part_that_was_taken_out_says_so(session: Session, client_of: ClientOf) -> None:
    ward = Ward(session)
    draft = draft_with(session, ward, stages=[{"key": None, "title": {}, "provenance": "draft"}])
    stage, browser = part_of(session, draft, "stages"), client_of(ward.lead)
    first = browser.get(f"/drafts/{draft.id}/parts/{stage.id}")
    browser.send(first, {"title.nl": "Einde"})
    both = browser.send(first, {"title.en": "End"}, status=409)
    actions.remove_part(session, draft, stage, uses=[], by=ward.lead, at=NOW)
    (kept,) = kept_texts(session, draft)
    assert f"/drafts/{draft.id}/texts/{kept.id}" in browser.send(both, status=409).links()


def test_a_part_that_is_taken_out_just_before_its_text_is_stored_keeps_the_text(session: Session) -> None:
    ward = Ward(session)
    draft = draft_with(session, ward, stages=[{"key": None, "title": {}, "provenance": "draft"}])
    stage = part_of(session, draft, "stages")
    gone = delete(DraftPart).where(DraftPart.id == stage.id).execution_options(synchronize_session=False)
    session.execute(gone)
    data = stage.data | {"title": {"nl": "Laat"}}
    kept = actions.save_part(session, draft, stage, data, revision=1, by=ward.lead, at=NOW)
    assert kept is not None
    assert (kept.kind, kept.data, kept.part_id) == (EditKind.CONFLICTING, data, stage.id)


def test_a_text_for_a_part_that_never_was_is_not_found(session: Session, client_of: ClientOf) -> None:
    ward = Ward(session)
    draft = draft_with(session, ward)
    client_of(ward.lead).post(f"/drafts/{draft.id}/parts/{draft.id}", status=404)


def stage_with_two_texts(session: Session, ward: Ward) -> tuple[Draft, DraftPart, DraftEdit]:
    """Return a draft whose stage has a second text, and the first one of its history."""
    draft = draft_with(session, ward, stages=[{"key": None, "title": {"nl": "Eerst"}, "provenance": "draft"}])
    stage = part_of(session, draft, "stages")
    changed = stage.data | {"title": {"nl": "Toen"}}
    actions.save_part(session, draft, stage, changed, revision=1, by=ward.lead, at=NOW)
    first = select(DraftEdit).where(DraftEdit.part_id == stage.id, DraftEdit.revision == 1)
    return draft, stage, session.scalars(first).one()


def test_a_text_is_put_back_over_the_one_that_was_shown_beside_it(session: Session, client_of: ClientOf) -> None:
    ward = Ward(session)
    draft, stage, first = stage_with_two_texts(session, ward)
    browser = client_of(ward.lead)
    browser.send(browser.get(f"/drafts/{draft.id}/texts/{first.id}"))
    session.refresh(stage)
    assert (stage.data["title"], stage.revision) == ({"nl": "Eerst"}, 3)
    assert kept_texts(session, draft) == []


def test_a_text_is_not_said_to_be_back_where_somebody_stored_another_meanwhile(
    session: Session, client_of: ClientOf
) -> None:
    ward = Ward(session)
    draft, stage, first = stage_with_two_texts(session, ward)
    browser = client_of(ward.lead)
    page = browser.get(f"/drafts/{draft.id}/texts/{first.id}")
    meanwhile = stage.data | {"title": {"nl": "Intussen"}}
    actions.save_part(session, draft, stage, meanwhile, revision=2, by=ward.lead, at=NOW)
    both = browser.send(page, status=409)
    assert "That text is back" not in both.text
    assert "Intussen" in both.text
    assert "Eerst" in both.text
    session.refresh(stage)
    assert stage.data["title"] == {"nl": "Intussen"}
    (kept,) = kept_texts(session, draft)
    assert kept.data["title"] == {"nl": "Eerst"}
    browser.send(both)
    session.refresh(stage)
    assert stage.data["title"] == {"nl": "Eerst"}


def test_a_text_that_two_people_put_back_into_a_part_that_was_taken_out_is_there_once(
    session: Session, client_of: ClientOf
) -> None:
    ward = Ward(session)
    draft, stage, first = stage_with_two_texts(session, ward)
    actions.remove_part(session, draft, stage, uses=[], by=ward.lead, at=NOW)
    browser = client_of(ward.lead)
    page = browser.get(f"/drafts/{draft.id}/texts/{first.id}")
    browser.send(page)
    browser.send(page)
    assert part_of(session, draft, "stages").data["title"] == {"nl": "Eerst"}
