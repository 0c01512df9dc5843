"""The blueprint of the learning paths."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("paths", __name__)
