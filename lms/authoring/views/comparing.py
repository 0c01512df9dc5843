"""Two versions side by side, word by word."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from lms.authoring.comparing import compared
from lms.authoring.editing import section_label
from lms.authoring.views.blueprint import bp, document_of, draft_seen
from lms.core import db
from lms.core.access import found, signed_in
from lms.curriculum.queries import VersionLife, life_of, lives_of
from lms.curriculum.queries import document_of as document_of_version


@bp.get("/drafts/<uuid:draft_id>/comparison")
@signed_in
def comparison(draft_id: UUID) -> ResponseReturnValue:
    """Show what a draft changes: against the version that it began with, or another one."""
    draft = draft_seen(draft_id)
    lives = lives_of(db.session(), [draft.programme_key])
    other = _other(lives, draft.based_on_id)
    before = document_of_version(db.session(), other) if other else {}
    return render_template(
        "authoring/comparison.html",
        heading=draft.title,
        after=draft.label,
        back=draft,
        changes=compared(before, document_of(draft)),
        lives=lives,
        other=other,
        section_label=section_label,
        version=None,
    )


@bp.get("/programmes/<uuid:version_id>/comparison")
@signed_in
def version_comparison(version_id: UUID) -> ResponseReturnValue:
    """Show what a version changed: against the one before it, or another one."""
    life = found(life_of(db.session(), version_id))
    lives = [one for one in lives_of(db.session(), [life.version.programme.key]) if one.version.id != version_id]
    older = [one.version.id for one in lives if one.version.loaded_at < life.version.loaded_at]
    other = _other(lives, next(iter(older), None))
    before = document_of_version(db.session(), other) if other else {}
    return render_template(
        "authoring/comparison.html",
        heading=life.version.title,
        after=life.version.version,
        back=None,
        changes=compared(before, document_of_version(db.session(), version_id)),
        lives=lives,
        other=other,
        section_label=section_label,
        version=life.version,
    )


def _other(lives: Sequence[VersionLife], standard: UUID | None) -> UUID | None:
    """Return the version to compare with: the one that was asked for, else the usual one; 404 for a stranger."""
    asked = request.args.get("with", type=UUID)
    if asked is not None and asked not in {one.version.id for one in lives}:
        raise NotFound
    known = {one.version.id for one in lives}
    return asked or (standard if standard in known else next(iter(known), None))
