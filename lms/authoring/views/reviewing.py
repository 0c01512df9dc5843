"""Review and publication."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from competencies.errors import RuleBroken
from lms.accounts.permissions import me
from lms.authoring import actions, queries
from lms.authoring.comparing import compared
from lms.authoring.editing import section_label
from lms.authoring.forms import PublicationForm, ReviewForm
from lms.authoring.models import Draft
from lms.authoring.permissions import can_edit, can_review, is_barred
from lms.authoring.views.blueprint import bp, changed_since_approval, document_of, draft_seen, judged
from lms.core import clock, db
from lms.core.access import authorize, signed_in
from lms.core.words import _
from lms.curriculum.bindings import Binding, bindings_of
from lms.curriculum.queries import document_of as document_of_version
from lms.curriculum.queries import loaded
from lms.curriculum.schemas.problems import CurriculumRefused
from lms.organisations.permissions import my_duties

MOST_NAMED = 12


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
    """Let a second person read what changed and what it is bound to, and approve it or send it back."""
    draft = draft_seen(draft_id)
    authorize(can_review(my_duties(), draft), because=_why_not(draft))
    document = document_of(draft)
    bound = bindings_of(document, loaded(db.session()))
    form = ReviewForm(seen=actions.seal_of(document, bound)).offer()
    if form.validate_on_submit():
        try:
            return _reviewed(draft, bound, form)
        except RuleBroken as broken:
            form.refuse(broken, "remark" if broken.code == "remark_missing" else None)
            draft = draft_seen(draft_id)
    before = document_of_version(db.session(), draft.based_on_id) if draft.based_on_id else {}
    return render_template(
        "authoring/review.html",
        draft=draft,
        form=form,
        changes=compared(before, document),
        bound=bound,
        rebound=changed_since_approval(draft, queries.reviews_of(db.session(), draft_id), bound),
        section_label=section_label,
    ), 422 if form.is_submitted() else 200


def _why_not(draft: Draft) -> str:
    """Return why an author of an open draft does not review it, and who can; nothing to say to anybody else."""
    if not draft.state.is_open or not is_barred(my_duties(), draft):
        return ""
    able = queries.reviewers_of(db.session(), draft, on=my_duties().on)
    if not able:
        return _("Nobody reviews their own work, and everybody who writes programmes here worked on this draft.")
    names = ", ".join(person.name for person in able[:MOST_NAMED])
    return _("Nobody reviews their own work, and you worked on this draft. These people can: %(names)s.", names=names)


def _reviewed(draft: Draft, bound: Sequence[Binding], form: ReviewForm) -> ResponseReturnValue:
    with db.transaction() as session:
        said = actions.review_draft(
            session,
            draft,
            document_of(draft),
            bound,
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
    form, status = PublicationForm(effective_on=clock.today()), 200
    if form.validate_on_submit():
        try:
            return _published(draft, form)
        except RuleBroken as broken:
            form.refuse(broken, "effective_on" if broken.code == "publication_in_past" else None)
            draft, status = draft_seen(draft_id), 409 if broken.code == "bound_otherwise" else 422
        except CurriculumRefused:
            flash(_("It is not published: something it refers to changed. Put this right first."), "warning")
            return redirect(url_for(".draft", draft_id=draft_id))
    elif form.is_submitted():
        status = 422
    bound = bindings_of(document_of(draft), loaded(db.session()))
    return render_template(
        "authoring/publish.html",
        draft=draft,
        form=form,
        rebound=changed_since_approval(draft, queries.reviews_of(db.session(), draft_id), bound),
        reviewers=queries.reviewers_of(db.session(), draft, on=my_duties().on),
    ), status


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
