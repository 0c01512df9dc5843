"""The PostgreSQL of the tests: one throwaway server for the whole run, however many processes share the work.

A pytest plugin: `pytest_plugins = ["tests.server"]` in `conftest.py` gives the fixture `server_urls`.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any, NamedTuple

import pytest

from lms.operations.embedded import throwaway


class ServerUrls(NamedTuple):
    """The addresses of the server's maintenance database as superuser, and of our empty database as its owner."""

    superuser: str
    owner: str


_shared = ExitStack()
_urls: list[ServerUrls] = []


def _start() -> ServerUrls:
    if not _urls:
        server = _shared.enter_context(throwaway())
        _urls.append(ServerUrls(server.superuser_url, server.url))
    return _urls[0]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Hand the addresses to each worker process of pytest-xdist; the server itself belongs to their parent."""
    node.workerinput["server_urls"] = tuple(_start())


def pytest_unconfigure() -> None:
    """Stop the server of this process, if it started one."""
    _urls.clear()
    _shared.close()


@pytest.fixture(scope="session")
def server_urls(request: pytest.FixtureRequest) -> ServerUrls:
    """Return the addresses of the server that this run shares."""
    given = getattr(request.config, "workerinput", {}).get("server_urls")
    return ServerUrls(*given) if given else _start()
