"""Checking a file: first its shape, every key known, there and of its type; then what it must hold together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from marshmallow import Schema

from lms.core.words import _
from lms.curriculum.schemas.fields import ready
from lms.curriculum.schemas.known import Finding, Known
from lms.curriculum.schemas.problems import CurriculumRefused, Path
from lms.curriculum.schemas.programme import ProgrammeFile
from lms.curriculum.schemas.programme_checks import programme_findings
from lms.curriculum.schemas.shared import ScalesFile, VocabularyFile
from lms.curriculum.schemas.shared_checks import scales_findings, vocabulary_findings
from lms.curriculum.schemas.source import Document

SCHEMAS: dict[str, type[Schema]] = {
    "bekwaam-curriculum/1": ProgrammeFile,
    "bekwaam-scales/1": ScalesFile,
    "bekwaam-vocabulary/1": VocabularyFile,
}
"""The kinds of file, by what the file says of itself."""


MOST_SOUND = 1_000
_sound: set[bytes] = set()
"""The seals of contents whose shape was found right in this process: a draft is read far more often than changed."""


def kind_of(document: Document) -> str:
    """Return which kind of file it says to be; raise CurriculumRefused when it does not say so."""
    kind = document.data.get("schema") if isinstance(document.data, dict) else None
    if not isinstance(kind, str) or kind not in SCHEMAS:
        message = _("The key schema must say what the file is: %(kinds)s.", kinds=", ".join(SCHEMAS))
        raise CurriculumRefused([document.problem(("schema",), message)])
    return kind


def check_scales(document: Document) -> None:
    """Accept a file of scales, or raise CurriculumRefused with everything wrong with it."""
    check_shape(document, kind="bekwaam-scales/1")
    _refuse(document, scales_findings(document.data))


def check_vocabulary(document: Document, scales: Collection[str]) -> None:
    """Accept a vocabulary that names these scales only, or raise CurriculumRefused with everything wrong with it."""
    check_shape(document, kind="bekwaam-vocabulary/1")
    _refuse(document, vocabulary_findings(document.data, scales))


def check_programme(document: Document, known: Known) -> None:
    """Accept a programme file that fits what is loaded, or raise CurriculumRefused with everything wrong with it."""
    check_shape(document, kind="bekwaam-curriculum/1")
    _refuse(document, programme_findings(document.data, known))


def _refuse(document: Document, findings: Iterable[Finding]) -> None:
    problems = [document.problem(path, message) for path, message in findings]
    if problems:
        raise CurriculumRefused(problems)


def check_shape(document: Document, *, kind: str) -> None:
    """Accept a document of that kind, or raise CurriculumRefused with everything in it that has the wrong shape."""
    if not isinstance(document.data, dict):
        raise CurriculumRefused([document.problem((), _("This file must be a map of keys."))])
    seal = _seal_of(document.data, kind)
    if seal in _sound:
        return
    errors = ready(SCHEMAS[kind]).validate(document.data)
    if errors:
        raise CurriculumRefused(document.problem(path, message) for path, message in _flattened(errors, ()))
    _remember(seal)


def _seal_of(data: dict[str, Any], kind: str) -> bytes:
    """Return what tells one content from every other, a key or value of another type among them."""
    return sha256(repr((kind, data)).encode("utf-8", "surrogatepass")).digest()


def _remember(seal: bytes) -> None:
    """Note that this content has the right shape: it has it in every language, and for ever."""
    if len(_sound) >= MOST_SOUND:
        _sound.clear()
    _sound.add(seal)


def _flattened(errors: Mapping[Any, Any], path: Path) -> Iterator[tuple[Path, str]]:
    """Yield each message with its path; messages of a block as a whole stand under `_schema`."""
    for step, inside in errors.items():
        here = path if step == "_schema" else (*path, step)
        if isinstance(inside, Mapping):
            yield from _flattened(inside, here)
        else:
            for message in inside if isinstance(inside, list) else [inside]:
                yield from ((here, str(message)),) if not isinstance(message, Mapping) else _flattened(message, here)
