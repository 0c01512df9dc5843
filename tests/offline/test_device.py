"""What a device gets to work without coverage, and what it is told to remove."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy.orm import Session

from lms.accounts.models import User
from tests.factories import Ward
from tests.pages import Browser

ClientOf = Callable[[User | None], Browser]


@pytest.mark.parametrize(("language", "name"), [("nl", "leren en beoordelen op het werk"), ("en", "learning")])
def test_the_app_can_be_installed_in_both_languages(client_of: ClientOf, language: str, name: str) -> None:
    answer = client_of(None).raw(f"/{language}/manifest.webmanifest")
    facts = json.loads(answer.text)
    assert answer.mimetype == "application/manifest+json"
    assert name in facts["name"]
    assert (facts["lang"], facts["start_url"], facts["scope"], facts["display"]) == (language, "/", "/", "standalone")
    assert {icon["purpose"] for icon in facts["icons"]} == {"any", "maskable"}


def test_the_icons_are_as_large_as_they_say_and_the_masked_one_is_filled_to_its_edge(client_of: ClientOf) -> None:
    browser = client_of(None)
    facts = json.loads(browser.raw("/nl/manifest.webmanifest").text)
    for icon in facts["icons"][1:]:
        picture = Image.open(BytesIO(browser.raw(icon["src"]).data)).convert("RGBA")
        assert f"{picture.width}x{picture.height}" == icon["sizes"]
        corner = picture.getpixel((0, 0))
        assert isinstance(corner, tuple)
        assert (corner[3] == 255) is (icon["purpose"] == "maskable")


def test_every_page_names_the_app_but_the_one_behind_a_link(client_of: ClientOf, session: Session) -> None:
    ward = Ward(session)
    for browser, path in (
        (client_of(None), "/sign-in"),
        (client_of(ward.trainee), "/"),
        (client_of(None), "/en/offline"),
    ):
        assert "manifest.webmanifest" in browser.get(path).source


def test_the_worker_names_every_file_of_this_version_and_is_asked_for_anew(client_of: ClientOf, app: Flask) -> None:
    browser = client_of(None)
    answer = browser.raw("/worker.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    files = json.loads(re.search(r"const FILES = (.*);", answer.text).group(1))  # type: ignore[union-attr]
    shells = json.loads(re.search(r"const SHELLS = (.*);", answer.text).group(1))  # type: ignore[union-attr]
    assert all(app.config["ASSETS_VERSION"] in file for file in files)
    for address in (*files, *shells.values()):
        assert browser.raw(address).status_code == 200
    for code, address in shells.items():
        page = browser.get(address)
        assert page.tree.get("lang") == code
        used = re.findall(r'(?:src|href)="(/static/[^"]*)"', page.source)
        assert {one for one in used if not one.partition("?")[0].endswith(".png")} <= set(files)


def test_another_version_of_the_files_is_another_worker(
    client_of: ClientOf, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = client_of(None).raw("/worker.js").data
    assert client_of(None).raw("/worker.js").data == before
    monkeypatch.setitem(app.config, "ASSETS_VERSION", "another-one")
    assert client_of(None).raw("/worker.js").data != before


@pytest.mark.parametrize("path", ["/sign-out", "/account/sign-out-everywhere"])
def test_signing_out_lets_the_browser_remove_what_it_keeps(client_of: ClientOf, session: Session, path: str) -> None:
    trainee = client_of(Ward(session).trainee)
    left = trainee.answered("POST", path, data={"csrf_token": trainee.token()})
    assert left.headers["Clear-Site-Data"] == '"storage"'


def test_what_waits_closed_for_somebody_else_is_not_removed_with_it(client_of: ClientOf, session: Session) -> None:
    trainee = client_of(Ward(session).trainee)
    left = trainee.answered("POST", "/sign-out", data={"csrf_token": trainee.token(), "others": "1"})
    assert left.status_code == 302
    assert "Clear-Site-Data" not in left.headers


def test_the_page_of_a_device_knows_nobody_by_name(client_of: ClientOf, session: Session) -> None:
    ward = Ward(session)
    assert client_of(ward.trainee).get("/device").heading == "On this device"
    kept = client_of(ward.trainee).get("/en/offline").source
    assert ward.trainee.name not in kept
    assert str(ward.trainee.id) not in kept


def test_a_form_brings_what_a_script_can_check_in_the_readers_words(client_of: ClientOf, session: Session) -> None:
    ward = Ward(session)
    checks = checks_of(client_of(ward.trainee))
    assert checks["note"]["required"] == "Fill this in."
    assert checks["note"]["most"] == [200, "Use at most 200 characters."]
    assert checks["quantity"]["range"] == [1, 999, "Use a number from 1 to 999."]
    ward.trainee.language = "nl"
    assert checks_of(client_of(ward.trainee))["epas"]["required"] == "Kies minstens één EPA."


def checks_of(browser: Browser) -> dict[str, dict[str, object]]:
    form = browser.get("/activities/new").form()
    checks: dict[str, dict[str, object]] = json.loads(form.get("data-checks") or "")
    return checks
