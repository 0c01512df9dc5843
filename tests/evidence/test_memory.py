"""Hostile sizes: five gigabytes are stopped at the limit, and what swells is refused, with memory flat."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from io import RawIOBase

import pytest
from sqlalchemy.orm import Session

from competencies.errors import RuleBroken
from lms.accounts.models import User
from lms.evidence.values import LARGEST_FORM, MEGABYTE
from lms.evidence.verification import taken_in, verified
from tests.evidence.made import HOSTILE
from tests.factories import Ward
from tests.logbook.activities import log_activity
from tests.pages import Browser

FIVE_GIGABYTES = 5 * 1024 * MEGABYTE
FLAT = 12 * MEGABYTE


@contextmanager
def flat(most: int = FLAT) -> Iterator[None]:
    """Fail where more memory is taken at once than that."""
    tracemalloc.start()
    try:
        yield
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < most, f"{peak / MEGABYTE:.1f} MB at once"


class Endless(RawIOBase):
    """A body of five gigabytes that is made while it is read; it counts what was taken."""

    def __init__(self, head: bytes) -> None:
        self.head, self.left, self.taken, self.end = head, FIVE_GIGABYTES, 0, False

    def seek(self, offset: int, whence: int = 0) -> int:
        """Let the client ask how long the body is, and nothing else."""
        self.end = whence == 2
        return self.tell()

    def tell(self) -> int:
        return FIVE_GIGABYTES if self.end else 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        size = min(len(buffer), self.left)
        piece = (self.head + bytes(size))[:size]
        self.head = self.head[size:]
        buffer[:size] = piece
        self.left -= size
        self.taken += size
        return size


HEAD = (
    b'--b\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n%s\r\n'
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%%PDF-1.7\n'
)


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("says_its_size", [True, False])
def test_five_gigabytes_are_stopped_at_the_limit(
    session: Session, client_of: Callable[[User | None], Browser], says_its_size: bool
) -> None:
    ward = Ward(session)
    browser, activity = client_of(ward.trainee), log_activity(session, ward)
    body = Endless(HEAD % browser.token().encode())
    in_chunks = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": ""}
    with flat():
        answer = browser.answered(
            "POST",
            f"/activities/{activity.id}/files/new",
            input_stream=body,
            content_type="multipart/form-data; boundary=b",
            environ_overrides={} if says_its_size else in_chunks,
        )
    assert answer.status_code == 413
    assert body.taken <= LARGEST_FORM + MEGABYTE
    gc.collect()  # The parser leaves its half of a file to the collector; that is not what is tested here.


@pytest.mark.parametrize(
    "name",
    [
        "an archive that swells",
        "an archive that swells in many places",
        "a letter with an endless element",
        "a document that swells",
        "a drawing of too many points",
    ],
)
def test_what_swells_is_refused_with_memory_flat(name: str) -> None:
    make, code = HOSTILE[name]
    content = make()
    with flat(), ExitStack() as opened, pytest.raises(RuleBroken, match=code):
        verified(taken_in([content], opened), opened)
