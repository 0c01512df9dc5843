"""Importing the scales and the vocabulary: tried out first, because the rules of loading them say what may change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from competencies.errors import RuleBroken
from lms.core.words import label, rule_text
from lms.curriculum.actions import load_scales, load_vocabulary
from lms.curriculum.queries import scales_document, vocabulary_document
from lms.curriculum.schemas.problems import CurriculumRefused
from lms.curriculum.schemas.source import Document
from lms.exchange.codecs import ImportedShared
from lms.exchange.comparing import Preview, changes_between, things_of_shared
from lms.exchange.models import Import, ImportKind
from lms.exchange.queries.wholes import catalogue_file
from lms.search.actions import index_missing

Load = Callable[..., bool]

KINDS: Mapping[str, ImportKind] = {
    "bekwaam-scales/1": ImportKind.SCALES,
    "bekwaam-vocabulary/1": ImportKind.VOCABULARY,
}
LOADS: Mapping[ImportKind, Load] = {ImportKind.SCALES: load_scales, ImportKind.VOCABULARY: load_vocabulary}
DOCUMENTS: Mapping[ImportKind, Callable[[Session], dict[str, Any]]] = {
    ImportKind.SCALES: scales_document,
    ImportKind.VOCABULARY: vocabulary_document,
}


@dataclass(frozen=True, slots=True)
class SharedPlan:
    """Scales or a vocabulary that are to be loaded."""

    preview: Preview
    document: Document


def shared_plan(session: Session, one: Import, imported: ImportedShared) -> SharedPlan:
    """Return what loading would do now; raise CurriculumRefused where its rules refuse that."""
    document = imported.source
    kind = KINDS[document.data["schema"]]
    _try(session, document, kind, at=one.uploaded_at)
    before, after = things_of_shared(DOCUMENTS[kind](session)), things_of_shared(document.data)
    if kind is ImportKind.SCALES:
        before = {name: what for name, what in before.items() if name in after}  # A scale is never taken away.
    preview = Preview(
        kind=kind,
        title=label(kind),
        target_key=kind.value,
        base_hash=catalogue_file(session, kind.value).content_hash,
        lines=tuple(changes_between(before, after)),
    )
    return SharedPlan(preview, document)


def _try(session: Session, document: Document, kind: ImportKind, *, at: datetime) -> None:
    """Load a file and undo that again."""
    attempt = session.begin_nested()
    try:
        LOADS[kind](session, document, by=None, at=at)
    except RuleBroken as broken:
        raise CurriculumRefused([document.problem((), rule_text(broken))]) from broken
    finally:
        if attempt.is_active:
            attempt.rollback()
        session.expire_all()


def load_shared(session: Session, plan: SharedPlan, *, by: UUID, at: datetime) -> UUID:
    """Load scales or a vocabulary for everybody, let what they bring be found, and return the key of the file."""
    LOADS[plan.preview.kind](session, plan.document, by=by, at=at)
    index_missing(session)
    return catalogue_file(session, plan.preview.kind.value).id
