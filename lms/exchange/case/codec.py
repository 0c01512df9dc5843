"""CASE 1.1 among the formats that can be read."""

from __future__ import annotations

from lms.core.words import _l
from lms.exchange.case.reading import looks_like_case, package_of, remarks_on
from lms.exchange.codecs import ImportedPackage
from lms.exchange.json_source import read_json


class CaseCodec:
    """Reads a CFPackage in JSON."""

    key = "case"
    title = _l("Framework in 1EdTech CASE 1.1 (JSON)")
    extensions = (".json",)

    def recognises(self, content: bytes, name: str) -> bool:  # noqa: ARG002 - the content says it.
        """Whether the file begins as a CASE package does."""
        return looks_like_case(content)

    def read(self, content: bytes, name: str) -> ImportedPackage:
        """Return the package; raise CurriculumRefused with everything that is wrong with it."""
        package = package_of(read_json(content, name), name)
        return ImportedPackage(package, tuple(remarks_on(package, name)))


CASE = CaseCodec()
