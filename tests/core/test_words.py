"""Every word in both languages, and words for everything that has a code."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from enum import Enum
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from flask import Flask

import competencies
from competencies.errors import RuleBroken
from lms.core.words import LABELS, RULES, rule_text

ROOT = Path(__file__).resolve().parents[2]
METHODS = [("lms/**.py", "python"), ("templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "_l": None, "gettext": None, "ngettext": (1, 2)}
OPTIONS = {"templates/**.html": {"trimmed": "false", "silent": "false"}}
NOT_SHOWN = {"Gate", "Mode", "ExitCode"}


def dutch() -> Catalog:
    path = ROOT / "lms/translations/nl/LC_MESSAGES/messages.po"
    return read_po(BytesIO(path.read_bytes()), locale="nl")


def messages() -> set[str | tuple[str, ...]]:
    found = extract_from_dir(str(ROOT), METHODS, OPTIONS, KEYWORDS, directory_filter=lambda path: "/.venv" not in path)
    return {message[2] for message in found}


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)", text))


def test_every_message_has_its_dutch() -> None:
    catalogue = dutch()
    known = {message.id: message for message in catalogue if message.id}
    missing = [
        message
        for message in messages()
        if message not in known or not all(_strings(known[message].string)) or known[message].fuzzy
    ]
    assert not missing


def test_the_catalogue_keeps_no_message_that_nobody_says() -> None:
    said = messages()
    assert not [message.id for message in dutch() if message.id and message.id not in said]


def test_a_translation_has_the_same_placeholders() -> None:
    wrong = []
    for message in dutch():
        asked = set().union(*(placeholders(text) for text in _strings(message.id)))
        wrong += [message.id for text in _strings(message.string) if message.id and not placeholders(text) <= asked]
    assert not wrong


def _strings(text: object) -> list[str]:
    return list(text) if isinstance(text, tuple | list) else [str(text or "")]


def test_every_enum_that_is_shown_has_words_for_each_member() -> None:
    for info in pkgutil.iter_modules(competencies.__path__):
        module = importlib.import_module(f"competencies.{info.name}")
        for name, kind in vars(module).items():
            if isinstance(kind, type) and issubclass(kind, Enum) and kind.__module__ == module.__name__:
                assert set(LABELS.get(name, {})) == {member.value for member in kind}, name


@pytest.mark.parametrize("folder", ["lms", "competencies"])
def test_every_rule_that_can_be_broken_has_words(folder: str) -> None:
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("RuleBroken"):
                assert isinstance(node.args[0], ast.Constant), f"{path}:{node.lineno} computes its code"
                code, facts = str(node.args[0].value), {keyword.arg for keyword in node.keywords}
                assert code in RULES, f"{path}:{node.lineno}: no words for {code}"
                asked = placeholders(str(_source_text(RULES[code])))
                assert asked <= facts or None in facts, f"{path}:{node.lineno}: {code} does not say {asked - facts}"


def _source_text(lazy: object) -> str:
    return str(getattr(lazy, "_args", [lazy])[0])


def test_the_words_of_a_rule_fill_in_its_facts(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert "not%" not in rule_text(RuleBroken("level_unknown", level="9"))
        assert "9" in rule_text(RuleBroken("level_unknown", level="9"))
