r"""The rows of a CSV text, with the line on which each begins; as PHP writes them, which is not quite as RFC 4180 says.

PHP takes a quote after a backslash for a plain sign, in reading and in writing, and so do Moodle's files: there
`"a \"b\" c"` is one field. A text that only makes sense that way is read that way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

DELIMITERS = (",", ";", "\t", ":", "|")
_STANDARD = r'[^"]*(?:""[^"]*)*'
_OF_PHP = r'[^"\\]*(?:(?:""|\\.)[^"\\]*)*'
_NEEDS_QUOTES = re.compile(r'[",\\ \t\r\n]')
_QUOTE = re.compile(r'(\\.)|"', re.DOTALL)


class NotCsv(Exception):
    """A text whose quotes do not match; `line` is where the field begins that goes wrong."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line}")
        self.line = line


def delimiter_of(text: str) -> str:
    """Return the sign between the fields of the first line: the one that gives the most of them."""
    first = text.splitlines()[0] if text else ""
    outside = re.sub(f'"{_STANDARD}"', "", first)
    return max(DELIMITERS, key=outside.count)


def rows_of(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """Return the rows that hold something, each with its line; raise NotCsv where quotes do not match."""
    try:
        return list(_rows(text, delimiter, _STANDARD))
    except NotCsv:
        return list(_rows(text, delimiter, _OF_PHP))


def _rows(text: str, delimiter: str, quoted: str) -> Iterator[tuple[int, list[str]]]:
    sign = re.escape(delimiter)
    field = re.compile(rf'(?:"({quoted})"|((?!")[^{sign}\r\n]*))({sign}|\r\n|\r|\n|\Z)', re.DOTALL)
    line = begin = 1
    at, row = 0, list[str]()
    while at < len(text):
        found = field.match(text, at)
        if found is None:
            raise NotCsv(line)
        inside, plain, end = found.groups()
        row.append(plain if inside is None else inside.replace('""', '"'))
        at = found.end()
        line += _lines_in(found.group())
        if end != delimiter:
            if any(row):
                yield begin, row
            begin, row = line, []
    if any(row):
        yield begin, [*row, ""]


def _lines_in(text: str) -> int:
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def written(rows: Iterable[Sequence[str]], delimiter: str = ",") -> str:
    """Return the rows as PHP writes them: quotes around what holds a space or a special sign, and no others."""
    return "".join(delimiter.join(map(_field, row)) + "\n" for row in rows)


def _field(text: str) -> str:
    return f'"{_QUOTE.sub(_doubled, text)}"' if _NEEDS_QUOTES.search(text) else text


def _doubled(found: re.Match[str]) -> str:
    return found.group(1) or '""'
