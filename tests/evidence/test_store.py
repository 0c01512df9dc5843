"""Where files are kept: by content, in a folder or in a bucket."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from obstore.store import LocalStore, S3Store

from lms.core import files

HERE, ELSEWHERE = UUID(int=1), UUID(int=2)


@pytest.fixture(params=["a folder", "an address of a folder", "memory"])
def kept(request: pytest.FixtureRequest, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    addresses = {"a folder": "", "an address of a folder": f"file://{tmp_path}", "memory": "memory:///"}
    settings = replace(app.config["BEKWAAM"], data_folder=tmp_path, evidence_store=addresses[request.param])
    monkeypatch.setitem(app.config, "BEKWAAM", settings)
    monkeypatch.setitem(app.extensions, "files", {})
    with app.app_context():
        yield


@pytest.mark.usefixtures("kept")
def test_a_file_is_kept_and_given_back_whole() -> None:
    content = bytes(range(256)) * 4000
    key = files.key_of(HERE, hashlib.sha256(content).digest())
    files.put(key, content)
    assert files.is_kept(key)
    pieces = list(files.pieces_of(key))
    assert b"".join(pieces) == content
    assert files.digest_of(key) == hashlib.sha256(content).digest()


@pytest.mark.usefixtures("kept")
def test_what_is_not_there_is_said_and_can_be_forgotten_again() -> None:
    key = files.key_of(HERE, bytes(32))
    assert not files.is_kept(key)
    assert files.digest_of(key) is None
    with pytest.raises(FileNotFoundError):
        files.pieces_of(key)
    files.put(key, b"x")
    files.forget([key, key])
    assert not files.is_kept(key)


@pytest.mark.usefixtures("kept")
def test_keys_are_listed_below_their_prefix_and_before_a_moment() -> None:
    here, there = files.key_of(HERE, bytes(32)), files.key_of(ELSEWHERE, bytes(32))
    files.put(here, b"x")
    files.put(there, b"x")
    assert list(files.keys_below(str(HERE))) == [here]
    assert list(files.keys_below(str(HERE), before=datetime.now(UTC) - timedelta(hours=1))) == []
    assert list(files.keys_below(str(HERE), before=datetime.now(UTC) + timedelta(hours=1))) == [here]


def test_the_same_content_has_another_key_in_another_organisation() -> None:
    assert files.key_of(HERE, bytes(32)) != files.key_of(ELSEWHERE, bytes(32))


def test_a_bucket_is_known_by_its_address_and_nothing_is_sent_yet(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = replace(app.config["BEKWAAM"], evidence_store="s3://a-bucket/evidence")
    monkeypatch.setitem(app.config, "BEKWAAM", settings)
    monkeypatch.setitem(app.extensions, "files", {})
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    with app.app_context():
        assert isinstance(files.store(), S3Store)


def test_without_a_setting_files_lie_below_the_data(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(app.config["BEKWAAM"], evidence_store="", data_folder=tmp_path)
    monkeypatch.setitem(app.config, "BEKWAAM", settings)
    monkeypatch.setitem(app.extensions, "files", {})
    with app.app_context():
        files.put("a/b", b"x")
        assert isinstance(files.store(), LocalStore)
    assert (tmp_path / "evidence" / "a" / "b").read_bytes() == b"x"
