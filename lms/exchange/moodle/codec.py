"""The format of Moodle's frameworks, for imports."""

from __future__ import annotations

from lms.core.words import _l
from lms.exchange.codecs import ImportedPackage
from lms.exchange.moodle.packages import package_of
from lms.exchange.moodle.reading import FEWEST_COLUMNS, read


class Moodle:
    """A competency framework as Moodle exports it."""

    key = "moodle"
    title = _l("Moodle competency framework (CSV)")
    extensions = (".csv",)

    def recognises(self, content: bytes, name: str) -> bool:
        """Whether the first line has as many columns as Moodle's, whichever sign and letters it is written in."""
        first = content[:4000].replace(b"\x00", b"").partition(b"\n")[0]
        return name.lower().endswith(self.extensions) or any(
            first.count(sign) >= FEWEST_COLUMNS - 1 and not first.lstrip().startswith((b"{", b"["))
            for sign in (b",", b";", b"\t")
        )

    def read(self, content: bytes, name: str) -> ImportedPackage:
        """Return the package that a framework stands for; raise CurriculumRefused with every problem at its cell."""
        framework = read(content, name)
        return ImportedPackage(package_of(framework), framework.remarks)


MOODLE = Moodle()
