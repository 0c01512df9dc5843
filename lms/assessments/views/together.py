"""Giving several assessments on one screen: of several trainees at one event, or of one act on several EPAs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.exc import StaleDataError

from competencies.errors import RuleBroken
from competencies.observations import AssessmentStatus
from lms.accounts.permissions import me
from lms.assessments import actions, drafts, queries
from lms.assessments.forms import AnswerForm, form_for
from lms.assessments.models import Assessment
from lms.assessments.turns import hold_requests
from lms.assessments.values import answer_of, facts_asked, items_of, levels_to_choose, rating_scale, seen_version
from lms.assessments.views.answering import asked_of_me
from lms.assessments.views.blueprint import bp
from lms.core import clock, db
from lms.core.access import signed_in
from lms.core.answers import answered, done
from lms.core.forms import Confirm
from lms.core.words import _, ngettext

MOST_TOGETHER = 30


@dataclass(frozen=True, slots=True)
class Row:
    """One request with its form; an empty one is left to wait."""

    assessment: Assessment
    form: AnswerForm

    @property
    def levels(self) -> list[dict[str, object]]:
        """Return the levels to choose from."""
        return levels_to_choose(self.assessment)

    @property
    def is_filled(self) -> bool:
        """Return whether anything was chosen or typed."""
        return any(text.strip() for text in self.form.typed().values())

    @property
    def is_given(self) -> bool:
        """Return whether just this was given already: the form came twice."""
        return self.assessment.status is AssessmentStatus.SUBMITTED and answer_of(self.assessment) == self.form.answer()


@bp.route("/assessments/<uuid:assessment_id>/together", methods=["GET", "POST"])
@signed_in
def together(assessment_id: UUID) -> ResponseReturnValue:
    """Let an assessor give what was asked of one event on one screen: all that is filled in, or nothing."""
    asked = asked_of_me(assessment_id)
    token = Confirm()
    rows = [_row(one) for one in _chosen(asked)]
    status = 422 if request.method == "POST" else 200
    if token.validate_on_submit():
        filled = [row for row in rows if row.is_filled]
        sound = [row.form.validate() for row in filled]
        if filled and all(sound):
            try:
                return _given(_give(filled))
            except RuleBroken:
                rows, status = [_seen_again(one, row.form) for one, row in zip(_sent(), rows, strict=True)], 409
        elif not filled:
            token.form_errors.append(_("Fill in at least one of these."))
    return answered(render_template("assessments/together.html", rows=rows, form=token), status, token)


def _chosen(asked: Assessment) -> Sequence[Assessment]:
    """Return what waits of the same act or event; when the form comes back, the requests that it was about."""
    if request.method == "GET":
        return queries.waiting_together(db.session(), asked)[:MOST_TOGETHER]
    return [asked_of_me(one) for one in _sent()]


def _sent() -> list[UUID]:
    """Return the keys of the requests that the form was about."""
    return list(dict.fromkeys(request.form.getlist("row", type=UUID)))[:MOST_TOGETHER]


def _seen_again(assessment_id: UUID, form: AnswerForm) -> Row:
    """Return a row with its request as it is now, and all that was typed."""
    assessment = asked_of_me(assessment_id)
    form.version.data = seen_version(assessment)
    return Row(assessment, form)


def _row(one: Assessment) -> Row:
    kind = form_for(one.instrument.result, rating_scale(one), one.direction, facts_asked(one), items_of(one))
    draft = drafts.draft_of(db.session(), one, me()) if request.method == "GET" else None
    known = {"version": seen_version(one)}
    data = known | ({"revision": str(draft.revision)} | draft.typed if draft else {})
    return Row(one, kind(prefix=f"{one.id}-", meta={"csrf": False}, data=data))


def _give(filled: Sequence[Row]) -> int:
    """Give all of them or none, and return how many; what is refused stands beside its form.

    They are given in the order in which others lock them.
    """
    fresh = [row for row in filled if not row.is_given]
    keys = {id(row): (row.assessment.trainee_id, row.assessment.id) for row in fresh}
    with db.transaction() as session:
        if len(fresh) > 1:
            hold_requests(session, [row.assessment for row in fresh])
        for row in sorted(fresh, key=lambda one: keys[id(one)]):
            form, one = row.form, row.assessment
            try:
                actions.submit(session, one, form.answer(), seen=form.version.data, by=me(), at=clock.now())
                drafts.close(session, one, by=me(), seen=form.seen, sent=form.words())
            except StaleDataError as stale:
                form.refuse(broken := RuleBroken("changed_meanwhile"))
                raise broken from stale
            except RuleBroken as broken:
                form.refuse(broken)
                raise
    return len(filled)


def _given(count: int) -> ResponseReturnValue:
    """Answer that so many assessments are given."""
    said = ngettext("%(num)d assessment is given.", "%(num)d assessments are given.", count)
    return done(said, url_for(".waiting"))
