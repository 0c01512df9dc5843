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
from lms.core.paging import Page
from lms.core.words import ngettext
from lms.curriculum import needs
from lms.moves import actions, queries
from lms.moves.forms import ConsentForm, line_of
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


def _page(shown: VersionMove, form: ConsentForm | None) -> ResponseReturnValue:
    session, duties = db.session(), my_duties()
    versions = queries.both_versions(session, shown.from_version_id, shown.to_version_id)
    mapping = mapping_of(shown.mapping)
    may_move = can_move(duties, shown)
    page: Page[Enrolment] = _waiting(shown) if may_move else Page((), None)
    waiting, place = page.rows, _place()
    outlooks = queries.outlooks_of(session, shown, mapping, versions, waiting, judged="judged" in place, on=duties.on)
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
        count=queries.count_followers(session, shown, by=me().id) if may_move else 0,
        outlooks=outlooks,
        refusal_words=refusal_words,
        begins_on=queries.begins_later(session, shown.to_version_id, on=duties.on),
        form=form or (_consent_form(shown, waiting, outlooks) if may_move else None),
        moved=queries.moved_by(session, shown.id),
        may_move=may_move,
    )
    return answer, 422 if form is not None else 200


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
