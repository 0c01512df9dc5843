"""Our own format for imports: the curriculum file that the catalogue is written in, as YAML and as JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lms.core.words import _, _l
from lms.curriculum.schemas.checking import SCHEMAS
from lms.curriculum.schemas.json_source import read_json
from lms.curriculum.schemas.problems import CurriculumRefused
from lms.curriculum.schemas.source import Document, read
from lms.exchange.codecs import ImportedProgramme
from lms.exchange.guards import LARGEST_UPLOAD

PROGRAMME = "bekwaam-curriculum/1"
_SHARED = frozenset(SCHEMAS) - {PROGRAMME}


@dataclass(frozen=True, slots=True)
class OwnFormat:
    """One of the two ways in which a curriculum file is written."""

    key: str
    title: object
    extensions: tuple[str, ...]
    begins: tuple[bytes, ...]
    reader: Callable[..., Document]

    def recognises(self, content: bytes, name: str) -> bool:
        """Whether the file says to be one of ours, or could be by its name."""
        if content.lstrip()[:1] in self.begins and b"bekwaam-" in content:
            return True
        return name.lower().endswith(self.extensions) and not self.begins

    def read(self, content: bytes, name: str) -> ImportedProgramme:
        """Return the programme of a file; raise CurriculumRefused with every problem at its line."""
        document = self.reader(content, name=name, largest=LARGEST_UPLOAD)
        _refuse_others(document)
        return ImportedProgramme(document.data, document)


def _refuse_others(document: Document) -> None:
    """Refuse what is no programme, and the files that all programmes share, which only the operator loads."""
    data: Any = document.data
    kind = data.get("schema") if isinstance(data, dict) else None
    if isinstance(kind, str) and kind in _SHARED:
        message = _("Scales and words are shared by all programmes: the operator loads them from the command line.")
        raise CurriculumRefused([document.problem(("schema",), message)])
    if kind != PROGRAMME:
        message = _("The key schema must say what the file is: %(kinds)s.", kinds=PROGRAMME)
        raise CurriculumRefused([document.problem(("schema",), message)])


YAML = OwnFormat("yaml", _l("Bekwaam programme (YAML)"), (".yaml", ".yml"), (), read)
JSON = OwnFormat("json", _l("Bekwaam programme (JSON)"), (".json",), (b"{",), read_json)
