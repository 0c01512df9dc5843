"""The elements of a part of a document, one after another: none is held, and nothing is defined or fetched."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NoReturn
from xml.parsers.expat import ExpatError, ParserCreate, XMLParserType
from zipfile import ZipFile

from competencies.errors import RuleBroken
from lms.evidence.verification.archives import BROKEN

PIECE = 64 * 1024
LARGEST_ELEMENT = 4 * 1024 * 1024
"""The most bytes of one element with its attributes: the parser has to hold them."""
BETWEEN = "}"


def each_element(archive: ZipFile, name: str, check: Callable[[str, Mapping[str, str]], None]) -> None:
    """Call the check with the local name and the attributes of every element of a part.

    Raises RuleBroken for what is no sound XML, and for definitions: no office document needs them.
    """
    parser = ParserCreate(namespace_separator=BETWEEN)
    parser.StartElementHandler = lambda tag, given: check(tag.rpartition(BETWEEN)[2], given)
    parser.StartDoctypeDeclHandler = _refuse_definitions
    try:
        with archive.open(name) as stream:
            fed = 0
            while piece := stream.read(PIECE):
                fed += len(piece)
                parser.Parse(piece, False)
                _check_held(parser, fed)
            parser.Parse(b"", True)
    except (ExpatError, UnicodeError, KeyError, *BROKEN) as failure:
        raise RuleBroken("file_damaged") from failure


def _check_held(parser: XMLParserType, fed: int) -> None:
    if fed - parser.CurrentByteIndex > LARGEST_ELEMENT:
        raise RuleBroken("file_swells")


def _refuse_definitions(*_: object) -> NoReturn:
    raise RuleBroken("file_damaged")
