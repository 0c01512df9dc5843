"""The kinds of file that are taken, and the limits that all of them keep."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PureWindowsPath
from typing import BinaryIO

MEGABYTE = 1024 * 1024
LARGEST_FILE = 25 * MEGABYTE
"""The most bytes of one file: the one place that says so."""
LARGEST_FORM = LARGEST_FILE + MEGABYTE
"""The most bytes of a form with a file in it."""
MOST_FILES = 20
"""The most files that one activity holds."""
LONGEST_NAME = 120


class FileKind(StrEnum):
    """What a file is, by its content."""

    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    ODT = "odt"
    ODS = "ods"
    ODP = "odp"


OOXML = "application/vnd.openxmlformats-officedocument."
OPENDOCUMENT = "application/vnd.oasis.opendocument."
MEDIA_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.JPEG: "image/jpeg",
    FileKind.PNG: "image/png",
    FileKind.WEBP: "image/webp",
    FileKind.DOCX: OOXML + "wordprocessingml.document",
    FileKind.XLSX: OOXML + "spreadsheetml.sheet",
    FileKind.PPTX: OOXML + "presentationml.presentation",
    FileKind.ODT: OPENDOCUMENT + "text",
    FileKind.ODS: OPENDOCUMENT + "spreadsheet",
    FileKind.ODP: OPENDOCUMENT + "presentation",
}
ENDINGS = {kind: ".jpg" if kind is FileKind.JPEG else f".{kind}" for kind in FileKind}
ACCEPTED = ",".join([*MEDIA_TYPES.values(), *ENDINGS.values(), ".jpeg"])
"""What a browser offers to choose from. HEIC is left out on purpose: a phone then hands over a JPEG by itself."""


@dataclass(frozen=True, slots=True)
class Verified:
    """A file that is what it says, as it will be kept: for an image without what the camera added."""

    kind: FileKind
    content: BinaryIO
    size: int
    digest: bytes
    given_digest: bytes


def clean_name(name: str, kind: FileKind) -> str:
    """Return a name as a label: no folders, no signs that steer, with the ending of what the file is."""
    plain = PureWindowsPath(unicodedata.normalize("NFC", name).replace("\x00", "").replace("/", "\\")).name
    shown = "".join(sign for sign in plain if unicodedata.category(sign)[0] != "C")
    stem = re.sub(r'[<>:"|?*\s]+', " ", re.sub(r"\.[A-Za-z0-9]{1,5}$", "", shown)).strip(" .")
    return (stem[:LONGEST_NAME].strip(" .") or "file") + ENDINGS[kind]
