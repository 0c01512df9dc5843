"""The format of workbooks, for imports."""

from __future__ import annotations

from lms.core.words import _l
from lms.curriculum.schemas.problems import CurriculumRefused
from lms.exchange.codecs import ImportedProgramme
from lms.exchange.xlsx.gathering import gathered
from lms.exchange.xlsx.reading import tables_of


class Workbooks:
    """Programmes in the workbook that can be filled in offline."""

    key = "xlsx"
    title = _l("Workbook (XLSX)")
    extensions = (".xlsx",)

    def recognises(self, content: bytes, name: str) -> bool:
        """Whether this is an archive, as workbooks are."""
        return content.startswith(b"PK") or name.lower().endswith(self.extensions)

    def read(self, content: bytes, name: str) -> ImportedProgramme:
        """Return the programme that a workbook holds; raise CurriculumRefused with every problem at its cell."""
        placed, problems = gathered(name, tables_of(content, name))
        if problems:
            raise CurriculumRefused(problems)
        return ImportedProgramme(placed.data, placed)


WORKBOOKS = Workbooks()
