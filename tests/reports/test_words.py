"""Every action and every fact that the audit record keeps has words; read from the source, so none can be forgotten."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from lms.core.words import LABELS
from lms.progress.history import COLUMNS
from lms.reports.words import ACTIONS, ENUMS, FACTS

LMS = Path(__file__).resolve().parents[2] / "lms"
ACTION = re.compile(r"[a-z_]+\.[a-z_]+")
DOSSIER = (
    "cohorts/actions/enrolments.py",
    "cohorts/actions/guidance.py",
    "logbook",
    "evidence",
    "assessments",
    "entrustment",
)
"""Where entries about an enrolment are written: their facts are shown on the page of its audit trail."""


def calls_of_record(tree: ast.AST) -> Iterator[ast.Call]:
    """Return the calls of `record` and of functions that hand on to it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name.strip("_").startswith("record"):
                yield node


def actions_in_source() -> dict[str, Path]:
    """Return every action that the source records, with the file that does; f-strings are given as their pattern."""
    found: dict[str, Path] = {}
    for path in sorted(LMS.rglob("*.py")):
        for call in calls_of_record(ast.parse(path.read_text())):
            for argument in call.args:
                for action in _actions(argument):
                    found[action] = path
    return found


def _actions(argument: ast.expr) -> Iterator[str]:
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and ACTION.fullmatch(argument.value):
        yield argument.value
    if isinstance(argument, ast.IfExp):
        yield from _actions(argument.body)
        yield from _actions(argument.orelse)
    if isinstance(argument, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in argument.values)


def test_the_source_is_read() -> None:
    found = actions_in_source()
    assert {"decision.taken", "assessment.submitted", "report.exported", "standing.rebuilt"} <= found.keys()


def test_every_action_has_words() -> None:
    patterns = {action: re.compile(re.escape(action).replace(r"\*", r"[a-z_]+")) for action in actions_in_source()}
    without = [action for action, pattern in patterns.items() if not any(map(pattern.fullmatch, ACTIONS))]
    assert without == []


def test_no_action_has_words_that_nobody_records() -> None:
    patterns = [re.compile(re.escape(action).replace(r"\*", r"[a-z_]+")) for action in actions_in_source()]
    assert [action for action in ACTIONS if not any(pattern.fullmatch(action) for pattern in patterns)] == []


def facts_in_source() -> set[str]:
    """Return the keys of the dictionaries that the actions of a dossier are written with."""
    keys: set[str] = set()
    for place in DOSSIER:
        start = LMS / place
        for path in [start] if start.is_file() else sorted(start.rglob("action*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Dict):
                    keys |= {
                        key.value for key in node.keys if isinstance(key, ast.Constant) and str(key.value) == key.value
                    }
    return keys


def _texts(nodes: Iterable[ast.expr | None]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_every_fact_of_a_dossier_has_words() -> None:
    found = facts_in_source()
    assert {"performed_on", "trainer", "requirements_met"} <= found
    assert sorted(found - FACTS.keys()) == []


def test_every_column_of_a_standing_has_words() -> None:
    assert sorted(set(COLUMNS) - FACTS.keys()) == []


@pytest.mark.parametrize("fact", ENUMS)
def test_the_values_of_a_fact_have_words(fact: str) -> None:
    assert ENUMS[fact] in LABELS
    assert fact in FACTS
