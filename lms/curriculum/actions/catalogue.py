"""Loading many files at once, in the order in which they need one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from graphlib import CycleError, TopologicalSorter
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.catalogue import catalogue_files
from lms.core.words import _
from lms.curriculum.actions.content import content_hash
from lms.curriculum.actions.programmes import load_programme
from lms.curriculum.actions.shared import load_scales, load_vocabulary
from lms.curriculum.actions.shipped import load_shipped
from lms.curriculum.models import CatalogueFile, ProgrammeVersion
from lms.curriculum.schemas.checking import check_shape, kind_of
from lms.curriculum.schemas.files import read_file
from lms.curriculum.schemas.needs import needs_of, offers_of
from lms.curriculum.schemas.problems import CurriculumRefused, Problem
from lms.curriculum.schemas.source import Document

PROGRAMME = "bekwaam-curriculum/1"


@dataclass(frozen=True, slots=True)
class CatalogueSummary:
    """What loading did: the names of the files that were new or changed, and of those that were loaded already."""

    loaded: tuple[str, ...]
    unchanged: tuple[str, ...]


def load_catalogue(session: Session, *, by: UUID | None, at: datetime) -> CatalogueSummary:
    """Load everything that ships with the product and did not ship before; what people loaded since stays."""
    documents = [read_file(file) for file in catalogue_files().values()]
    was: Iterable[Any] = session.scalars(select(CatalogueFile.shipped).where(CatalogueFile.shipped.is_not(None)))
    return _loaded(session, documents, map(content_hash, was), load_shipped, by=by, at=at)


def load_files(session: Session, documents: Iterable[Document], *, by: UUID | None, at: datetime) -> CatalogueSummary:
    """Load files of any kind: scales first, then the vocabulary, then each programme after those that it uses.

    Raises CurriculumRefused with everything wrong with the shape of all files, or with the first whose references fail;
    RuleBroken for a published version that changed. The caller rolls back.
    """
    was = session.scalars(select(CatalogueFile.content_hash))
    return _loaded(session, documents, was, _load_shared, by=by, at=at)


def _loaded(
    session: Session,
    documents: Iterable[Document],
    shared: Iterable[bytes],
    load_shared: Callable[..., object],
    *,
    by: UUID | None,
    at: datetime,
) -> CatalogueSummary:
    """Load the files that are not loaded, given the hashes of the shared ones that are and how these are loaded."""
    unchanged, fresh = _apart(documents, {*session.scalars(select(ProgrammeVersion.content_hash)), *shared})
    for document in _in_order(fresh):
        load = load_programme if kind_of(document) == PROGRAMME else load_shared
        load(session, document, by=by, at=at)
    return CatalogueSummary(tuple(map(_name, fresh)), tuple(map(_name, unchanged)))


def _apart(documents: Iterable[Document], hashes: Container[bytes]) -> tuple[list[Document], list[Document]]:
    """Return the files that are loaded exactly as they are, and those that are not."""
    unchanged: list[Document] = []
    fresh: list[Document] = []
    for document in documents:
        (unchanged if content_hash(document.data) in hashes else fresh).append(document)
    return unchanged, fresh


def check_files(documents: Iterable[Document]) -> None:
    """Accept files whose shape is right, or raise CurriculumRefused with everything wrong in all of them."""
    problems: list[Problem] = []
    for document in documents:
        try:
            check_shape(document, kind=kind_of(document))
        except CurriculumRefused as refusal:
            problems += refusal.errors
    if problems:
        raise CurriculumRefused(problems)


def _load_shared(session: Session, document: Document, *, by: UUID | None, at: datetime) -> None:
    load = load_scales if kind_of(document) == "bekwaam-scales/1" else load_vocabulary
    load(session, document, by=by, at=at)


def _in_order(documents: Sequence[Document]) -> list[Document]:
    """Return the files in the order in which they can be loaded."""
    check_files(documents)
    by_kind: defaultdict[str, list[Document]] = defaultdict(list)
    for document in documents:
        by_kind[kind_of(document)].append(document)
    shared = by_kind["bekwaam-scales/1"] + by_kind["bekwaam-vocabulary/1"]
    return shared + _after_what_they_use(by_kind[PROGRAMME])


def _after_what_they_use(documents: Sequence[Document]) -> list[Document]:
    """Return programmes so that each comes after those whose EPAs, forms and frameworks it uses."""
    offers = [offers_of(document.data) for document in documents]
    graph: dict[int, set[int]] = {}
    for number, document in enumerate(documents):
        needed = needs_of(document.data) - offers[number]
        graph[number] = {other for other, offered in enumerate(offers) if other != number and needed & offered}
    try:
        return [documents[number] for number in TopologicalSorter(graph).static_order()]
    except CycleError as circle:
        first = documents[circle.args[1][0]]
        message = _("These programmes use one another in a circle: load them one after the other.")
        raise CurriculumRefused([first.problem((), message)]) from circle


def _name(document: Document) -> str:
    data = document.data
    return str(data["programme"]["key"]) if "programme" in data else kind_of(document).split("-")[1].split("/")[0]
