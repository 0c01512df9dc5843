"""From a draft to a version that counts: review by a second person, publication, retirement."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from competencies.drafts import DraftState, Verdict
from competencies.errors import RuleBroken
from competencies.people import Role
from lms.accounts.models import User
from lms.authoring import actions
from lms.authoring.beginnings import copied, revised
from lms.authoring.documents import assembled
from lms.authoring.models import Draft, DraftPart
from lms.core.audit import trail_of
from lms.curriculum import queries
from lms.curriculum.actions import load_programme, retire_version
from lms.curriculum.actions.content import content_hash
from lms.curriculum.models import ProgrammeOwner, ProgrammeVersion, Publication
from lms.curriculum.queries.known import newest_domains, newest_forms
from lms.curriculum.schemas.problems import CurriculumRefused
from lms.curriculum.schemas.source import Document
from lms.search.models import SearchEntry
from tests.factories import NOW, TODAY, Ward, person_with

KEY = "opleiders"
LATER = NOW + timedelta(hours=1)


class Written:
    """A draft of the next version of a shipped programme, with its writers and a reviewer."""

    def __init__(self, session: Session) -> None:
        self.session, self.ward = session, Ward(session)
        self.reviewer: User = person_with(session, Role.PROGRAMME_LEAD, self.ward.organisation)
        self.origin = queries.latest_version_of(session, KEY)
        assert self.origin is not None
        document = revised(queries.document_of(session, self.origin.id), version="2027.1")
        self.draft: Draft = actions.start_draft(
            session, document, based_on=self.origin.id, owner=self.ward.organisation.id, by=self.ward.lead, at=NOW
        )

    def part(self, section: str) -> DraftPart:
        return self.session.scalars(
            select(DraftPart)
            .where(DraftPart.draft_id == self.draft.id, DraftPart.section == section)
            .order_by(DraftPart.position)
        ).first() or pytest.fail(section)

    @property
    def document(self) -> dict[str, Any]:
        return assembled(self.session.scalars(select(DraftPart).where(DraftPart.draft_id == self.draft.id)).all())

    def change(self, text: str = "Anders") -> None:
        epa = self.part("epas")
        data = epa.data | {"title": {"nl": text, "en": text}}
        actions.save_part(self.session, self.draft, epa, data, revision=epa.revision, by=self.ward.lead, at=NOW)

    def submit(self) -> None:
        actions.submit_draft(self.session, self.draft, problems=0, by=self.ward.lead, at=NOW)

    def judge(self, verdict: Verdict = Verdict.APPROVED, *, by: User | None = None, remark: str = "") -> None:
        actions.review_draft(
            self.session,
            self.draft,
            self.document,
            verdict,
            seen=content_hash(self.document).hex(),
            remark=remark,
            by=by or self.reviewer,
            at=NOW,
        )

    def publish(self, *, days: int = 0) -> ProgrammeVersion:
        version_id = actions.publish_draft(
            self.session,
            self.draft,
            self.document,
            effective_on=TODAY + timedelta(days=days),
            note="Nieuw",
            by=self.ward.lead,
            at=LATER,
        )
        return self.session.get_one(ProgrammeVersion, version_id)


@pytest.fixture
def written(session: Session, today: object) -> Written:
    return Written(session)


@pytest.fixture
def approved(written: Written) -> Written:
    written.change()
    written.submit()
    written.judge()
    return written


def refused(code: str) -> Any:
    return pytest.raises(RuleBroken, match=f"^{code}$")


def test_an_approved_draft_becomes_a_version_that_counts_from_its_day(approved: Written, session: Session) -> None:
    version = approved.publish()
    assert (version.version, approved.draft.state) == ("2027.1", DraftState.PUBLISHED)
    assert queries.document_of(session, version.id) == approved.document
    assert queries.latest_version_of(session, KEY) == version
    publication = session.get_one(Publication, version.id)
    assert (publication.reviewed_by_id, publication.published_by_id) == (approved.reviewer.id, approved.ward.lead.id)


def test_a_version_that_begins_tomorrow_does_not_count_today(approved: Written, session: Session) -> None:
    version = approved.publish(days=1)
    assert queries.latest_version_of(session, KEY) == approved.origin
    assert queries.life_of(session, version.id)


def test_a_published_version_can_be_found_at_once(approved: Written, session: Session) -> None:
    version = approved.publish()
    found = select(SearchEntry).where(SearchEntry.programme_version_id == version.id).limit(1)
    assert session.scalars(found).first()


def test_what_is_done_with_a_draft_and_its_programme_is_on_record(approved: Written, session: Session) -> None:
    version = approved.publish()
    of_draft = [entry.action for entry in trail_of(session, subject=approved.draft.id)]
    assert of_draft == ["draft.started", "draft.part_saved", "draft.submitted", "draft.reviewed", "draft.published"]
    of_programme = [entry.action for entry in trail_of(session, subject=version.programme_id)]
    assert of_programme[-2:] == ["programme.version_loaded", "programme.version_published"]


def test_who_wrote_last_or_asked_cannot_approve(written: Written) -> None:
    written.change()
    written.submit()
    with refused("draft_four_eyes"):
        written.judge(by=written.ward.lead)


def test_an_edit_makes_the_approval_void(approved: Written) -> None:
    approved.change("Weer anders")
    assert approved.draft.state is DraftState.DRAFT
    with refused("draft_step"):
        approved.publish()


def test_a_reviewer_judges_what_they_have_seen(written: Written, session: Session) -> None:
    written.submit()
    seen = content_hash(written.document).hex()
    written.change()
    written.submit()
    with pytest.raises(StaleDataError):
        actions.review_draft(
            session,
            written.draft,
            written.document,
            Verdict.APPROVED,
            seen=seen,
            remark="",
            by=written.reviewer,
            at=NOW,
        )


def test_sending_back_needs_a_word(written: Written) -> None:
    written.submit()
    with refused("remark_missing"):
        written.judge(Verdict.SENT_BACK)
    written.judge(Verdict.SENT_BACK, remark="Te kort")
    assert written.draft.state is DraftState.DRAFT


def test_an_incomplete_draft_is_not_sent_for_review(written: Written, session: Session) -> None:
    with refused("draft_incomplete"):
        actions.submit_draft(session, written.draft, problems=2, by=written.ward.lead, at=NOW)


def test_nothing_is_published_with_effect_from_the_past(approved: Written) -> None:
    with refused("publication_in_past"):
        approved.publish(days=-1)


def test_only_what_was_approved_is_published(approved: Written, session: Session) -> None:
    session.delete(approved.part("stages"))
    session.flush()
    with pytest.raises(StaleDataError):
        approved.publish()


def test_a_version_under_a_name_that_is_taken_is_refused(approved: Written, session: Session) -> None:
    approved.publish()
    document = approved.document | {"sources": {**approved.document["sources"], "new": "https://example.org/"}}
    approved.draft = actions.start_draft(
        session, document, based_on=None, owner=approved.ward.organisation.id, by=approved.ward.lead, at=NOW
    )
    approved.submit()
    approved.judge()
    with refused("version_published"):
        approved.publish()


def test_a_new_programme_belongs_to_who_made_it(approved: Written, session: Session) -> None:
    assert approved.origin is not None
    version = approved.publish()
    assert session.get(ProgrammeOwner, version.programme_id) is None
    document = queries.document_of(session, version.id)
    own = document | {"programme": document["programme"] | {"key": "own-course"}}
    approved.draft = actions.start_draft(
        session, own, based_on=None, owner=approved.ward.organisation.id, by=approved.ward.lead, at=NOW
    )
    approved.submit()
    approved.judge()
    made = approved.publish()
    owner = session.get_one(ProgrammeOwner, made.programme_id)
    assert owner.organisation_id == approved.ward.organisation.id


def test_a_programme_that_does_not_fit_is_not_published(written: Written, session: Session) -> None:
    epa = written.part("epas")
    data = epa.data | {"functions": ["astronaut"]}
    actions.save_part(session, written.draft, epa, data, revision=epa.revision, by=written.ward.lead, at=NOW)
    written.submit()
    written.judge()
    with pytest.raises(CurriculumRefused, match="astronaut"):
        written.publish()


def test_a_retired_version_counts_no_more_and_the_one_before_it_does(approved: Written, session: Session) -> None:
    version = approved.publish()
    retire_version(session, version, retired_on=TODAY, reason="Fout", by=approved.ward.lead, at=LATER)
    assert queries.latest_version_of(session, KEY) == approved.origin
    with refused("version_retired"):
        retire_version(session, version, retired_on=TODAY, reason="Fout", by=approved.ward.lead, at=LATER)


def test_a_version_retires_on_its_day_and_never_before_today(approved: Written, session: Session) -> None:
    version = approved.publish()
    with refused("retirement_in_past"):
        retire_version(
            session, version, retired_on=TODAY - timedelta(days=1), reason="Fout", by=approved.ward.lead, at=LATER
        )
    retire_version(
        session, version, retired_on=TODAY + timedelta(days=1), reason="Fout", by=approved.ward.lead, at=LATER
    )
    assert queries.latest_version_of(session, KEY) == version


def test_a_draft_is_published_as_its_own_programme_only(session: Session) -> None:
    written = Written(session)
    facts = written.part("programme")
    data = facts.data | {"key": "functielaborant"}
    actions.save_part(session, written.draft, facts, data, revision=facts.revision, by=written.ward.lead, at=NOW)
    written.submit()
    written.judge()
    with pytest.raises(RuleBroken, match="programme_of_others"):
        actions.publish_draft(
            session, written.draft, written.document, effective_on=TODAY, note="", by=written.ward.lead, at=LATER
        )


def test_a_move_that_changes_nothing_makes_nobody_the_last_editor(session: Session) -> None:
    written = Written(session)
    other = person_with(session, Role.PROGRAMME_LEAD, written.ward.organisation)
    actions.move_part(session, written.draft, written.part("stages"), down=False, by=other, at=LATER)
    assert written.draft.edited_by_id == written.ward.lead.id


def meant(session: Session) -> tuple[dict[str, UUID], dict[tuple[str, str], UUID]]:
    """Return what the keys of forms and of domains mean to a file that is loaded now."""
    forms = {key: form.id for key, form in newest_forms(session).items()}
    return forms, {(domain.framework.key, domain.key): domain.id for domain in newest_domains(session)}


def test_a_copy_takes_no_form_or_framework_away_from_the_programme_that_it_was_made_of(session: Session) -> None:
    origin = queries.latest_version_of(session, "medisch-leiderschap")
    assert origin is not None
    document = copied(queries.document_of(session, origin.id), {"nl": "Kopie", "en": "Copy"}, version="1", taken=())
    before = meant(session)
    load_programme(session, Document("copy.json", document, {}), by=None, at=origin.loaded_at + timedelta(hours=1))
    assert queries.latest_version_of(session, document["programme"]["key"]) is not None
    assert meant(session) == before


def test_a_newer_version_of_a_programme_gives_its_forms_to_others(session: Session) -> None:
    origin = queries.latest_version_of(session, "medisch-leiderschap")
    assert origin is not None
    document = revised(queries.document_of(session, origin.id), version="2099.1")
    forms, _domains = meant(session)
    load_programme(session, Document("copy.json", document, {}), by=None, at=origin.loaded_at + timedelta(hours=1))
    of_this = {form["key"] for form in document["forms"]}
    changed = {key for key, form_id in meant(session)[0].items() if form_id != forms[key]}
    assert of_this
    assert changed == of_this
