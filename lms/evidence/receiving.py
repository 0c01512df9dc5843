"""A file that a form brings: whole or in pieces before, looked at by the scanner, verified as what it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

from sqlalchemy.orm import Session

from competencies.errors import RuleBroken
from lms.accounts.models import User
from lms.evidence import actions, queries
from lms.evidence.forms import WithFile
from lms.evidence.scanning import check_for_viruses
from lms.evidence.values import Verified
from lms.evidence.verification import taken_in, verified
from lms.evidence.verification.verifying import Given, read_pieces

ABOUT_FILES = ("file_", "files_", "image_", "office_", "pdf_", "upload_", "uploads_")
"""How the codes begin of the rules about files."""


class Received(NamedTuple):
    """A file that may be kept, and what its owner calls it."""

    file: Verified
    name: str


def is_about_file(broken: RuleBroken) -> bool:
    """Whether a broken rule is about the file of a form, and not about what was typed."""
    return broken.code.startswith(ABOUT_FILES)


@contextmanager
def received(session: Session, form: WithFile, *, owner: User) -> Iterator[Received | None]:
    """Give the file that a form brings, None where it brings none; raise RuleBroken for one that is refused."""
    with ExitStack() as opened:
        yield _looked_at(session, form, owner, opened)


def _looked_at(session: Session, form: WithFile, owner: User, opened: ExitStack) -> Received | None:
    given, name = _given(session, form, owner, opened)
    if given is None:
        return None
    try:
        check_for_viruses(given.content)
        return Received(verified(given, opened), name)
    except RuleBroken:
        form.upload.data = ""
        raise


def _given(session: Session, form: WithFile, owner: User, opened: ExitStack) -> tuple[Given | None, str]:
    """Return the file as it came, from its pieces or with the form, and the name that it came with."""
    if form.uploaded is not None:
        upload = queries.upload_of(session, owner.id, form.uploaded)
        if upload is None:
            raise RuleBroken("upload_gone")
        given = taken_in(actions.pieces_of(upload), opened)
        if given.size != upload.size:
            raise RuleBroken("file_incomplete")
        return given, upload.name
    if form.file.data is None or not form.file.data.filename:
        return None, ""
    return taken_in(read_pieces(form.file.data.stream), opened), form.file.data.filename
