"""Curriculum files written: YAML that people can read, and JSON; each is read back as exactly the same data."""

from __future__ import annotations

import json
import re
from typing import Any

import yaml

from lms.curriculum.schemas.order import in_order
from lms.curriculum.schemas.source import DECIMAL, NULL, TRUTH, WHOLE

WIDTH = 120
_NAMESPACE = "tag:yaml.org,2002:"


class _Dumper(yaml.SafeDumper):
    """Writes every block in full, and quotes exactly the texts that our reader would take for something else."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML asks for this name
        None: [
            (_NAMESPACE + kind, re.compile(rf"(?:{pattern.pattern})\Z", re.ASCII))
            for kind, pattern in (("null", NULL), ("bool", TRUTH), ("int", WHOLE), ("float", DECIMAL))
        ]
    }

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the name and the argument are PyYAML's
        """Write a value out wherever it stands: our files have no anchors."""
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        """Indent the items of a list below its key."""
        super().increase_indent(flow, indentless=False)


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar(f"{_NAMESPACE}str", text, style="|" if "\n" in text else None)


def _decimal(dumper: _Dumper, number: float) -> yaml.ScalarNode:
    plain = f"{number:.30f}".rstrip("0")
    text = repr(number) if DECIMAL.fullmatch(repr(number)) else plain
    return dumper.represent_scalar(f"{_NAMESPACE}float", text + "0" * text.endswith("."))


_Dumper.add_representer(str, _text)
_Dumper.add_representer(float, _decimal)


def as_yaml(data: dict[str, Any]) -> bytes:
    """Return a curriculum file as YAML in UTF-8, its keys in the order of the schema."""
    ordered = in_order(data)
    parts = [_dumped({name: value}) for name, value in ordered.items()]
    return "\n".join(parts).encode()


def _dumped(part: dict[str, Any]) -> str:
    return yaml.dump(part, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH, default_flow_style=False)


def as_json(data: dict[str, Any]) -> bytes:
    """Return a curriculum file as JSON in UTF-8, its keys in the order of the schema."""
    return (json.dumps(in_order(data), ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()
