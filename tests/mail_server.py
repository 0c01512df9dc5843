"""A real mail server for the tests: keeps what it is given, and answers as it is told to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

GOOD = "250 OK"


class Postbox:
    """What the server does with what it is told: `to_recipient` and `to_data` are its next answers, then it agrees."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.said: list[str] = []
        self.to_recipient: list[str] = []
        self.to_data: list[str] = []
        self.on_data: Callable[[], None] = lambda: None
        self.port = 0

    async def handle_RCPT(  # noqa: N802
        self, server: object, session: object, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.to_recipient:
            return self.to_recipient.pop(0)
        envelope.rcpt_tos.append(address)
        return GOOD

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:  # noqa: N802
        if self.to_data:
            return self.to_data.pop(0)
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        self.on_data()
        return GOOD

    @property
    def url(self) -> str:
        """The setting under which it is found."""
        return f"smtp+plain://127.0.0.1:{self.port}"


@contextmanager
def serving(postbox: Postbox, *, port: int = 0, **options: Any) -> Iterator[None]:
    """Let the postbox answer on a free port of this machine, or on that one."""
    controller = Controller(postbox, hostname="127.0.0.1", port=port, ready_timeout=10, **options)
    if port == 0:
        controller.port = postbox.port = free_port()
    controller.start()
    try:
        yield
    finally:
        controller.stop()


def free_port() -> int:
    """Return a port on which nothing listens."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
