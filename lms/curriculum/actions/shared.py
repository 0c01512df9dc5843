"""Loading the scales and the vocabulary, which all programmes share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session, selectinload

from competencies.errors import RuleBroken
from lms.core import audit
from lms.core.db import Base
from lms.core.keys import uuid7
from lms.curriculum.actions.content import content_hash
from lms.curriculum.models import (
    AssessmentInstrument,
    CatalogueFile,
    CompetencyDomain,
    Framework,
    InstrumentForm,
    RatingScale,
    ReservedAction,
    ScaleLevel,
    VocabularyTerm,
)
from lms.curriculum.queries.shared import latest_scales
from lms.curriculum.queries.shared_documents import SCALES, VOCABULARY
from lms.curriculum.schemas.checking import check_scales, check_vocabulary
from lms.curriculum.schemas.shared import TERM_KINDS
from lms.curriculum.schemas.source import Document

Data = dict[str, Any]


def take_turns(session: Session) -> None:
    """Wait for whoever is loading scales or words, which count for everybody; the next one waits till the commit."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("shared files", 0))))


def load_scales(session: Session, document: Document, *, by: UUID | None, at: datetime) -> bool:
    """Load what is new in a file of scales and return whether anything was.

    Raises CurriculumRefused for a wrong file and RuleBroken("version_published") for a loaded version that changed.
    """
    take_turns(session)
    file = _file(session, SCALES)
    if file and file.content_hash == content_hash(document.data):
        return False
    check_scales(document)
    loaded = {(key, version): digest for key, version, digest in session.execute(_SCALE_HASHES)}
    for position, scale in enumerate(document.data["scales"], start=1):
        name, digest = (scale["id"], scale["version"]), content_hash(scale)
        if loaded.get(name, digest) != digest:
            raise RuleBroken("version_published", name=scale["id"], version=scale["version"])
        if name not in loaded:
            _add_scale(session, scale, position=position, by=by, at=at)
    _note_file(session, file, SCALES, document.data, by=by, at=at)
    return True


_SCALE_HASHES = select(RatingScale.key, RatingScale.version, RatingScale.content_hash)


_SCALE_COLUMNS = (
    "version",
    "title",
    "kind",
    "set_by",
    "questions",
    "entrusted_from",
    "parent_scale",
    "provenance",
    "provenance_by_field",
    "sources",
    "note",
)


def _add_scale(session: Session, scale: Data, *, position: int, by: UUID | None, at: datetime) -> None:
    scale_id = uuid7()
    row = {name: scale[name] for name in _SCALE_COLUMNS}
    row |= {"id": scale_id, "key": scale["id"], "position": position, "content_hash": content_hash(scale)}
    session.execute(insert(RatingScale), [row])
    session.execute(insert(ScaleLevel), [_level(scale_id, level) for level in scale["levels"]])
    audit.record(
        session, "scale.loaded", subject=scale_id, by=by, at=at, after={"key": scale["id"], "version": scale["version"]}
    )


def _level(scale_id: UUID, level: Data) -> Data:
    row = {name: level[name] for name in ("code", "rank", "title", "meaning", "entrusted")}
    return row | {
        "scale_id": scale_id,
        "parent_code": level["parent"],
        "group_title": level["group"],
        "questions": level.get("questions"),
    }


def load_vocabulary(session: Session, document: Document, *, by: UUID | None, at: datetime) -> bool:
    """Bring the words up to date with the vocabulary and return whether anything changed.

    Titles may change. A key that is gone, an instrument that comes to mean something else and a changed framework
    under the same version are refused with RuleBroken; a wrong file with CurriculumRefused.
    """
    take_turns(session)
    file, data = _file(session, VOCABULARY), document.data
    if file and file.content_hash == content_hash(data):
        return False
    check_vocabulary(document, latest_scales(session))
    _bring_up_to_date(session, AssessmentInstrument, map(_instrument, data["instruments"]), fixed=_INSTRUMENT_MEANING)
    _add_forms(session, data["instruments"])
    _bring_up_to_date(session, ReservedAction, data["reserved_actions"])
    _bring_up_to_date(
        session, VocabularyTerm, (term | {"kind": kind} for kind in TERM_KINDS for term in data[kind]), group="kind"
    )
    _load_framework(session, data["competency_framework"])
    _note_file(session, file, VOCABULARY, data, by=by, at=at)
    return True


