"""Programme versions with everything that files of other formats need of what stands outside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from lms.core.db import Words
from lms.core.words import in_language
from lms.curriculum.models import (
    CatalogueFile,
    CompetencyDomain,
    Epa,
    EpaReference,
    Framework,
    Programme,
    ProgrammeVersion,
)
from lms.curriculum.queries import document_of, latest_scales, scales_document, vocabulary
from lms.exchange.queries.programmes import titles_of_areas
from lms.exchange.wholes import Whole
from lms.exchange.xlsx.choices import Lists

Data = dict[str, Any]


def version_to_take_away(session: Session, version_id: UUID) -> ProgrammeVersion | None:
    """Return a version with its programme, or None."""
    return session.scalars(
        select(ProgrammeVersion)
        .where(ProgrammeVersion.id == version_id)
        .options(joinedload(ProgrammeVersion.programme))
    ).one_or_none()


def version_called(session: Session, key: str, version: str) -> ProgrammeVersion | None:
    """Return the version of that name of the programme with that key, or None."""
    return session.scalars(
        select(ProgrammeVersion)
        .join(ProgrammeVersion.programme)
        .where(Programme.key == key, ProgrammeVersion.version == version)
        .options(joinedload(ProgrammeVersion.programme))
    ).one_or_none()


def catalogue_file(session: Session, name: str) -> CatalogueFile:
    """Return what is known of the scales or of the vocabulary as they were last loaded."""
    return session.scalars(select(CatalogueFile).where(CatalogueFile.name == name)).one()


def whole_of(session: Session, version: ProgrammeVersion) -> Whole:
    """Return a version with the EPAs of other programmes that it refers to, its scales and the names of areas."""
    document = document_of(session, version.id)
    return Whole(
        document=document,
        epas=(*document["epas"], *_referred(session, version.id)),
        scales={(scale["id"], scale["version"]): scale for scale in scales_document(session)["scales"]},
        areas={**titles_of_areas(session), **_elements(session)},
    )


def _referred(session: Session, version_id: UUID) -> Iterator[Data]:
    """Yield the EPAs of other programmes as their own files hold them."""
    rows = session.execute(
        select(Epa.programme_version_id, Epa.key)
        .join(EpaReference, EpaReference.epa_id == Epa.id)
        .where(EpaReference.programme_version_id == version_id)
        .order_by(Epa.programme_version_id, EpaReference.position)
    )
    for other_id, named in groupby(rows, key=lambda row: row[0]):
        keys = [key for _id, key in named]
        theirs = {epa["key"]: epa for epa in document_of(session, other_id)["epas"]}
        yield from (theirs[key] for key in keys)


def _elements(session: Session) -> Mapping[tuple[str, str], Words]:
    rows = session.execute(select(Framework.key, CompetencyDomain.elements).join(CompetencyDomain.framework))
    return {(row.key, one["id"]): one["title"] for row in rows for one in row.elements}


def lists_for(session: Session, scale: str) -> Lists:
    """Return what can be chosen in a workbook, in the reader's language; levels are those of that scale."""
    lists: dict[str, list[tuple[str, str]]] = {}
    for (kind, key), title in sorted(vocabulary(session).titles.items()):
        lists.setdefault(kind, []).append((key, in_language(title)))
    scales = latest_scales(session)
    lists["scales"] = [(key, in_language(one.title)) for key, one in scales.items()]
    lists["levels"] = [(level.code, in_language(level.title)) for level in scales[scale].levels]
    return lists
