"""What can be found of a programme version and of a shared framework: the rows of the index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from lms.core.db import Words
from lms.curriculum.models import CompetencyDomain, Epa, Framework, ProgrammeVersion
from lms.curriculum.values import shown_code_of
from lms.search.folding import code_parts, fold
from lms.search.models import EntryKind

Row = dict[str, Any]
Texts = Iterable[Mapping[str, Any] | None]
LANGUAGES = {"nl": "dutch", "en": "english"}
"""The languages of texts with the dictionary that the database looks words up in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findable:
    """One thing that can be found, with its words in every language that they are known in."""

    kind: EntryKind
    target_id: UUID
    programme_version_id: UUID | None
    title: Words
    place: Words
    summary: Texts
    text: Texts
    code: str | None = None
    keys: Sequence[str | None] = ()
    place_id: UUID | None = None
    is_open: bool = True

    def row(self) -> Row:
        """Return the row of the index."""
        summary, text = list(self.summary), list(self.text)
        row: Row = {
            "target_id": self.target_id,
            "kind": self.kind,
            "programme_version_id": self.programme_version_id,
            "place_id": self.place_id,
            "is_open": self.is_open,
            "code": self.code,
            "title": self.title,
            "place": self.place,
            "passages": {},
            "code_parts": code_parts(self.code, *self.keys),
        }
        for language, dictionary in LANGUAGES.items():
            first, rest = said_in(language, summary), said_in(language, text)
            if first or rest:
                row["passages"][language] = f"{first} {rest}".strip()
            row[f"{dictionary}_title"] = fold(self.title.get(language, ""))
            row[f"{dictionary}_summary"], row[f"{dictionary}_text"] = fold(first), fold(rest)
        return row


def said_in(language: str, texts: Texts) -> str:
    """Return texts in one language as running text; lists of short texts too, and nothing of what it does not have."""
    parts: list[str] = []
    for words in texts:
        said = (words or {}).get(language)
        parts += [said] if isinstance(said, str) else (said or [])
    return " ".join(part if part.endswith((".", "?", "!")) else f"{part}." for part in parts)


def rows_of_version(version: ProgrammeVersion) -> Iterator[Row]:
    """Yield the rows of a programme version: itself, its EPAs and the competencies of its own frameworks."""
    yield _programme(version).row()
    for epa in version.epas:
        yield _epa(version, epa).row()
    for framework in version.frameworks:
        yield from rows_of_framework(framework)


def rows_of_framework(framework: Framework) -> Iterator[Row]:
    """Yield the rows of the competencies of a framework."""
    for domain in framework.domains:
        yield _competency(framework, domain).row()


def _programme(version: ProgrammeVersion) -> Findable:
    blocks = [*version.phases, *version.placements, *version.modules, *version.learning_activities]
    sessions = [session for module in version.modules for session in module["sessions"]]
    return Findable(
        kind=EntryKind.PROGRAMME,
        target_id=version.id,
        programme_version_id=version.id,
        title=version.title,
        place=version.short_title,
        summary=[version.summary, version.audience],
        text=[
            *[track["title"] for track in version.details["tracks"]],
            *[requirement["text"] for requirement in version.entry_requirements],
            *[block["title"] for block in [*blocks, *sessions]],
        ],
        keys=[version.programme.key],
    )


def _epa(version: ProgrammeVersion, epa: Epa) -> Findable:
    options = [option["title"] for group in epa.scope for option in group["options"]]
    sources = epa.information_sources
    return Findable(
        kind=EntryKind.EPA,
        target_id=epa.id,
        programme_version_id=version.id,
        title=epa.title,
        place=version.title,
        summary=[epa.specification],
        text=[
            *(epa.activities, epa.limitations, epa.risks, epa.knowledge, epa.skills, epa.attitudes, epa.experience),
            *options,
            *[sources.get(part) for part in ("progress", "decision")],
        ],
        code=shown_code_of(epa).code,
        keys=[epa.key, epa.local_code],
    )


def _competency(framework: Framework, domain: CompetencyDomain) -> Findable:
    return Findable(
        kind=EntryKind.COMPETENCY,
        target_id=domain.id,
        programme_version_id=framework.programme_version_id,
        title=domain.title,
        place=framework.title,
        summary=[element.get("title") for element in domain.elements],
        text=[indicator.get("text") for indicator in domain.indicators],
    )
