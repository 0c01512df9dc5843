"""What is taken in as evidence, and what is refused and why: a corpus that is made here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageStat

from competencies.errors import RuleBroken
from lms.core.words import RULES
from lms.evidence.values import LARGEST_FILE, FileKind, Verified, clean_name
from lms.evidence.verification import taken_in, verified
from tests.evidence.made import HOSTILE, SOUND, office, pdf, photo_with_place, picture, workbook


@pytest.fixture
def opened() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def verify(content: bytes, opened: ExitStack) -> Verified:
    return verified(taken_in([content] if content else [], opened), opened)


def content_of(file: Verified) -> bytes:
    file.content.seek(0)
    return file.content.read()


@pytest.mark.parametrize("name", SOUND)
def test_what_is_sound_is_taken_as_what_it_is(name: str, opened: ExitStack) -> None:
    make, kind = SOUND[name]
    file = verify(make(), opened)
    assert file.kind is kind
    assert file.size == len(content_of(file))


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_is_refused_with_its_reason(name: str, opened: ExitStack) -> None:
    make, code = HOSTILE[name]
    with pytest.raises(RuleBroken) as refusal:
        verify(make(), opened)
    assert refusal.value.code == code
    assert code in RULES


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG"])
def test_a_photo_keeps_what_is_seen_and_loses_place_device_and_remarks(kind: str, opened: ExitStack) -> None:
    given = photo_with_place(kind)
    assert b"secret remark" in given
    kept = content_of(verify(given, opened))
    assert b"secret remark" not in kept
    assert b"Camera of Somebody" not in kept
    image = Image.open(BytesIO(kept))
    assert not image.getexif()
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "loop", "background", "timestamp"}
    assert image.size == (40, 60), "it is not turned as it was held"
    top, bottom = (image.convert("RGB").crop((0, at, 40, at + 10)) for at in (5, 45))
    assert ImageStat.Stat(top).mean[0] > 150 > ImageStat.Stat(bottom).mean[0]


def test_what_hides_behind_a_photo_is_not_kept(opened: ExitStack) -> None:
    kept = content_of(verify(picture() + b"\0\0\0\x18ftypmp42" + b"a film of somebody", opened))
    assert b"film" not in kept


def test_what_is_no_image_is_kept_as_it_came(opened: ExitStack) -> None:
    for content in (pdf(), office(), workbook()):
        file = verify(content, opened)
        assert content_of(file) == content
        assert file.digest == file.given_digest


@pytest.mark.parametrize("make", [pdf, office, picture, lambda: picture("PNG"), lambda: picture("WEBP")])
def test_what_is_cut_off_anywhere_is_never_taken(make: object, opened: ExitStack) -> None:
    assert callable(make)
    whole = make()
    for size in range(1, len(whole) - 2, max(1, len(whole) // 60)):
        with ExitStack() as stack, pytest.raises(RuleBroken):
            verify(whole[:size], stack)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([pdf, office, picture, workbook]), st.data())
def test_a_damaged_file_is_taken_or_refused_but_nothing_else_happens(make: object, data: st.DataObject) -> None:
    assert callable(make)
    content = bytearray(make())
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with ExitStack() as stack:
        try:
            outcome = verify(bytes(content), stack).kind.value
        except RuleBroken as refusal:
            outcome = refusal.code
    assert outcome in {*FileKind, *RULES}


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=1, max_size=400))
def test_what_is_no_file_of_ours_is_always_refused(content: bytes) -> None:
    with ExitStack() as stack, pytest.raises(RuleBroken):
        verify(content, stack)


def test_a_file_is_stopped_where_it_grows_too_large(opened: ExitStack) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        while True:
            sent += 64 * 1024
            yield bytes(64 * 1024)

    with pytest.raises(RuleBroken) as refusal:
        taken_in(endless(), opened)
    assert refusal.value.code == "file_too_large"
    assert sent <= LARGEST_FILE + 64 * 1024


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("verslag.pdf", "verslag.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\somebody\\Verslag week 3.docx", "Verslag week 3.pdf"),
        ("/etc/shadow", "shadow.pdf"),
        ("evil\r\nSet-Cookie: x.pdf", "evilSet-Cookie x.pdf"),
        ("fdp.\u202eexe", "fdp.pdf"),
        ("", "file.pdf"),
        ("...", "file.pdf"),
        ("photo.pdf.exe", "photo.pdf.pdf"),
        ("nul\x00byte.pdf", "nulbyte.pdf"),
        ("a" * 500 + ".pdf", "a" * 120 + ".pdf"),
        ("Été – réflexion.pdf", "Été – réflexion.pdf"),
    ],
)
def test_a_name_is_a_label_and_no_place(given: str, kept: str) -> None:
    assert clean_name(given, FileKind.PDF) == kept
