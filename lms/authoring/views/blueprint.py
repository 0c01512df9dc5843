"""Where the pages on drafts hang together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, request

from competencies.drafts import DraftState
from lms.authoring import queries
from lms.authoring.checking import Checklist, checklist
from lms.authoring.documents import assembled
from lms.authoring.editing import Around
from lms.authoring.models import Draft, DraftReview
from lms.core import db
from lms.core.access import found
from lms.curriculum.bindings import Binding, Rebound, from_data, rebound
from lms.curriculum.queries import Loaded, loaded, versions_of
from lms.organisations.permissions import my_duties

bp = Blueprint("authoring", __name__)


def draft_seen(draft_id: UUID) -> Draft:
    """Return the draft, or answer 404 to who may not read it."""
    return found(queries.one_draft(db.session(), my_duties(), draft_id))


def document_of(draft: Draft) -> dict[str, Any]:
    """Return what the draft says now, as the file that it would become."""
    return assembled(draft.parts)


def revision_sent() -> int:
    """Return at which revision the sender read what they send; 0 where the form does not say."""
    typed = request.form.get("revision", "")
    return int(typed) if re.fullmatch(r"\d{1,9}", typed, re.ASCII) else 0


def judged(draft: Draft, outside: Loaded | None = None) -> tuple[Around, Checklist]:
    """Return what surrounds the parts of the draft, and what stands in the way of publishing it."""
    document, session = document_of(draft), db.session()
    surroundings = queries.around(document, outside or loaded(session))
    taken = [] if not draft.state.is_open else versions_of(session, draft.programme_key)
    return surroundings, checklist(document, draft.parts, surroundings.known, taken=taken)


def changed_since_approval(draft: Draft, reviews: Sequence[DraftReview], now: Sequence[Binding]) -> list[Rebound]:
    """Return what an approved draft means otherwise outside itself than when it was approved; newest review first."""
    return rebound(from_data(reviews[0].bindings), now) if draft.state is DraftState.APPROVED and reviews else []
