"""Office documents: the parts of their kind, without macros, objects, or links that load by themselves."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from typing import IO
from urllib.parse import urlsplit
from zipfile import ZipFile

from competencies.errors import RuleBroken
from lms.evidence.values import MEDIA_TYPES, OOXML, FileKind
from lms.evidence.verification.archives import sound_archive
from lms.evidence.verification.markup import each_element

Attributes = Mapping[str, str]

CONTENT_TYPES = "[Content_Types].xml"
MAIN_PARTS = {
    OOXML + "wordprocessingml.document.main+xml": FileKind.DOCX,
    OOXML + "spreadsheetml.sheet.main+xml": FileKind.XLSX,
    OOXML + "presentationml.presentation.main+xml": FileKind.PPTX,
}
MACROS = re.compile(r"macro|vbaproject|dialogsheet", re.IGNORECASE)
OBJECTS = re.compile(r"activex|oleobject", re.IGNORECASE)
EMBEDDED = re.compile(r"(^|/)embeddings/", re.IGNORECASE)
EMBEDDED_OFFICE = re.compile(r"\.(docx|xlsx|pptx)$", re.IGNORECASE)
OPENED_BY_HAND = frozenset({"http", "https", "mailto"})
"""Links that only do something when a reader presses them."""
TEXTS_OF_OPENDOCUMENT = re.compile(r"(^|/)(content|styles|settings|meta)\.xml$")
SCRIPTS_OF_OPENDOCUMENT = re.compile(r"^(Basic|Scripts)/.*[^/]$")
XLINK = "http://www.w3.org/1999/xlink}href"
PIECE = 64 * 1024


def office_kind(file: IO[bytes], *, inside: bool = False) -> FileKind:
    """Return which office document an archive is; raise RuleBroken for another archive, or one that can act.

    `inside` says that it stands in another document, such as the figures of a chart, and may hold no further one.
    """
    size = file.seek(0, 2)
    file.seek(0)
    with sound_archive(file, size) as archive:
        names = archive.namelist()
        if CONTENT_TYPES in names:
            return _office_open_xml(archive, names, inside=inside)
        if names[0] == "mimetype":
            return _opendocument(archive, names)
        raise RuleBroken("file_kind_unknown", found="application/zip")


def _office_open_xml(archive: ZipFile, names: list[str], *, inside: bool) -> FileKind:
    """Check a document of ISO/IEC 29500 and return its kind."""
    types: list[str] = []
    each_element(archive, CONTENT_TYPES, lambda _name, given: types.append(given.get("ContentType", "")))
    for text in (*types, *names):
        if MACROS.search(text):
            raise RuleBroken("office_macros")
        if OBJECTS.search(text):
            raise RuleBroken("office_objects")
    main = [MAIN_PARTS[one] for one in types if one in MAIN_PARTS]
    if len(main) != 1:
        raise RuleBroken("file_kind_unknown", found="application/zip")
    for name in names:
        if name.lower().endswith(".rels"):
            each_element(archive, name, _check_relationship)
        elif EMBEDDED.search(name):
            _check_embedded(archive, name, inside=inside)
    return main[0]


def _check_relationship(_name: str, given: Attributes) -> None:
    """Accept a link that a reader presses, and refuse what would be fetched by itself: templates, pictures, data."""
    if given.get("TargetMode", "").lower() != "external":
        return
    scheme = urlsplit(given.get("Target", "")).scheme.lower()
    if not given.get("Type", "").endswith("/hyperlink") or scheme not in OPENED_BY_HAND:
        raise RuleBroken("office_links")


def _check_embedded(archive: ZipFile, name: str, *, inside: bool) -> None:
    """Accept a document inside a document when it is sound itself."""
    if inside or not EMBEDDED_OFFICE.search(name):
        raise RuleBroken("office_objects")
    with tempfile.TemporaryFile() as copy, archive.open(name) as stream:
        while piece := stream.read(PIECE):
            copy.write(piece)
        office_kind(copy, inside=True)


def _opendocument(archive: ZipFile, names: list[str]) -> FileKind:
    """Check a document of ISO/IEC 26300 and return its kind."""
    kinds = {MEDIA_TYPES[kind]: kind for kind in (FileKind.ODT, FileKind.ODS, FileKind.ODP)}
    said = archive.read("mimetype").decode("ascii", "replace")
    if said not in kinds or "META-INF/manifest.xml" not in names:
        raise RuleBroken("file_kind_unknown", found=said[:80])
    if any(map(SCRIPTS_OF_OPENDOCUMENT.match, names)):
        raise RuleBroken("office_macros")
    each_element(archive, "META-INF/manifest.xml", _check_manifest)
    for name in names:
        if TEXTS_OF_OPENDOCUMENT.search(name):
            each_element(archive, name, _check_element)
    return kinds[said]


def _check_manifest(name: str, given: Attributes) -> None:
    if name == "encryption-data":
        raise RuleBroken("file_password")
    if any(OBJECTS.search(value) or "sun.star.ole" in value for value in given.values()):
        raise RuleBroken("office_objects")


def _check_element(name: str, given: Attributes) -> None:
    """Refuse a part that runs by itself, and a link that is not pressed but loaded."""
    if name in {"event-listener", "script", "dde-source", "dde-connection-decl"}:
        raise RuleBroken("office_macros")
    link = urlsplit(given.get(XLINK, ""))
    if name == "a":
        loads = bool(link.scheme) and link.scheme.lower() not in OPENED_BY_HAND
    else:
        loads = bool(link.scheme or link.netloc) or link.path.startswith(("/", "../"))
    if loads:
        raise RuleBroken("office_links")
