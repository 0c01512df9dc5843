"""Which columns only a page that shows something whole asks for."""

from __future__ import annotations

from typing import Any

IN_FULL: Any = {"deferred": True, "deferred_group": "in_full"}
"""For the long texts of programmes and EPAs: only what shows them whole asks for them (`undefer_group("in_full")`)."""
