"""A draft as trainees will see it: the very pages of a programme and an EPA, on a version that is gone afterwards.

The draft is loaded by the importer within a savepoint, shown by the views of the curriculum, and rolled back: nothing
of it is ever stored, and what the preview shows is what publishing makes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from flask import current_app, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.authoring import queries
from lms.authoring.completing import made_whole
from lms.authoring.documents import PROGRAMME, Data
from lms.authoring.models import Draft
from lms.authoring.views.blueprint import bp, document_of, draft_seen
from lms.core import clock, db
from lms.core.access import found, signed_in
from lms.core.words import _
from lms.curriculum.actions import load_programme
from lms.curriculum.models import Epa
from lms.curriculum.queries import known
from lms.curriculum.schemas.source import Document


@bp.get("/drafts/<uuid:draft_id>/preview")
@signed_in
def preview(draft_id: UUID) -> ResponseReturnValue:
    """Show the programme as trainees will see it."""
    draft = draft_seen(draft_id)
    whole = made_whole(document_of(draft), known(db.session()))
    if whole is None:
        return render_template("authoring/no_preview.html", draft=draft)
    with _loaded(db.session(), draft, whole) as (version_id, epas):
        page = _shown("curriculum.programme", version_id=version_id)
    return _with_own_links(page, draft, version_id, epas)


@bp.get("/drafts/<uuid:draft_id>/preview/<uuid:part_id>")
@signed_in
def preview_epa(draft_id: UUID, part_id: UUID) -> ResponseReturnValue:
    """Show an EPA as trainees will see it."""
    draft = draft_seen(draft_id)
    part = found(queries.part_in(draft, part_id))
    whole = made_whole(document_of(draft), known(db.session()))
    if whole is None or part.section != "epas":
        return render_template("authoring/no_preview.html", draft=draft)
    with _loaded(db.session(), draft, whole) as (version_id, epas):
        epa_id = found(next((one for one, shown in epas.items() if shown == part_id), None))
        page = _shown("curriculum.epa", epa_id=epa_id)
    return _with_own_links(page, draft, version_id, epas)


@contextmanager
def _loaded(session: Session, draft: Draft, whole: Data) -> Iterator[tuple[UUID, dict[UUID, UUID]]]:
    """Give a version of the draft with the parts of its EPAs, for the length of a block, and take it back."""
    parts = {part.key: part.id for part in draft.parts if part.section == "epas" and part.key}
    whole[PROGRAMME] |= {"version": _("%(version)s (preview)", version=whole[PROGRAMME]["version"])}
    point = session.begin_nested()
    try:
        version_id = load_programme(session, Document(_("Draft"), whole, {}), by=None, at=clock.now()).version_id
        epas = session.execute(select(Epa.id, Epa.key).where(Epa.programme_version_id == version_id))
        yield version_id, {row.id: parts[row.key] for row in epas if row.key in parts}
    finally:
        point.rollback()


def _shown(endpoint: str, **values: UUID) -> str:
    """Return the page that a view of the curriculum shows, its links leading where they do on that page."""
    flash(_("This is a preview: trainees see it so once it is published."), "warning")
    own = request.url_rule
    request.url_rule = next(rule for rule in current_app.url_map.iter_rules() if rule.endpoint == endpoint)
    try:
        return str(current_app.view_functions[endpoint](**values))
    finally:
        request.url_rule = own


def _with_own_links(page: str, draft: Draft, version_id: UUID, epas: dict[UUID, UUID]) -> str:
    """Return the page with the links to what is gone leading to its preview."""
    here = url_for("curriculum.programme", version_id=version_id)
    page = page.replace(f'"{here}"', f'"{url_for(".preview", draft_id=draft.id)}"')
    for epa_id, part_id in epas.items():
        there = url_for("curriculum.epa", epa_id=epa_id)
        page = page.replace(f'"{there}"', f'"{url_for(".preview_epa", draft_id=draft.id, part_id=part_id)}"')
    return page
