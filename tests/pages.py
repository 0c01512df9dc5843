"""A browser for the tests that refuses a bad page: valid HTML, one h1, labels on fields, ids that occur once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextvars import Context
from dataclasses import dataclass
from secrets import token_hex
from typing import Any, cast
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from flask import session as flask_session
from flask_wtf.csrf import generate_csrf
from werkzeug.test import TestResponse

from lms.accounts import actions
from lms.accounts.models import User
from lms.core import clock, db

Values = Mapping[str, str | list[str] | None]
CONTROLS = ("input", "select", "textarea")
UNLABELLED = {"hidden", "submit", "button", "image"}


class BadPage(AssertionError):
    """A page that nobody should be shown; the message says what is wrong with it."""


class Browser:
    """A person's browser: keeps cookies, follows redirects, sends forms as they stand on the page."""

    def __init__(self, app: Flask, user: User | None, *, language: str = "en") -> None:
        self.client = app.test_client()
        self.language = language
        if user is not None:
            self._sign_in(user)

    def _sign_in(self, user: User) -> None:
        with db.transaction() as session:
            _opened, token = actions.open_session(session, user, device="Test", at=clock.now())
        with self.client.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True

    def get(self, path: str, *, status: int = 200) -> Page:
        """Return the page at a path, after redirects."""
        return self._page(self.answered("GET", path, follow_redirects=True), status)

    def raw(self, path: str) -> TestResponse:
        """Return the answer itself, read to its end, for what is not a page."""
        answer = self.answered("GET", path)
        answer.get_data()
        answer.close()
        return answer

    def send(self, page: Page, values: Values | None = None, *, action: str | None = None, status: int = 200) -> Page:
        """Send the only form of the page, or the one with that action, with these values; return the next page."""
        form = page.form(action)
        target = form.get("action") or page.path
        return self.post(target, page.filled(form, values or {}), status=status, token=False)

    def post(self, path: str, values: Values | None = None, *, status: int = 200, token: bool = True) -> Page:
        """Send values to a path as a form of this site would."""
        return self._page(self.send_raw(path, values, token=token), status)

    def send_raw(self, path: str, values: Values | None = None, *, token: bool = True) -> TestResponse:
        """Send values to a path and return the answer itself, after redirects."""
        data: dict[str, str | list[str]] = {"csrf_token": self.token()} if token else {}
        data |= {name: value for name, value in (values or {}).items() if value is not None}
        return self.answered("POST", path, data=data, follow_redirects=True)

    def token(self) -> str:
        """Return the token that this browser's forms carry, without asking for a page."""
        with self.client.session_transaction() as kept:
            secret = kept.setdefault("csrf_token", token_hex())
        return Context().run(self._signed, secret)

    def _signed(self, secret: str) -> str:
        with self.client.application.test_request_context():
            flask_session["csrf_token"] = secret
            token: str = generate_csrf()
        return token

    def answered(self, method: str, path: str, **options: Any) -> TestResponse:
        """Send a request as from outside: nothing that the test keeps open is seen by the app, and all it wrote is."""
        db.session().flush()
        headers = {"Accept-Language": self.language} | options.pop("headers", {})
        answer = Context().run(lambda: self.client.open(path, method=method, headers=headers, **options))
        db.session().expire_all()
        return answer

    @staticmethod
    def _page(answer: TestResponse, status: int) -> Page:
        assert answer.status_code == status, f"{answer.request.path}: {answer.status_code}\n{answer.text[:3000]}"
        page = Page(answer.request.path, answer.text, _parsed(answer))
        page.check()
        return page


def _parsed(answer: TestResponse) -> Element:
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    tree = cast(Element, parser.parse(answer.text))
    if parser.errors:
        (line, column), code, facts = parser.errors[0]
        raise BadPage(f"{answer.request.path}: invalid HTML at {line}:{column}: {code} {facts}")
    return tree


