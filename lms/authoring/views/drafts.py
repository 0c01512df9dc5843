"""The list of drafts and programmes, and one draft with its parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from competencies.drafts import DraftState
from lms.accounts.permissions import me
from lms.authoring import actions, queries
from lms.authoring.editing import part_name, section_label, sections_label
from lms.authoring.editing.labels import SECTIONS
from lms.authoring.models import DraftPart
from lms.authoring.permissions import can_edit, can_retire, can_review, can_write_programmes, is_barred, writes_for
from lms.authoring.shapes import Kind, section_shapes
from lms.authoring.views.blueprint import bp, changed_since_approval, document_of, draft_seen, judged
from lms.core import clock, db
from lms.core.access import authorize, signed_in
from lms.core.forms import Confirm
from lms.core.words import _
from lms.curriculum.bindings import bindings_of
from lms.curriculum.queries import VersionLife, lives_of, loaded
from lms.organisations.permissions import my_duties


@bp.get("/drafts")
@signed_in
def drafts() -> ResponseReturnValue:
    """Show the drafts that a person may read, and the programmes of which they may start one."""
    duties, session = my_duties(), db.session()
    owners = queries.owners(session)
    lives = lives_of(session) if can_write_programmes(duties) else []
    return render_template(
        "authoring/drafts.html",
        drafts=queries.drafts_seen(session, duties),
        lives=[one for one in lives if writes_for(duties, owners.get(one.version.programme_id))],
        retirable={one.version.id for one in lives if _is_retirable(one, owners)},
        may_write=can_write_programmes(duties),
        today=duties.on,
    )


def _is_retirable(life: VersionLife, owners: Mapping[UUID, queries.Owner]) -> bool:
    return life.retirement is None and can_retire(my_duties(), owners.get(life.version.programme_id))


@bp.get("/drafts/<uuid:draft_id>")
@signed_in
def draft(draft_id: UUID) -> ResponseReturnValue:
    """Show one draft: its parts, what is still missing, and what can be done with it now."""
    shown, session, duties = draft_seen(draft_id), db.session(), my_duties()
    outside = loaded(session)
    around, checks = judged(shown, outside)
    reviews = queries.reviews_of(session, draft_id)
    bound = bindings_of(document_of(shown), outside) if shown.state is DraftState.APPROVED else []
    waits = shown.state in {DraftState.IN_REVIEW, DraftState.APPROVED}
    return render_template(
        "authoring/draft.html",
        draft=shown,
        sections=_sections(shown.parts),
        checks=checks,
        reviews=reviews,
        rebound=changed_since_approval(shown, reviews, bound),
        may_edit=can_edit(duties, shown),
        may_review=can_review(duties, shown),
        is_barred=can_write_programmes(duties) and is_barred(duties, shown),
        reviewers=queries.reviewers_of(session, shown, on=duties.on) if waits else (),
        part_name=partial(part_name, around=around),
        confirm=Confirm(),
    )


def _sections(parts: Sequence[DraftPart]) -> list[dict[str, object]]:
    """Return the sections of a draft in the order of its overview, each with its parts."""
    shapes = section_shapes()
    return [
        {
            "key": key,
            "title": sections_label(key),
            "one": section_label(key),
            "is_list": shapes[key].kind is Kind.MANY,
            "parts": sorted((part for part in parts if part.section == key), key=lambda part: part.position),
        }
        for key in SECTIONS
        if key in shapes
    ]


@bp.route("/drafts/<uuid:draft_id>/removal", methods=["GET", "POST"])
@signed_in
def discard(draft_id: UUID) -> ResponseReturnValue:
    """Give a draft up."""
    shown = draft_seen(draft_id)
    authorize(can_edit(my_duties(), shown))
    if request.method == "POST":
        with db.transaction() as session:
            actions.discard_draft(session, shown, by=me(), at=clock.now())
        flash(_("The draft is discarded. Its texts stay in its history."), "done")
        return redirect(url_for(".drafts"))
    return render_template("authoring/discard.html", draft=shown, confirm=Confirm())
