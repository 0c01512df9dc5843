"""Curriculum files on disk, in YAML or in JSON."""

from __future__ import annotations

from pathlib import Path

from lms.core.words import _
from lms.curriculum.schemas.json_source import read_json
from lms.curriculum.schemas.problems import CurriculumRefused, Problem
from lms.curriculum.schemas.source import Document, read


def read_file(file: Path) -> Document:
    """Return the document of a YAML or JSON file; raise CurriculumRefused with what cannot be read."""
    try:
        content = file.read_bytes()
    except OSError as failure:
        raise CurriculumRefused([Problem(str(file), None, "", _cannot_open(failure))]) from failure
    return (read_json if file.suffix == ".json" else read)(content, name=str(file))


def _cannot_open(failure: OSError) -> str:
    return str(_("This file cannot be opened: %(reason)s.", reason=failure.strerror or type(failure).__name__))
