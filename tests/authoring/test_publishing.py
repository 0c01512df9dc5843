"""From a draft to a version that counts: review by a second person, publication, retirement."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from competencies.drafts import DraftState, Verdict
from competencies.errors import RuleBroken
from competencies.people import Role
from lms.accounts.models import User
from lms.authoring import actions
from lms.authoring.beginnings import copied, revised
from lms.authoring.documents import assembled
from lms.authoring.models import Draft, DraftPart, DraftReview
from lms.authoring.permissions import can_review
from lms.authoring.queries import one_draft, reviewers_of
from lms.core.audit import trail_of
from lms.curriculum import queries
from lms.curriculum.actions import load_programme, retire_version
from lms.curriculum.bindings import Binding, bindings_of, from_data, rebound
from lms.curriculum.models import (
    AssessmentForm,
    AssessmentInstrument,
    ProgrammeOwner,
    ProgrammeVersion,
    Publication,
    RatingScale,
    ScaleLevel,
)
from lms.curriculum.queries.known import Offered, newest_domains
from lms.curriculum.schemas.problems import CurriculumRefused
from lms.curriculum.schemas.source import Document
from lms.organisations.permissions import Duties
from lms.organisations.queries import held_roles
from lms.search.models import SearchEntry
from tests.factories import NOW, TODAY, Ward, make_alliance, make_organisation, person_with
from tests.pages import Browser

ClientOf = Callable[[User | None], Browser]
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

    @property
    def bound(self) -> list[Binding]:
        return bindings_of(self.document, queries.loaded(self.session))

    def judge(self, verdict: Verdict = Verdict.APPROVED, *, by: User | None = None, remark: str = "") -> None:
        actions.review_draft(
            self.session,
            self.draft,
            self.document,
            self.bound,
            verdict,
            seen=actions.seal_of(self.document, self.bound),
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


def edit(written: Written, by: User, text: str) -> None:
    """Let somebody write in the first EPA of the draft."""
    epa = written.part("epas")
    data = epa.data | {"title": {"nl": text, "en": text}}
    actions.save_part(written.session, written.draft, epa, data, revision=epa.revision, by=by, at=NOW)


def test_a_second_author_cannot_approve_though_somebody_else_wrote_last(written: Written) -> None:
    edit(written, written.reviewer, "Van de tweede schrijver")
    written.change()
    written.submit()
    with refused("draft_four_eyes"):
        written.judge()
    assert can_review(duties_of_reviewer(written), written.draft) is False


@pytest.mark.parametrize("kind", ["move", "remove", "add"])
def test_who_changed_only_which_parts_there_are_cannot_approve_either(
    kind: str, written: Written, session: Session
) -> None:
    stage, by = written.part("stages"), written.reviewer
    if kind == "move":
        actions.move_part(session, written.draft, stage, down=True, by=by, at=NOW)
    elif kind == "remove":
        actions.remove_part(session, written.draft, stage, uses=[], by=by, at=NOW)
    else:
        actions.add_part(session, written.draft, "stages", stage.data, by=by, at=NOW)
    written.change()
    written.submit()
    with refused("draft_four_eyes"):
        written.judge()


def test_sending_back_frees_no_author_and_an_approval_does(written: Written, session: Session) -> None:
    second = person_with(session, Role.PROGRAMME_LEAD, written.ward.organisation)
    edit(written, second, "Van de tweede schrijver")
    written.submit()
    written.judge(Verdict.SENT_BACK, remark="Te kort")
    written.change()
    written.submit()
    with refused("draft_four_eyes"):
        written.judge(by=second)
    written.judge()
    with refused("draft_four_eyes"):
        written.judge(by=second)
    written.change("Na de goedkeuring")
    written.submit()
    written.judge(by=second)
    assert written.draft.state is DraftState.APPROVED


def test_who_could_review_is_named_and_who_wrote_is_not(written: Written, session: Session) -> None:
    second = person_with(session, Role.PROGRAMME_LEAD, written.ward.organisation)
    coordinator = person_with(session, Role.REGIONAL_COORDINATOR, make_alliance(session, written.ward.organisation))
    person_with(session, Role.PROGRAMME_LEAD, make_organisation(session))
    edit(written, second, "Van de tweede schrijver")
    written.submit()
    assert set(reviewers_of(session, written.draft, on=TODAY)) == {written.reviewer, coordinator}


def duties_of_reviewer(written: Written) -> Duties:
    """Return what the reviewer holds, with the writers of the draft loaded."""
    session = written.session
    duties = Duties(written.reviewer.id, TODAY, held_roles(session, written.reviewer.id, on=TODAY))
    assert one_draft(session, duties, written.draft.id) is written.draft
    return duties


def test_an_edit_makes_the_approval_void(approved: Written) -> None:
    approved.change("Weer anders")
    assert approved.draft.state is DraftState.DRAFT
    with refused("draft_step"):
        approved.publish()


def test_a_reviewer_judges_what_they_have_seen(written: Written, session: Session) -> None:
    written.submit()
    seen = actions.seal_of(written.document, written.bound)
    written.change()
    written.submit()
    with pytest.raises(StaleDataError):
        actions.review_draft(
            session,
            written.draft,
            written.document,
            written.bound,
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


def newer_scale(session: Session, key: str) -> RatingScale:
    """Return the next version of a scale, with the levels of the newest."""
    newest = queries.latest_scale(session, key)
    assert newest is not None
    names = ("key", "position", "title", "kind", "entrusted_from", "set_by", "questions", "parent_scale", "provenance")
    row = {name: getattr(newest, name) for name in (*names, "provenance_by_field", "sources", "note")}
    scale = RatingScale(**row, version=newest.version + 1, content_hash=b"newer")
    levels = ("code", "rank", "title", "meaning", "entrusted", "parent_code", "group_title", "questions")
    session.add(scale)
    session.flush()
    for level in newest.levels:
        session.add(ScaleLevel(scale_id=scale.id, **{name: getattr(level, name) for name in levels}))
    session.flush()
    return scale


def test_a_scale_that_got_a_newer_version_since_the_review_is_not_published_unseen(
    approved: Written, session: Session
) -> None:
    scale = next(one for one in approved.bound if one.kind == "scale")
    newer = newer_scale(session, scale.key)
    assert [one.version for one in approved.bound if one.key == scale.key] == [str(newer.version)]
    with refused("bound_otherwise"):
        approved.publish()
    assert approved.draft.state is DraftState.APPROVED
    approved.judge()
    version = approved.publish()
    form = session.scalars(
        select(AssessmentForm).where(
            AssessmentForm.programme_version_id == version.id, AssessmentForm.scale_id.is_not(None)
        )
    ).first()
    assert form is None or form.scale_id == newer.id


def test_words_that_changed_since_the_review_are_not_published_unseen(approved: Written, session: Session) -> None:
    kind, key = next((one.kind, one.key) for one in approved.bound if one.kind == "instruments")
    row = session.get_one(AssessmentInstrument, key)
    row.title = row.title | {"nl": "Heel anders"}
    session.flush()
    with refused("bound_otherwise"):
        approved.publish()
    review = session.scalars(select(DraftReview).where(DraftReview.draft_id == approved.draft.id)).one()
    (changed,) = rebound(from_data(review.bindings), approved.bound)
    assert (changed.kind, changed.after and changed.after.title["nl"]) == (kind, "Heel anders")


def test_a_form_of_another_programme_that_got_a_newer_version_is_asked_about_again(session: Session) -> None:
    written = Written(session)
    form = next(key for key, row in newest_forms(session).items() if row.programme == "medisch-leiderschap")
    epa = written.part("epas")
    entry = {"instrument": newest_forms(session)[form].on, "form": form, "min_count": 1}
    entry |= {"min_assessors": 0, "min_level": None, "stage": None}
    data = epa.data | {"evidence": [*epa.data["evidence"], entry]}
    actions.save_part(session, written.draft, epa, data, revision=epa.revision, by=written.ward.lead, at=NOW)
    written.submit()
    written.judge()
    origin = queries.latest_version_of(session, "medisch-leiderschap")
    assert origin is not None
    document = revised(queries.document_of(session, origin.id), version="2099.1")
    load_programme(session, Document("new.json", document, {}), by=None, at=origin.loaded_at + timedelta(hours=1))
    review = session.scalars(select(DraftReview).where(DraftReview.draft_id == written.draft.id)).one()
    changed = {(one.kind, one.after and one.after.key) for one in rebound(from_data(review.bindings), written.bound)}
    assert ("form", form) in changed
    with refused("bound_otherwise"):
        written.publish()


def test_an_epa_of_another_programme_that_an_option_belongs_to_is_bound_as_well(session: Session) -> None:
    around = queries.loaded(session)
    other = next(one for one in around.epas if one.programme != KEY)
    elsewhere = {"programme": other.programme, "epa": other.key}
    rules = [{"if_selected": "a", "then_belongs_to": elsewhere}, {"if_selected": "b"}]
    epas = [{"key": "mine", "scope": [{"rules": rules}, {}]}, {"key": "empty"}]
    document = {"programme": {"key": KEY}, "epas": epas}
    assert [(one.kind, one.key, one.seal) for one in bindings_of(document, around)] == [
        ("epa", f"{other.programme}/{other.key}", str(other.id))
    ]
    rules[0] = {"if_selected": "a", "then_belongs_to": {"programme": KEY, "epa": "mine"}}
    rules[1] = {"if_selected": "b", "then_belongs_to": {"epa": "mine"}}
    assert bindings_of(document, around) == []


def test_what_changed_elsewhere_and_is_not_named_stands_in_nobodys_way(approved: Written, session: Session) -> None:
    named = {one.key for one in approved.bound}
    other = next(key for key in queries.latest_scales(session) if key not in named)
    newer_scale(session, other)
    assert approved.publish().version == "2027.1"


def test_an_approval_from_before_this_was_kept_is_asked_for_again(approved: Written, session: Session) -> None:
    for review in session.scalars(select(DraftReview).where(DraftReview.draft_id == approved.draft.id)):
        session.execute(text("ALTER TABLE draft_reviews DISABLE TRIGGER USER"))
        review.bindings = None
        session.flush()
    with refused("bound_otherwise"):
        approved.publish()


def test_the_page_says_what_changed_since_the_review_and_who_can_look_again(
    approved: Written, session: Session, client_of: ClientOf
) -> None:
    approved.reviewer.name = "Rita Reviewer"
    scale = next(one for one in approved.bound if one.kind == "scale")
    lead = client_of(approved.ward.lead)
    page = lead.get(f"/drafts/{approved.draft.id}/publication")
    newer_scale(session, scale.key)
    after = lead.send(page, {"note": "Nieuw"}, status=409)
    for shown in (after, lead.get(f"/drafts/{approved.draft.id}")):
        assert "Something that this refers to changed since it was approved" in shown.text
        assert f"(version {scale.version})" in shown.text
        assert f"(version {int(scale.version) + 1})" in shown.text
        assert "Rita Reviewer" in shown.text
    reviewer = client_of(approved.reviewer)
    review = reviewer.get(f"/drafts/{approved.draft.id}/review")
    assert f"(version {int(scale.version) + 1})" in review.text
    reviewer.send(review, {"verdict": "approved"})
    lead.send(page, {"note": "Nieuw"})
    session.refresh(approved.draft)
    assert approved.draft.state is DraftState.PUBLISHED


def test_a_reviewer_who_read_before_a_scale_changed_reads_again(
    written: Written, session: Session, client_of: ClientOf
) -> None:
    written.submit()
    reviewer = client_of(written.reviewer)
    review = reviewer.get(f"/drafts/{written.draft.id}/review")
    newer_scale(session, next(one.key for one in written.bound if one.kind == "scale"))
    reviewer.send(review, {"verdict": "approved"}, status=409)
    session.refresh(written.draft)
    assert written.draft.state is DraftState.IN_REVIEW


def test_the_draft_says_why_an_author_cannot_review_and_who_can(written: Written, client_of: ClientOf) -> None:
    written.reviewer.name = "Rita Reviewer"
    written.submit()
    page = client_of(written.ward.lead).get(f"/drafts/{written.draft.id}")
    assert "You cannot review it yourself" in page.text
    assert "Rita Reviewer" in page.text
    assert f"/drafts/{written.draft.id}/review" not in page.links()
    assert "You cannot review it yourself" not in client_of(written.reviewer).get(f"/drafts/{written.draft.id}").text
    refused = client_of(written.ward.lead).get(f"/drafts/{written.draft.id}/review", status=403)
    assert "Nobody reviews their own work, and you worked on this draft." in refused.text
    assert "Rita Reviewer" in refused.text


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


def newest_forms(session: Session) -> dict[str, Offered]:
    return queries.loaded(session).forms


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
