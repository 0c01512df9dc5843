"""The search for a mark finds it however it is written or packed: else its silence would prove nothing."""

from __future__ import annotations

import gzip
import json
import zlib
from base64 import b64encode, urlsafe_b64encode
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from tests.reflections.marks import Mark


@pytest.mark.parametrize("before", range(6))
@pytest.mark.parametrize("encode", [b64encode, urlsafe_b64encode])
def test_in_base64_wherever_it_begins(before: int, encode: object) -> None:
    mark = Mark()
    assert callable(encode)
    assert mark.is_in(b'{"x":"' + encode(b"a" * before + mark.word.encode() + b"and more") + b'"}')


def test_as_it_stands_in_capitals_in_signs_and_in_addresses() -> None:
    mark = Mark()
    quoted = "".join(f"%{byte:02X}" for byte in mark.word.encode())
    for written in (mark.word, mark.word.upper(), mark.word.encode().hex(), quoted, mark.word[::-1]):
        assert mark.is_in(f"<p>{written}</p>")


def test_in_a_workbook_a_gzip_and_a_zip_in_a_zip() -> None:
    mark = Mark()
    book = openpyxl.Workbook()
    book.worksheets[0].append(["a", mark.word])
    stored = BytesIO()
    book.save(stored)
    assert mark.is_in(stored.getvalue())
    assert mark.is_in(gzip.compress(mark.word.encode()))
    outer = BytesIO()
    with ZipFile(outer, "w", ZIP_DEFLATED) as packed:
        packed.writestr("inner.xlsx", stored.getvalue())
    assert mark.is_in(outer.getvalue())


def test_in_a_signed_cookie(app: Flask) -> None:
    mark = Mark()
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    for said in (mark.word, f"{mark.word} " * 40):
        assert mark.is_in(str(signer.dumps({"_flashes": [["done", said]]})))
    assert mark.is_in(urlsafe_b64encode(zlib.compress(json.dumps({"a": mark.word}).encode())))


def test_what_is_not_there_is_not_found() -> None:
    assert not Mark().is_in(f"{Mark().word} {b64encode(Mark().word.encode()).decode()}")
