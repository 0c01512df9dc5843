"""The pages of one trainee: a programme as a whole, and everything on one EPA."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from competencies.entrustment import Decision
from lms.accounts.permissions import me
from lms.charts import levels
from lms.cohorts.models import Enrolment
from lms.cohorts.permissions import READS_COHORTS, can_change_enrolment, can_read_trail
from lms.cohorts.queries import moves_of, one_enrolment, one_enrolment_in_short
from lms.concerns.permissions import can_note_concerns
from lms.core import db
from lms.core.access import found, signed_in
from lms.core.pictures import answer as answer_picture
from lms.curriculum import needs
from lms.entrustment.permissions import can_decide
from lms.entrustment.queries import held_on
from lms.logbook.permissions import can_log
from lms.organisations.permissions import Duties, my_duties
from lms.progress import captions, pictures, queries
from lms.progress.values import EpaInProgramme, ProgrammeOutline, Rated
from lms.progress.views.blueprint import bp
from lms.standings.queries import sources_of


@bp.get("/enrolments/<uuid:enrolment_id>")
@signed_in
def enrolment(enrolment_id: UUID) -> ResponseReturnValue:
    """Show one trainee in one programme: every EPA with its level, its requirements and what is expected next."""
    session, duties = db.session(), my_duties()
    shown = found(one_enrolment(session, duties, enrolment_id))
    moves = moves_of(session, [shown]).get(shown.id, ())
    lines = queries.lines_of(session, [shown], on=duties.on)[shown.id]
    types = dict.fromkeys(line.epa.type for line in lines)
    return render_template(
        "progress/enrolment.html",
        enrolment=shown,
        lines=lines,
        groups=[(kind, [line for line in lines if line.epa.type is kind]) for kind in types],
        outline=_outline(shown),
        moves=moves,
        behind=queries.left_behind(session, shown, moves, on=duties.on),
        captions=captions,
        needs=needs,
        today=duties.on,
        **_allowed(duties, shown),
    )


@bp.get("/enrolments/<uuid:enrolment_id>/completion")
@signed_in
def completion(enrolment_id: UUID) -> ResponseReturnValue:
    """Show how far one trainee is with every rule of the diploma: what counted, what did not and why, what lacks."""
    session, duties = db.session(), my_duties()
    shown = found(one_enrolment(session, duties, enrolment_id))
    return render_template(
        "progress/completion.html",
        enrolment=shown,
        standing=queries.completion_standing(session, shown, on=duties.on),
        outline=_outline(shown),
        needs=needs,
    )


def _outline(enrolment: Enrolment) -> ProgrammeOutline:
    version_id = enrolment.programme_version_id
    return queries.outlines_of(db.session(), [version_id])[version_id]


def _allowed(duties: Duties, enrolment: Enrolment) -> dict[str, bool]:
    """Return what the reader may do to the enrolment and where they may go from it."""
    leads = enrolment.cohort.lead_id == duties.user_id
    return {
        "may_log": can_log(me(), enrolment, duties.on),
        "may_change": can_change_enrolment(duties, enrolment),
        "may_note_concerns": can_note_concerns(duties, enrolment),
        "may_decide": can_decide(duties, enrolment),
        "may_read_trail": can_read_trail(duties, enrolment),
        "may_see_cohort": leads or enrolment.cohort.organisation_id in duties.places(*READS_COHORTS),
        "is_own": enrolment.trainee_id == duties.user_id,
    }


@bp.get("/enrolments/<uuid:enrolment_id>/epas/<uuid:epa_id>")
@signed_in
def dossier(enrolment_id: UUID, epa_id: UUID) -> ResponseReturnValue:
    """Show everything of one trainee on one EPA: what is in force, what counts, what lacks, and all assessments."""
    session, duties = db.session(), my_duties()
    shown = found(one_enrolment(session, duties, enrolment_id))
    moves = moves_of(session, [shown]).get(shown.id, ())
    outline = found(queries.outline_with(session, shown, moves, epa_id))
    epa = found(outline.epa(epa_id))
    known = queries.dossier_of(session, shown, epa, on=duties.on, before=request.args.get("before"))
    return render_template(
        "progress/dossier.html",
        enrolment=shown,
        outline=outline,
        epa=epa,
        moves=moves,
        is_earlier=outline is not _outline(shown),
        dossier=known,
        picture=_levels_shown(duties, shown, epa, known.ratings, known.values),
        captions=captions,
        needs=needs,
        pictures=pictures,
        today=duties.on,
        **_allowed(duties, shown),
    )


@bp.get("/enrolments/<uuid:enrolment_id>/epas/<uuid:epa_id>/levels.svg")
@signed_in
def levels_chart(enrolment_id: UUID, epa_id: UUID) -> ResponseReturnValue:
    """Draw the levels of one trainee on one EPA over time."""
    session, duties = db.session(), my_duties()
    shown = found(one_enrolment_in_short(session, duties, enrolment_id))
    moves = moves_of(session, [shown]).get(shown.id, ())
    epa = found(found(queries.outline_with(session, shown, moves, epa_id)).epa(epa_id))
    width = pictures.levels_width(request.args.get("size"))
    sources = sources_of(session, enrolment_id).get(epa_id, ()) if moves else ()
    version = queries.version_of(session, enrolment_id, (epa_id, *sources))

    def draw() -> bytes:
        ratings = queries.ratings_over_time(session, enrolment_id, epa, sources)
        values = [one.value for one in held_on(session, shown, epa_id)]
        picture = _levels_shown(duties, shown, epa, ratings, values)
        return pictures.draw_levels(picture, epa, width=width)

    facts = (enrolment_id, shown.version, epa_id, version, duties.on, width)
    return answer_picture("levels", *facts, draw=draw)


def _levels_shown(
    duties: Duties, enrolment: Enrolment, epa: EpaInProgramme, ratings: Sequence[Rated], decisions: Sequence[Decision]
) -> levels.LevelsOverTime:
    """Return what the chart shows: from the start of the enrolment until its end or today."""
    until = max(min(enrolment.ended_on or duties.on, duties.on), enrolment.starts_on)
    return pictures.levels_shown(epa, ratings, decisions, since=enrolment.starts_on, until=until)
