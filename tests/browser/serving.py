"""The site as people meet it: the real web server on a database of its own, and what its log says of it."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from lms.operations import processes
from tests.browser import warm

LONGEST_START = 60.0
HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Site:
    """A running web server: where it answers, the folder it keeps things in, and the database it answers from."""

    port: int
    folder: Path
    database_url: str

    @property
    def address(self) -> str:
        """The beginning of every address of the site."""
        return f"http://{HOST}:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The environment in which the server, or a command beside it, works on this database."""
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith(("BEKWAAM_", "SECRET_", "WEB_"))
        }
        return inherited | {
            "BEKWAAM_DATA": str(self.folder),
            "BEKWAAM_MODE": "demo",
            "DATABASE_URL": self.database_url,
            "SECRET_KEY": "only for tests, " * 4,
        }

    @property
    def log(self) -> Path:
        """What the server said."""
        return self.folder / "web.log"

    def failures(self) -> list[str]:
        """Return the lines of the log about requests that failed, and about anything else that went wrong."""
        return [line for line in self.log.read_text().splitlines() if line.strip() and _tells_of_failure(line)]

    def is_ready(self) -> bool:
        """Return whether the server answers that it can work."""
        asking = HTTPConnection(HOST, self.port, timeout=10)
        try:
            asking.request("GET", "/health/ready")
            return asking.getresponse().status == 200
        except (HTTPException, OSError):
            return False
        finally:
            asking.close()


def _tells_of_failure(line: str) -> bool:
    try:
        said = json.loads(line)
    except ValueError:
        return True
    return int(said.get("status", 200)) >= 500 or said.get("level") not in {"info", "debug"}


@contextmanager
def serving(database_url: str, folder: Path, *, will_fail: bool = False) -> Iterator[Site]:
    """Run the web server on that database for the length of a block.

    Its log must survive that without a failure, or hold some where the test makes it fail.
    """
    with socket.socket() as free:
        free.bind((HOST, 0))
        site = Site(free.getsockname()[1], folder, database_url)
    server = warm.started("gunicorn", _arguments(site.port), site.environment, site.log)
    try:
        assert processes.waited(site.is_ready, within=LONGEST_START), site.log.read_text()
        yield site
    finally:
        warm.stop(server, within=10)
    failures = site.failures()
    assert bool(failures) is will_fail, "\n".join(failures) or "nothing failed"


def _arguments(port: int) -> list[str]:
    return [
        "lms.operations.web:application",
        *(f"--bind={HOST}:{port}", "--workers=2", "--worker-class=gthread", "--threads=1"),
        "--preload",  # One import instead of one a worker, as in operation.
        *("--keep-alive=15", "--graceful-timeout=1", "--log-level=warning", "--no-control-socket"),
    ]
