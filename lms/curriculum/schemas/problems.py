"""What is wrong with a file: every problem at its line and path, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Path = tuple[str | int, ...]
"""The keys and numbers that lead to a place in a file."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a file; `line` counts from 1 and is None where the file as a whole is meant."""

    file: str
    line: int | None
    path: str
    message: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.path}: {self.message}" if self.path else f"{place}: {self.message}"


class CurriculumRefused(Exception):
    """A file that is not loaded, with everything that is wrong with it."""

    def __init__(self, errors: Iterable[Problem]) -> None:
        self.errors = tuple(sorted(errors, key=lambda problem: (problem.file, problem.line or 0)))
        super().__init__("\n".join(map(str, self.errors)))


def spelled(path: Path) -> str:
    """Return a path as people write it: `epas[3].evidence[0].min_level`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
