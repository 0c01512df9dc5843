"""Where the pages on drafts hang together."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint

from lms.authoring import queries
from lms.authoring.checking import Checklist, checklist
from lms.authoring.documents import assembled
from lms.authoring.editing import Around
from lms.authoring.models import Draft
from lms.core import db
from lms.core.access import found
from lms.curriculum.queries import versions_of
from lms.organisations.permissions import my_duties

bp = Blueprint("authoring", __name__)


def draft_seen(draft_id: UUID) -> Draft:
    """Return the draft, or answer 404 to who may not read it."""
    return found(queries.one_draft(db.session(), my_duties(), draft_id))


def document_of(draft: Draft) -> dict[str, Any]:
    """Return what the draft says now, as the file that it would become."""
    return assembled(draft.parts)


def judged(draft: Draft) -> tuple[Around, Checklist]:
    """Return what surrounds the parts of the draft, and what stands in the way of publishing it."""
    document, session = document_of(draft), db.session()
    surroundings = queries.around(session, document)
    taken = [] if not draft.state.is_open else versions_of(session, draft.programme_key)
    return surroundings, checklist(document, draft.parts, surroundings.known, taken=taken)
