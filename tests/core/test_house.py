"""The rules of the house that no tool knows, read off the source and the routes."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from lms.core.access import gate_of

ROOT = Path(__file__).resolve().parents[2]
PYTHON = sorted(path for folder in ("lms", "competencies") for path in (ROOT / folder).rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

MAY_COMMIT = {
    "lms/core/db.py",  # the one place
    "lms/operations/migrate.py",  # the tables, before there is an app
}
MAY_READ_THE_CLOCK = {"lms/core/clock.py"}
WRITES_NOTHING = {
    "static",
}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))


def dotted(node: ast.expr) -> str:
    return ast.unparse(node) if isinstance(node, ast.Attribute | ast.Name) else ""


def routes(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


@pytest.mark.parametrize("path", PYTHON, ids=name_of)
def test_only_one_place_commits(path: Path) -> None:
    commits = [call.lineno for call in calls(path) if dotted(call.func).endswith(".commit")]
    assert not commits or name_of(path) in MAY_COMMIT


@pytest.mark.parametrize("path", PYTHON, ids=name_of)
def test_only_one_place_reads_the_clock(path: Path) -> None:
    reads = [
        call.lineno for call in calls(path) if dotted(call.func) in {"datetime.now", "date.today", "datetime.utcnow"}
    ]
    assert not reads or name_of(path) in MAY_READ_THE_CLOCK


@pytest.mark.parametrize("path", PYTHON, ids=name_of)
def test_only_one_place_translates(path: Path) -> None:
    imports = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)]
    taken = {alias.name for node in imports if node.module == "flask_babel" for alias in node.names}
    translators = taken & {"gettext", "lazy_gettext", "ngettext", "lazy_ngettext", "pgettext"}
    assert not translators or name_of(path) == "lms/core/words.py"


@pytest.mark.parametrize("path", PYTHON, ids=name_of)
def test_no_module_is_called_after_nothing(path: Path) -> None:
    assert path.stem not in {"util", "utils", "helpers", "common", "misc", "manager"}


def test_every_route_wears_exactly_one_gate(app: Flask) -> None:
    bare = [rule.rule for rule in routes(app) if gate_of(app.view_functions[rule.endpoint]) is None]
    assert not bare


def test_every_path_parameter_has_a_converter(app: Flask) -> None:
    untyped = [rule.rule for rule in app.url_map.iter_rules() if re.search(r"<[^:>]+>", rule.rule)]
    assert untyped in ([], ["/static/<path:filename>"])


STANDARDS = ("/ims/case/v1p1/", "/providers/<uuid:place_id>/ims/case/v1p1/")
"""Where the addresses are those of a standard, which names them its own way."""


def test_every_address_is_made_of_kebab_case_nouns(app: Flask) -> None:
    odd = [
        rule.rule
        for rule in routes(app)
        if not rule.rule.startswith(STANDARDS)
        and not re.fullmatch(
            r"(/|(/([a-z0-9-]+(\.(js|svg|txt|webmanifest|xml))?|<[a-z]+:[a-z_]+>(\.ics)?))+)", rule.rule
        )
    ]
    assert not odd


def test_every_view_that_is_posted_to_opens_a_transaction(app: Flask) -> None:
    posted = {rule.endpoint for rule in routes(app) if "POST" in (rule.methods or set())}
    without = [name for name in sorted(posted - WRITES_NOTHING) if not opens_transaction(app.view_functions[name])]
    assert not without


def opens_transaction(view: Callable[..., object]) -> bool:
    """Return whether the view, or a function of its module that it calls, opens a transaction."""
    original = inspect.unwrap(view)
    functions = {
        node.name: node
        for node in ast.walk(ast.parse(inspect.getsource(inspect.getmodule(original) or original)))
        if isinstance(node, ast.FunctionDef)
    }
    reached, todo = set[str](), [original.__name__]
    while todo:
        name = todo.pop()
        if name in reached or name not in functions:
            continue
        reached.add(name)
        called = {dotted(node.func) for node in ast.walk(functions[name]) if isinstance(node, ast.Call)}
        if "db.transaction" in called:
            return True
        todo.extend(called)
    return False


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_never_trusts_a_text(path: Path) -> None:
    assert not re.search(r"\|\s*safe\b|\bautoescape\b", path.read_text())


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_asks_predicates_and_never_roles(path: Path) -> None:
    assert not re.search(r"\bRole\.|\.holds\(|\.has\(|\.places\(", path.read_text())
