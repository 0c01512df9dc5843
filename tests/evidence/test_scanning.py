"""The virus scanner: nothing is accepted that it did not call clean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from competencies.errors import RuleBroken
from lms.evidence import scanning
from lms.evidence.scanning import check_for_viruses
from lms.settings import SettingsRefused, read_settings
from tests.evidence.clamd import SIGN, Scanner, scanner


@pytest.fixture
def clamd(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scanner]:
    with scanner() as one, app.app_context():
        monkeypatch.setitem(app.config, "BEKWAAM", replace(app.config["BEKWAAM"], virus_scanner=one.url))
        yield one


def refusal_of(content: bytes) -> str:
    with pytest.raises(RuleBroken) as refusal:
        check_for_viruses(BytesIO(content))
    return refusal.value.code


def test_a_clean_file_is_accepted_and_was_seen_whole(clamd: Scanner) -> None:
    check_for_viruses(BytesIO(bytes(1_000_000)))
    assert clamd.scanned == [1_000_000]


def test_an_infected_file_is_refused(clamd: Scanner) -> None:
    assert refusal_of(bytes(100_000) + SIGN) == "file_infected"


def test_a_scanner_that_is_silent_accepts_nothing(clamd: Scanner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "PATIENCE", 0.2)
    clamd.silent = True
    assert refusal_of(b"clean") == "file_not_scanned"


@pytest.mark.parametrize("answer", [b"", b"stream: ", b"INSTREAM size limit exceeded. ERROR\0", b"OK\0", b"x" * 5000])
def test_an_answer_that_is_not_clear_accepts_nothing(clamd: Scanner, answer: bytes) -> None:
    clamd.answer = answer
    assert refusal_of(b"clean") == "file_not_scanned"


def test_a_scanner_that_is_away_accepts_nothing(clamd: Scanner) -> None:
    clamd.close()
    assert refusal_of(b"clean") == "file_not_scanned"


def test_a_scanner_whose_socket_is_not_there_accepts_nothing(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"clamd://{tmp_path}/clamd.sock"
    monkeypatch.setitem(app.config, "BEKWAAM", replace(app.config["BEKWAAM"], virus_scanner=address))
    with app.app_context():
        assert refusal_of(b"clean") == "file_not_scanned"


def test_without_a_scanner_nothing_is_asked(app: Flask) -> None:
    with app.app_context():
        check_for_viruses(BytesIO(SIGN))


@pytest.mark.parametrize(("name", "value"), [("VIRUS_SCANNER", "localhost:3310"), ("EVIDENCE_STORE", "/srv/files")])
def test_an_address_of_another_kind_is_refused(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsRefused, match=name):
        read_settings()
