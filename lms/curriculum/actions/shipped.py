"""The shared files that ship with the product, loaded beside what people here added to them and worded otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from lms.core import audit
from lms.curriculum.actions.shared import load_scales, load_vocabulary, take_turns
from lms.curriculum.models import CatalogueFile
from lms.curriculum.queries.shared_documents import SCALES, VOCABULARY, scales_document, vocabulary_document
from lms.curriculum.schemas.checking import kind_of
from lms.curriculum.schemas.source import Document

Data = dict[str, Any]
Named = Mapping[tuple[str, Any], Data]

NAMES = {"bekwaam-scales/1": SCALES, "bekwaam-vocabulary/1": VOCABULARY}
LOADS: Mapping[str, Callable[..., bool]] = {SCALES: load_scales, VOCABULARY: load_vocabulary}
DOCUMENTS: Mapping[str, Callable[[Session], Data]] = {SCALES: scales_document, VOCABULARY: vocabulary_document}


def load_shipped(session: Session, document: Document, *, by: UUID | None, at: datetime) -> None:
    """Load shipped scales or a shipped vocabulary: what is added or worded otherwise here stays.

    Raises what loading the file raises.
    """
    take_turns(session)
    name = NAMES[kind_of(document)]
    file = _file(session, name)
    data = document.data
    if file is not None:
        ours = DOCUMENTS[name](session)
        data = _with_ours(data, ours, file.shipped or _shipped_before(session, file, ours, data))
    LOADS[name](session, Document(document.name, data, document.lines), by=by, at=at)
    file = file or _file(session, name)
    if file is not None:
        file.shipped = document.data
    session.flush()


def _file(session: Session, name: str) -> CatalogueFile | None:
    wanted = select(CatalogueFile).where(CatalogueFile.name == name)
    return session.scalars(wanted.options(undefer(CatalogueFile.shipped))).one_or_none()


def _shipped_before(session: Session, file: CatalogueFile, ours: Data, shipped: Data) -> Data:
    """Return what shipped last where that was not written down yet: of the words that ship now, those that are here.

    Once somebody imported a file nobody knows any more what shipped, and all that is here counts as ours. So do blocks
    with a version of their own, which never change.
    """
    chain = audit.trail_of(session, subject=file.id)
    if any(entry.actor_id for entry in chain):
        return {}
    words = {name: _named(blocks) for name, blocks in shipped.items() if isinstance(blocks, list)}
    return {
        name: [block for block in ours[name] if "version" not in block and _name(block) in there]
        for name, there in words.items()
    }


def _with_ours(shipped: Data, ours: Data, last: Data) -> Data:
    """Return a shipped file with what is ours in it; `last` is the file that shipped before it."""
    data = shipped | {"sources": ours["sources"] | shipped["sources"]}
    for name, value in shipped.items():
        if isinstance(value, list):
            data[name] = _blocks(value, _named(ours.get(name, ())), _named(last.get(name, ())))
    name = "competency_framework"
    if name in shipped:
        was = _named([last[name]] if name in last else ())
        [data[name]] = _blocks([shipped[name]], _named([ours[name]]), was, added=False)
    return data


def _blocks(shipped: list[Data], ours: Named, last: Named, *, added: bool = True) -> list[Data]:
    """Return the shipped blocks, those that are worded otherwise here as they are here, then those added here."""
    theirs = _named(shipped)
    kept = [
        block if ours.get(name, block) == last.get(name) else ours.get(name, block) for name, block in theirs.items()
    ]
    return kept + [block for name, block in ours.items() if added and name not in theirs and name not in last]


def _named(blocks: Any) -> Named:
    return {_name(block): block for block in blocks}


def _name(block: Data) -> tuple[str, Any]:
    return block.get("id") or block["key"], block.get("version")
