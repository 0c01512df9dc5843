"""Files that want to do us harm: archives that swell or hide, and bytes that are no text."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest
from flask import Flask

from lms.curriculum.schemas.problems import CurriculumRefused
from lms.exchange.guards import MEGABYTE, opened_zip, read_member, text_of


@pytest.fixture(autouse=True)
def _words(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def archive(members: dict[str, bytes], *, packed: int = ZIP_DEFLATED) -> bytes:
    whole = BytesIO()
    with ZipFile(whole, "w", packed) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return whole.getvalue()


def unpacked(content: bytes, member: str | None) -> None:
    with opened_zip(content, "book.xlsx") as opened:
        if member:
            read_member(opened, member, "book.xlsx")


def said_of(content: bytes, *, member: str | None = None) -> str:
    with pytest.raises(CurriculumRefused) as refusal:
        unpacked(content, member)
    return str(refusal.value)


def test_a_sound_archive_is_read() -> None:
    with opened_zip(archive({"a.xml": b"<a/>", "empty": b"\x00" * 900_000}), "x") as opened:
        assert read_member(opened, "a.xml", "x") == b"<a/>"
        assert len(read_member(opened, "empty", "x")) == 900_000


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x03\x04" + b"\x00" * 40, b"no archive" * 100])
def test_what_is_no_archive_is_refused(content: bytes) -> None:
    assert "damaged" in said_of(content)


def test_an_archive_that_says_it_swells_is_refused_before_it_does() -> None:
    assert "swell" in said_of(archive({"bomb": b"\x00" * (30 * MEGABYTE)}))


def test_an_archive_of_very_many_members_is_refused() -> None:
    assert "swell" in said_of(archive({str(number): b"" for number in range(2001)}))


def test_an_archive_that_lies_about_its_size_is_stopped_while_it_swells() -> None:
    content = bytearray(archive({"bomb": b"\x00" * (30 * MEGABYTE)}))
    real, lie = struct.pack("<I", 30 * MEGABYTE), struct.pack("<I", 100)
    place = content.find(real)
    while place != -1:
        content[place : place + 4] = lie
        place = content.find(real, place + 1)
    assert said_of(bytes(content), member="bomb")


def test_an_archive_with_a_password_is_refused() -> None:
    content = bytearray(archive({"a": b"secret"}, packed=ZIP_STORED))
    content[6] |= 1
    central = content.find(b"PK\x01\x02")
    content[central + 8] |= 1
    assert "password" in said_of(bytes(content))


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a\\..\\b", "..\\x"])
def test_an_archive_that_names_places_outside_itself_is_refused(name: str) -> None:
    assert "outside" in said_of(archive({name: b"x"}))


def test_a_member_that_is_damaged_is_refused() -> None:
    content = bytearray(archive({"a": bytes(range(256)) * 50}))
    content[60:90] = b"\xff" * 30
    assert "damaged" in said_of(bytes(content), member="a")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_text_is_read_in_the_encoding_that_it_says(encoding: str) -> None:
    assert text_of("één\n€".encode(encoding), "x") == "één\n€"


def test_an_older_encoding_is_read_where_it_may_be() -> None:
    assert text_of("één €".encode("cp1252"), "x", also=("cp1252",)) == "één €"


@pytest.mark.parametrize(
    ("content", "also"),
    [
        ("één".encode("cp1252"), ()),
        (b"\x81\x8d\x8f", ("cp1252",)),
        (b"a\x00b", ()),
        (b"a\x00b\xff", ("cp1252",)),
        (b"\xff\xfe\x00", ()),
        (b"\x89PNG\r\n\x1a\n\x00\x00", ("cp1252",)),
    ],
    ids=range(6),
)
def test_what_is_no_text_is_refused(content: bytes, also: tuple[str, ...]) -> None:
    with pytest.raises(CurriculumRefused):
        text_of(content, "x", also=also)


def test_the_line_of_the_first_byte_that_is_no_text_is_said() -> None:
    with pytest.raises(CurriculumRefused) as refusal:
        text_of("one\ntwo\nthr\xe9e".encode("latin-1"), "x")
    assert refusal.value.errors[0].line == 3
