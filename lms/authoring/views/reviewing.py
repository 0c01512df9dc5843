"""Review, publication and retirement."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from competencies.drafts import DraftState
from competencies.errors import RuleBroken
from lms.accounts.permissions import me
from lms.authoring import actions, queries
from lms.authoring.comparing import compared
from lms.authoring.editing import sections_label
from lms.authoring.forms import PublicationForm, RetirementForm, ReviewForm
from lms.authoring.models import Draft
from lms.authoring.permissions import can_edit, can_retire, can_review
from lms.authoring.views.blueprint import bp, document_of, draft_seen, judged
from lms.core import clock, db
from lms.core.access import authorize, found, signed_in
from lms.core.words import _
from lms.curriculum.actions import retire_version
from lms.curriculum.actions.content import content_hash
from lms.curriculum.queries import document_of as document_of_version
from lms.curriculum.queries import life_of
from lms.curriculum.schemas.problems import CurriculumRefused
from lms.organisations.permissions import my_duties


@bp.post("/drafts/<uuid:draft_id>/review-requests")
@signed_in
def submit(draft_id: UUID) -> ResponseReturnValue:
    """Ask for a review."""
    draft = draft_seen(draft_id)
    authorize(can_edit(my_duties(), draft))
    _around, checks = judged(draft)
    with db.transaction() as session:
        actions.submit_draft(session, draft, problems=len(checks.findings), by=me(), at=clock.now())
    flash(_("Somebody else can look at it now: another programme lead, or a coordinator of your region."), "done")
    return redirect(url_for(".draft", draft_id=draft_id))


@bp.route("/drafts/<uuid:draft_id>/review", methods=["GET", "POST"])
@signed_in
def review(draft_id: UUID) -> ResponseReturnValue:
    """Let a second person read what changed, and approve it or send it back."""
    draft = draft_seen(draft_id)
    authorize(can_review(my_duties(), draft))
    document = document_of(draft)
    form = ReviewForm(seen=content_hash(document).hex()).offer()
    if form.validate_on_submit():
        try:
            return _reviewed(draft, form)
        except RuleBroken as broken:
            form.refuse(broken, "remark" if broken.code == "remark_missing" else None)
            draft = draft_seen(draft_id)
    before = document_of_version(db.session(), draft.based_on_id) if draft.based_on_id else {}
    return render_template(
        "authoring/review.html",
        draft=draft,
        form=form,
        changes=compared(before, document),
        sections_label=sections_label,
    ), 422 if form.is_submitted() else 200


def _reviewed(draft: Draft, form: ReviewForm) -> ResponseReturnValue:
    with db.transaction() as session:
        said = actions.review_draft(
            session,
            draft,
            document_of(draft),
            form.verdict.data,
            seen=form.seen.data or "",
            remark=form.remark.data,
            by=me(),
            at=clock.now(),
        )
    approved = said.verdict == "approved"
    flash(_("You approved it.") if approved else _("You sent it back."), "done")
    return redirect(url_for(".draft", draft_id=draft.id))


@bp.route("/drafts/<uuid:draft_id>/publication", methods=["GET", "POST"])
@signed_in
def publish(draft_id: UUID) -> ResponseReturnValue:
    """Publish an approved draft from a day on."""
    draft = draft_seen(draft_id)
    authorize(can_edit(my_duties(), draft))
    form = PublicationForm(effective_on=clock.today())
    if form.validate_on_submit():
        try:
            return _published(draft, form)
        except RuleBroken as broken:
            form.refuse(broken, "effective_on" if broken.code == "publication_in_past" else None)
            draft = draft_seen(draft_id)
        except CurriculumRefused:
            flash(_("It is not published: something it refers to changed. Put this right first."), "warning")
            return redirect(url_for(".draft", draft_id=draft_id))
    is_ready = draft.state is DraftState.APPROVED
    status = 422 if form.is_submitted() else 200
    return render_template("authoring/publish.html", draft=draft, form=form, is_ready=is_ready), status


def _published(draft: Draft, form: PublicationForm) -> ResponseReturnValue:
    with db.transaction() as session:
        version_id = actions.publish_draft(
            session,
            draft,
            document_of(draft),
            effective_on=form.effective_on.data,
            note=form.note.data,
            by=me(),
            at=clock.now(),
        )
    flash(_("It is published and never changes again."), "done")
    return redirect(url_for("curriculum.programme", version_id=version_id))


@bp.route("/programmes/<uuid:version_id>/retirement", methods=["GET", "POST"])
@signed_in
def retire(version_id: UUID) -> ResponseReturnValue:
    """Let no new cohort start on a version."""
    life = found(life_of(db.session(), version_id))
    owner = queries.owner_of_programme(db.session(), life.version.programme.key)
    authorize(can_retire(my_duties(), owner))
    form = RetirementForm(retired_on=clock.today())
    if form.validate_on_submit():
        try:
            with db.transaction() as session:
                retire_version(
                    session,
                    life.version,
                    retired_on=form.retired_on.data,
                    reason=form.reason.data,
                    by=me(),
                    at=clock.now(),
                )
            flash(_("The version is retired. Who follows it keeps it."), "done")
            return redirect(url_for(".drafts"))
        except RuleBroken as broken:
            form.refuse(broken, "retired_on" if broken.code == "retirement_in_past" else None)
            life = found(life_of(db.session(), version_id))
    return render_template("authoring/retire.html", life=life, form=form), 422 if form.is_submitted() else 200