@dataclass
class Page:
    """A page as a person gets it."""

    path: str
    source: str
    tree: Element

    @property
    def heading(self) -> str:
        """The text of the h1."""
        return text_of(self.tree.findall(".//h1")[0])

    @property
    def text(self) -> str:
        """All words of the page's content, spaces folded."""
        return text_of(self.tree.findall(".//main")[0])

    def check(self) -> None:
        """Raise `BadPage` for what a person or a screen reader would stumble over."""
        headings = self.tree.findall(".//h1")
        self._demand(len(headings) == 1, f"{len(headings)} h1 headings")
        self._demand(bool(self.tree.get("lang")), "no language")
        self._demand(bool(text_of(self.tree.findall(".//title")[0])), "no title")
        ids = [element.get("id") for element in self.tree.iter() if element.get("id")]
        self._demand(
            len(ids) == len(set(ids)), f"ids used twice: {sorted({i for i in ids if ids.count(i) > 1}, key=str)}"
        )
        self._check_labels(set(ids))
        for element in self.tree.iter():
            self._demand("style" not in element.keys(), f"an inline style on {element.tag}")  # noqa: SIM118
            self._demand(not any(key.startswith("on") for key in element.keys()), f"a script on {element.tag}")  # noqa: SIM118
        self._demand(all(script.get("src") for script in self.tree.iter("script")), "an inline script")

    def _check_labels(self, ids: set[str | None]) -> None:
        labelled = {label.get("for") for label in self.tree.iter("label")}
        wrapped = {id(inside) for label in self.tree.iter("label") for inside in label.iter()}
        for control in self._controls():
            known = control.get("id") in labelled or id(control) in wrapped or control.get("aria-label")
            self._demand(bool(known), f"no label for the field {control.get('name')}")
            for described in (control.get("aria-describedby") or "").split():
                self._demand(described in ids, f"{control.get('name')} is described by {described}, which is not there")
        for table in self.tree.iter("table"):
            self._demand(table.find("caption") is not None, "a table without a caption")

    def _controls(self) -> Iterator[Element]:
        for tag in CONTROLS:
            for control in self.tree.iter(tag):
                if control.get("type") not in UNLABELLED:
                    yield control

    def _demand(self, good: bool, complaint: str) -> None:
        if not good:
            raise BadPage(f"{self.path}: {complaint}")

    def form(self, action: str | None = None) -> Element:
        """Return the form with that action (its path, or its end), or the only form in the content that posts."""
        forms = [
            form for form in self.tree.findall(".//main")[0].iter("form") if form.get("method", "").lower() == "post"
        ]
        if action is not None:
            forms = [form for form in forms if urlsplit(form.get("action") or self.path).path.endswith(action)]
        assert len(forms) == 1, f"{self.path}: {len(forms)} forms for {action or 'the page'}"
        return forms[0]

    def filled(self, form: Element, values: Values) -> dict[str, str | list[str]]:
        """Return what the form would send: what stands in it, with these values typed over it."""
        data: dict[str, str | list[str]] = {}
        for control in form.iter():
            name = control.get("name")
            if not name or control.tag not in CONTROLS:
                continue
            for value in _standing(control):
                data.setdefault(name, [])
                cast(list[str], data[name]).append(value)
        names = {control.get("name") for control in form.iter()}
        for name, typed in values.items():
            assert name in names, f"{self.path}: the form has no field {name}, only {sorted(filter(None, names))}"
            if typed is None:
                data.pop(name, None)
            else:
                data[name] = typed
        return data

    def hidden(self, name: str) -> str:
        """Return the value of a hidden field."""
        for control in self.tree.iter("input"):
            if control.get("name") == name:
                return control.get("value") or ""
        raise AssertionError(f"{self.path}: no hidden field {name}")

    def links(self) -> list[str]:
        """Return the paths of this site that the page links to."""
        return [link.get("href") or "" for link in self.tree.iter("a") if (link.get("href") or "").startswith("/")]


def _standing(control: Element) -> list[str]:
    """Return what a control would send as it stands."""
    if control.tag == "textarea":
        return ["".join(control.itertext())]
    if control.tag == "select":
        options = list(control.iter("option"))
        chosen = [option for option in options if "selected" in option.keys()]  # noqa: SIM118
        standing = chosen or ([] if "multiple" in control.keys() else options[:1])  # noqa: SIM118
        return [option.get("value", text_of(option)) for option in standing]
    if control.get("type") in {"checkbox", "radio"}:
        return [control.get("value", "on")] if "checked" in control.keys() else []  # noqa: SIM118
    return [] if control.get("type") in {"submit", "button", "file"} else [control.get("value", "")]


def text_of(element: Element) -> str:
    """Return the words inside an element, spaces folded."""
    return " ".join(" ".join(element.itertext()).split())
