"""Our own format for imports: the curriculum file that the catalogue is written in, as YAML and as JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lms.core.words import _l
from lms.curriculum.schemas.checking import kind_of
from lms.curriculum.schemas.json_source import read_json
from lms.curriculum.schemas.source import Document, read
from lms.exchange.codecs import ImportedProgramme, ImportedShared
from lms.exchange.guards import LARGEST_UPLOAD

PROGRAMME = "bekwaam-curriculum/1"


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

    def read(self, content: bytes, name: str) -> ImportedProgramme | ImportedShared:
        """Return what a file holds; raise CurriculumRefused with every problem at its line."""
        document = self.reader(content, name=name, largest=LARGEST_UPLOAD)
        if kind_of(document) != PROGRAMME:
            return ImportedShared(document)
        return ImportedProgramme(document.data, document)


YAML = OwnFormat("yaml", _l("Programme, scales or vocabulary of Bekwaam (YAML)"), (".yaml", ".yml"), (), read)
JSON = OwnFormat("json", _l("Programme, scales or vocabulary of Bekwaam (JSON)"), (".json",), (b"{",), read_json)