_INSTRUMENT_MEANING = ("result", "scale_key", "direct_observation")
"""What may not change of an instrument: the assessments that were made with it would mean something else."""


def _instrument(instrument: Data) -> Data:
    names = ("key", "title", "meaning", "result", "direct_observation", "provenance")
    return {name: instrument[name] for name in names} | {"scale_key": instrument["scale"]}


def _add_forms(session: Session, instruments: Iterable[Data]) -> None:
    """Add the versions of forms that are not there, and refuse one that changed; none is ever taken away."""
    loaded = {(form.instrument_key, form.version): form for form in session.scalars(select(InstrumentForm))}
    for instrument in instruments:
        for form in instrument.get("forms", ()):
            name = (instrument["key"], form["version"])
            there = loaded.get(name)
            if there is None:
                session.add(InstrumentForm(instrument_key=instrument["key"], **form))
            elif any(getattr(there, column) != form[column] for column in _OF_A_FORM):
                raise RuleBroken("version_published", name=name[0], version=name[1])
    session.flush()


_OF_A_FORM = ("direction", "items", "provenance")


def _bring_up_to_date(
    session: Session, model: type[Base], blocks: Iterable[Data], *, fixed: tuple[str, ...] = (), group: str = ""
) -> None:
    """Make the rows of a table those of the file: new keys are added, words changed, and no key is ever taken away."""
    rows = {_name(row.__dict__, group): row for row in session.scalars(select(model))}
    positions: dict[str, int] = {}
    for block in blocks:
        place = block.get(group, "")
        positions[place] = positions.get(place, 0) + 1
        row = rows.pop(_name(block, group), None)
        if row is None:
            session.add(model(**block, position=positions[place]))
        else:
            _change(row, block | {"position": positions[place]}, fixed)
    if rows:
        raise RuleBroken("vocabulary_key_gone", key=min(rows)[1])
    session.flush()


def _name(block: Mapping[str, Any], group: str) -> tuple[str, str]:
    return block.get(group, ""), block["key"]


def _change(row: Base, block: Data, fixed: tuple[str, ...]) -> None:
    for name in fixed:
        if getattr(row, name) != block[name]:
            raise RuleBroken("instrument_meaning", key=block["key"])
    for name, value in block.items():
        if getattr(row, name) != value:
            setattr(row, name, value)


def _load_framework(session: Session, block: Data) -> None:
    """Add this version of the shared framework unless it is there, and refuse other content under the same version."""
    loaded = session.scalars(
        select(Framework)
        .where(
            Framework.programme_version_id.is_(None),
            Framework.key == block["id"],
            Framework.version == str(block["version"]),
        )
        .options(selectinload(Framework.domains))
    ).one_or_none()
    if loaded is None:
        _add_framework(session, block)
    elif [(one.key, one.title) for one in loaded.domains] != [(one["key"], one["title"]) for one in block["areas"]]:
        raise RuleBroken("version_published", name=block["id"], version=block["version"])


def _add_framework(session: Session, block: Data) -> None:
    framework_id = uuid7()
    row = {name: block[name] for name in ("title", "provenance", "sources")}
    row |= {"id": framework_id, "key": block["id"], "version": str(block["version"]), "position": block["version"]}
    session.execute(insert(Framework), [row | {"dimensions": [], "levels": []}])
    plain = {"order_known": False, "dimensions": [], "elements": [], "indicators": [], "sources": block["sources"]}
    domains = [
        plain | {"framework_id": framework_id, "position": position, "provenance": block["provenance"]} | area
        for position, area in enumerate(block["areas"], start=1)
    ]
    session.execute(insert(CompetencyDomain), domains)


def _file(session: Session, name: str) -> CatalogueFile | None:
    return session.scalars(select(CatalogueFile).where(CatalogueFile.name == name)).one_or_none()


def _note_file(
    session: Session, file: CatalogueFile | None, name: str, data: Data, *, by: UUID | None, at: datetime
) -> None:
    """Remember which file was loaded last, and record it."""
    before = {"content": file.content_hash.hex()} if file else None
    if file is None:
        file = CatalogueFile(id=uuid7(), name=name)
        session.add(file)
    file.source_urls, file.content_hash, file.loaded_at = data["sources"], content_hash(data), at
    session.flush()
    after = {"content": file.content_hash.hex()}
    audit.record(session, f"{name}.loaded", subject=file.id, by=by, at=at, before=before, after=after)
