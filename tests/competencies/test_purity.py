"""The domain stands on its own: what it imports, what it refuses with, and that it reads no clock."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import competencies
from competencies.errors import RULE_CODES, RuleBroken

ROOT = Path(competencies.__file__).parent
SOURCES = sorted(ROOT.rglob("*.py"))
ALLOWED = sys.stdlib_module_names | {"competencies", "numpy"}
CLOCKS = {"now", "today", "utcnow"}


def nodes_of(path: Path) -> Iterator[ast.AST]:
    """Yield every node of a source file."""
    yield from ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def imported_by(path: Path) -> set[str]:
    """Return the top-level packages that a source file imports."""
    found = set()
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add("." if node.level else (node.module or "").partition(".")[0])
    return found


def calls_in(path: Path) -> Iterator[ast.Call]:
    """Yield the calls in a source file."""
    yield from (node for node in nodes_of(path) if isinstance(node, ast.Call))


def refusals_in(path: Path) -> set[str]:
    """Return the codes that a source file breaks a rule with, all of them literals."""
    raised = [call for call in calls_in(path) if ast.unparse(call.func).endswith("RuleBroken")]
    return {ast.literal_eval(call.args[0]) for call in raised}


def test_the_sources_are_found() -> None:
    assert {"errors.py", "scales.py", "entrustment.py"} <= {path.name for path in SOURCES}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_imports_only_the_standard_library_and_numpy(path: Path) -> None:
    assert imported_by(path) <= ALLOWED


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_reads_no_clock(path: Path) -> None:
    called = {call.func.attr for call in calls_in(path) if isinstance(call.func, ast.Attribute)}
    assert not called & CLOCKS


def test_the_registered_codes_are_those_that_rules_are_broken_with() -> None:
    assert set[str]().union(*map(refusals_in, SOURCES)) == RULE_CODES


def test_a_broken_rule_carries_its_code_and_facts() -> None:
    broken = RuleBroken("assessment_step", was="declined", to="submitted")
    assert (broken.code, dict(broken.facts)) == ("assessment_step", {"was": "declined", "to": "submitted"})
    assert str(broken) == "assessment_step"
