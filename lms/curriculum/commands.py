"""The operator's commands on curriculum files: check one, load some, load all that ship with the product."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click
from competencies.errors import RuleBroken
from flask_babel import force_locale

from lms.core import clock
from lms.core.db import database, transaction
from lms.core.words import LANGUAGES, _, ngettext, rule_text
from lms.curriculum.actions import CatalogueSummary, check_files, load_catalogue, load_files
from lms.curriculum.schemas.problems import CurriculumRefused
from lms.curriculum.schemas.source import Document, read_file

REFUSED = 3
"""The exit code for a file that is refused; 1 is a failure and 2 a wrong use of the command."""
