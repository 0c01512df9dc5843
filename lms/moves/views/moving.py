"""The page of a move: what it means for each trainee, who moves, and who did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from competencies.errors import RuleBroken
from competencies.versions import Outlook
from lms.accounts.permissions import me
from lms.cohorts.models import Enrolment, VersionMove
from lms.cohorts.permissions import READS_COHORTS
from lms.cohorts.values import mapping_of
from lms.core import clock, db
from lms.core.access import authorize, found, signed_in
from lms.core.jobs import ask_for
from lms.core.paging import Page
from lms.core.words import ngettext
from lms.curriculum import needs
from lms.moves import actions, queries
from lms.moves.forms import CohortConsentForm, ConsentForm, line_of
from lms.moves.jobs import move_cohort
from lms.moves.permissions import can_move, can_prepare_moves
from lms.moves.values import BothVersions
from lms.moves.views.blueprint import bp
from lms.moves.words import attained_words, refusal_words
from lms.organisations.permissions import my_duties
from lms.progress.queries import outlines_of

FIELDS = {
    "move_reason_missing": "reason",
    "move_revives_decision": "trainees",
    "moved_meanwhile": "trainees",
    "own_move": "trainees",
    "version_retired": "cohorts",
}


COHORT_FIELDS = {"move_reason_missing": "reason", "moved_meanwhile": "cohort", "version_retired": "new_ones_too"}


@bp.get("/programmes/<uuid:version_id>/moves")
@signed_in
def moves(version_id: UUID) -> ResponseReturnValue:
    """Show the moves away from a version, and the versions that one can go to."""
    session, duties = db.session(), my_duties()
    authorize(duties.has(*READS_COHORTS))
    version = found(queries.one_version(session, version_id))
    return render_template(
        "moves/moves.html",
        version=version,
        others=queries.other_versions(session, version),
        moves=queries.moves_of_version(session, duties, version),
        may_prepare=can_prepare_moves(duties) and bool(queries.places_with(session, duties, version)),
    )


@bp.get("/moves/<uuid:move_id>")
@signed_in
def move(move_id: UUID) -> ResponseReturnValue:
    """Show a move: what became of each EPA, what that means for whom, and who was moved."""
    shown = found(queries.one_move(db.session(), my_duties(), move_id))
    return _page(shown, None)


@bp.post("/moves/<uuid:move_id>/consent")
@signed_in
def consent(move_id: UUID) -> ResponseReturnValue:
    """Let a programme lead move trainees, with a reason."""
    session, duties = db.session(), my_duties()
    shown = found(queries.one_move(session, duties, move_id))
    authorize(can_move(duties, shown))
    waiting = _waiting(shown)
    form = ConsentForm().offer(waiting.rows, shown.to_version.version)
    if form.validate_on_submit():
        try:
            return _moved(move_id, form)
        except RuleBroken as broken:
            form.refuse(broken, FIELDS.get(broken.code))
            shown = found(queries.one_move(session, my_duties(), move_id))
    return _page(shown, form)


def _moved(move_id: UUID, form: ConsentForm) -> ResponseReturnValue:
    with db.transaction() as session:
        shown = found(queries.one_move(session, my_duties(), move_id))
        chosen = queries.followers_by_id(session, shown, form.trainees.data, by=me().id)
        if len(chosen) < len(form.trainees.data):
            raise RuleBroken("moved_meanwhile")
        actions.move_trainees(
            session,
            shown,
            chosen,
            versions=queries.both_versions(session, shown.from_version_id, shown.to_version_id),
            version=form.version.data or 0,
            reason=form.reason.data,
            cohorts={one.cohort for one in chosen} if form.cohorts.data else (),
            by=me(),
            at=clock.now(),
        )
    flash(ngettext("%(num)s trainee was moved.", "%(num)s trainees were moved.", len(chosen)), "done")
    return redirect(url_for(".move", move_id=move_id, **_place()))


@bp.post("/moves/<uuid:move_id>/cohort-consent")
@signed_in
def consent_for_cohort(move_id: UUID) -> ResponseReturnValue:
    """Let a programme lead have a whole cohort moved, with a reason."""
    session, duties = db.session(), my_duties()
    shown = found(queries.one_move(session, duties, move_id))
    authorize(can_move(duties, shown))
    form = _cohort_form(shown)
    if form.validate_on_submit():
        try:
            number = _handed_over(move_id, form)
            said = ngettext("%(num)s trainee is being moved.", "%(num)s trainees are being moved.", number)
            flash(said, "done")
            return redirect(url_for(".move", move_id=move_id))
        except RuleBroken as broken:
            form.refuse(broken, COHORT_FIELDS.get(broken.code))
            shown = found(queries.one_move(session, my_duties(), move_id))
    return _page(shown, None, whole=form)


def _handed_over(move_id: UUID, form: CohortConsentForm) -> int:
    """Let a worker move who follows the old version in the cohort, and return how many these are."""
    with db.transaction() as session:
        shown = found(queries.one_move(session, my_duties(), move_id))
        chosen = queries.followers_in(session, shown, form.cohort.data, by=me().id)
        actions.consent_for(
            session,
            shown,
            chosen,
            version=form.version.data or 0,
            reason=form.reason.data,
            new_ones_too=form.new_ones_too.data,
            by=me(),
            at=clock.now(),
        )
        ids = " ".join(str(one.id) for one in chosen)
        reason = form.reason.data.strip()
        ask_for(session, move_cohort, move_id=str(move_id), user_id=str(me().id), reason=reason, enrolment_ids=ids)
        return len(chosen)


def _cohort_form(shown: VersionMove, **stored: Any) -> CohortConsentForm:
    """Return the form for a whole cohort; its fields have names of their own, as another form stands beside it."""
    cohorts = queries.cohorts_of_followers(db.session(), shown, by=me().id)
    form = CohortConsentForm(prefix="whole", version=shown.version, **stored)
    return form.offer(cohorts, shown.to_version.version)


def _place() -> dict[str, Any]:
    """Return where in the list of trainees the reader is, and whether their requirements are judged."""
    after = request.args.get("after", type=UUID)
    judged = {"judged": "1"} if "judged" in request.args else {}
    return ({"after": str(after)} if after else {}) | judged


def _waiting(shown: VersionMove) -> Page[Enrolment]:
    """Return who can be moved where the reader is in the list; with nobody behind that place, the first."""
    session, after = db.session(), request.args.get("after", type=UUID)
    behind = queries.followers(session, shown, by=me().id, after=after)
    return behind if behind.rows or after is None else queries.followers(session, shown, by=me().id)


def _page(
    shown: VersionMove, form: ConsentForm | None, *, whole: CohortConsentForm | None = None
) -> ResponseReturnValue:
    session, duties = db.session(), my_duties()
    versions = queries.both_versions(session, shown.from_version_id, shown.to_version_id)
    mapping = mapping_of(shown.mapping)
    may_move = can_move(duties, shown)
    page: Page[Enrolment] = _waiting(shown) if may_move else Page((), None)
    waiting, place = page.rows, _place()
    outlooks = queries.outlooks_of(session, shown, mapping, versions, waiting, judged="judged" in place, on=duties.on)
    count = queries.count_followers(session, shown, by=me().id) if may_move else 0
    if whole is None and count > len(waiting):
        whole = _cohort_form(shown, formdata=None)
    moved = queries.moved_by(session, shown.id, after=request.args.get("moved_after", type=UUID))
    answer = render_template(
        "moves/move.html",
        move=shown,
        mapping=mapping,
        by_id=versions.by_id,
        changes=versions.changes_of_scale(mapping),
        line_of=line_of,
        waiting=waiting,
        place=place,
        next_cursor=page.next_cursor,
        count=count,
        outlooks=outlooks,
        refusal_words=refusal_words,
        begins_on=queries.begins_later(session, shown.to_version_id, on=duties.on),
        form=form or (_consent_form(shown, waiting, outlooks) if may_move else None),
        whole=whole,
        is_at_work=may_move and shown.used_at is not None and queries.is_at_work(session, shown.id),
        moved=moved,
        is_later="moved_after" in request.args,
        may_move=may_move,
    )
    return answer, 422 if request.method == "POST" else 200


def _consent_form(shown: VersionMove, waiting: Sequence[Enrolment], outlooks: Mapping[UUID, Outlook]) -> ConsentForm:
    """Return the form for those who can move; everybody whom nothing forbids is ticked where the address says so."""
    ticked = [one.id for one in waiting if outlooks[one.id].refusal is None] if "all" in request.args else []
    return ConsentForm(version=shown.version, trainees=ticked).offer(waiting, shown.to_version.version)


@bp.get("/moves/<uuid:move_id>/enrolments/<uuid:enrolment_id>")
@signed_in
def outlook(move_id: UUID, enrolment_id: UUID) -> ResponseReturnValue:
    """Show what a move would mean for one trainee, EPA by EPA."""
    session, duties = db.session(), my_duties()
    shown = found(queries.one_move(session, duties, move_id))
    authorize(can_move(duties, shown))
    enrolment = found(next(iter(queries.followers_by_id(session, shown, [enrolment_id], by=me().id)), None))
    versions = queries.both_versions(session, shown.from_version_id, shown.to_version_id)
    told = _outlook_of(shown, versions, enrolment)
    outlines = outlines_of(session, [shown.from_version_id, shown.to_version_id])
    return render_template(
        "moves/outlook.html",
        move=shown,
        enrolment=enrolment,
        outlook=told,
        refusal=refusal_words(told),
        attained=[attained_words(one, outlines[shown.from_version_id]) for one in told.attained_behind],
        by_id=versions.by_id,
        outline=outlines[shown.to_version_id],
        line_of=line_of,
        needs=needs,
        on=duties.on,
    )


def _outlook_of(shown: VersionMove, versions: BothVersions, enrolment: Enrolment) -> Outlook:
    mapping, on = mapping_of(shown.mapping), my_duties().on
    return queries.outlooks_of(db.session(), shown, mapping, versions, [enrolment], judged=True, on=on)[enrolment.id]
