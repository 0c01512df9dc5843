"""Handing files in as a person does, and doing what the worker would."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from lms.exchange.jobs import apply_import, read_import
from lms.exchange.models import FrameworkPackage, Import, ImportLine
from tests.exchange.packages import as_file
from tests.pages import Browser, Page


def hand_in(browser: Browser, content: bytes, *, name: str = "file.json", place: UUID | None = None) -> Page:
    """Hand a file in and return the page that follows."""
    page = browser.get("/imports")
    values: dict[str, Any] = page.filled(page.form("/imports"), {"place": str(place)} if place else {})
    answer = send_file(browser, "/imports", values, content, name=name)
    return browser._page(answer, answer.status_code)


def send_file(
    browser: Browser, path: str, values: dict[str, Any], content: bytes, *, name: str = "file.json"
) -> TestResponse:
    """Send a form with a file to a path and return the answer, after redirects."""
    boundary, body = encode_multipart(values | {"file": FileStorage(BytesIO(content), filename=name)})
    kind = f'multipart/form-data; boundary="{boundary}"'
    return browser.answered("POST", path, data=body, content_type=kind, follow_redirects=True)


def newest(session: Session) -> Import:
    """Return the import that was handed in last."""
    return session.scalars(select(Import).order_by(Import.id.desc()).limit(1)).one()


def read(session: Session) -> Import:
    """Let a worker read the file that was handed in last, and return its import."""
    read_import(import_id=str(newest(session).id))
    session.expire_all()
    return newest(session)


def apply(session: Session) -> Import:
    """Let a worker apply the import that somebody pressed Import for."""
    one = newest(session)
    apply_import(import_id=str(one.id), user_id=str(one.uploaded_by_id))
    session.expire_all()
    return newest(session)


def press_import(browser: Browser, import_id: UUID) -> Page:
    """Press Import on the page of a preview, and return the page that follows."""
    return browser.send(browser.get(f"/imports/{import_id}"), action=f"/imports/{import_id}/apply")


def imported(browser: Browser, session: Session, package: Any, *, place: UUID | None = None) -> FrameworkPackage:
    """Import a package all the way, and return what is stored."""
    hand_in(browser, as_file(package), place=place)
    one = read(session)
    press_import(browser, one.id)
    return session.get_one(FrameworkPackage, apply(session).result_id)


def lines(session: Session, one: Import) -> list[tuple[str, str, str]]:
    """Return the lines of a preview: what happens, to what kind of thing, and what it is called."""
    rows = session.scalars(select(ImportLine).where(ImportLine.import_id == one.id).order_by(ImportLine.position))
    return [(row.change.value, row.kind, row.title) for row in rows]
