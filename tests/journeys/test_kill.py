"""What was acknowledged is there after everything was killed in the middle of a stream of writes, and can be proven.

Bekwaam runs as at an operator's: its own durable PostgreSQL, its web server and its worker, ended by SIGKILL at once.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

import html5lib
import psycopg
import pytest
from sqlalchemy import make_url

from lms.accounts.passwords import DEMO_PASSWORD, hash_of
from lms.core.keys import uuid7
from lms.operations import cluster, embedded, processes
from lms.operations.home import home_of
from tests.pages import Page

HOST = "127.0.0.1"
LONGEST = 120.0
WRITERS, ENOUGH, MOST = 3, 45, 400
"""So many people write; the stream is cut after so many answers, and nobody writes more than that."""
LOGGED = re.compile(r"/activities/([0-9a-f-]{36})/ask")
CURRENT_TRAINEES = """
    SELECT u.id, u.email FROM users u JOIN enrolments e ON e.trainee_id = u.id
    WHERE e.ended_on IS NULL AND e.planned_end_on > current_date + 1 ORDER BY u.email LIMIT %s
"""


class Installation:
    """Bekwaam on a data folder of its own, as `bekwaam run` starts it."""

    def __init__(self, above: Path) -> None:
        self.data, self._said = above / "data", above / "said"
        with socket.socket() as free:
            free.bind((HOST, 0))
            self.port = free.getsockname()[1]
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "SECRET_"))}
        own = {"BEKWAAM_DATA": str(self.data), "BEKWAAM_MODE": "demo", "PORT": str(self.port)}
        self.environment = inherited | own
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it says where it is."""
        with self._said.open("wb") as said:
            command = [sys.executable, "-m", "lms.operations", "run"]
            self.process = subprocess.Popen(command, env=self.environment, stdout=said, stderr=said)
        process = self.process

        def is_settled() -> bool:
            return process.poll() is not None or b"answers at" in self._said.read_bytes()

        assert processes.waited(is_settled, within=LONGEST), self._said.read_text()
        assert process.poll() is None, self._said.read_text()

    @property
    def runs(self) -> bool:
        """Whether it was started and did not end."""
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """Kill all of it, the database first: whoever sees that it is gone has no time left to do anything about it."""
        assert self.process is not None
        parts = {self.process.pid, *parts_of(self.process.pid)}
        of_database = {part for part in parts if _name_of(part) == "postgres"}
        for part in (*of_database, *(parts - of_database)):
            with suppress(ProcessLookupError):  # It ended because of the one before it.
                os.kill(part, signal.SIGKILL)
        self.process.wait()
        assert processes.waited(lambda: not any(map(processes.mark_of, parts)), within=10)
        # PostgreSQL with its own processes; the web server with a worker, the job worker, and what started them.
        assert len(of_database) > 3
        assert len(parts - of_database) >= 4

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Return what a command of the operator came to."""
        bekwaam = Path(sys.executable).with_name("bekwaam")
        return subprocess.run([bekwaam, *words], env=self.environment, capture_output=True, text=True, check=False)

    def connect(self, *, as_superuser: bool = False) -> psycopg.Connection[tuple[object, ...]]:
        """Return a connection to its database."""
        url = make_url(embedded.address(self.data) or "")
        if as_superuser:
            home = home_of(self.data)
            password = (home.secrets / cluster.SUPERUSER).read_text().strip()
            url = url.set(username=cluster.SUPERUSER, password=password)
        return psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False))


def parts_of(parent: int) -> set[int]:
    """Return the processes that this one started, and theirs."""
    tasks = Path(f"/proc/{parent}/task").glob("*/children")
    children = {int(child) for task in tasks for child in task.read_text().split()}
    return children.union(*map(parts_of, children))


def _name_of(process: int) -> str:
    return Path(f"/proc/{process}/comm").read_text().strip()


class Writer(threading.Thread):
    """A trainee who logs one activity after another until nobody answers; keeps what was acknowledged."""

    def __init__(self, port: int, email: str, enough: threading.Event) -> None:
        super().__init__(daemon=True)
        self.connection = HTTPConnection(HOST, port, timeout=30)
        self.cookies: SimpleCookie = SimpleCookie()
        self.email, self.enough = email, enough
        self.acknowledged: list[UUID] = []
        self.refusals: list[str] = []

    def run(self) -> None:
        """Sign in and write."""
        try:
            self._sign_in()
            path, form = self._form_at("/activities/new", {"kind": "procedure"})
            for number in range(MOST):
                self._log(path, form | {"note": f"Write {number}", "key": str(uuid7())})
        except (HTTPException, OSError):
            return  # The server was killed, as this test is about.
        finally:
            self.connection.close()

    def _sign_in(self) -> None:
        path, form = self._form_at("/sign-in", {"email": self.email, "password": DEMO_PASSWORD})
        status, _location, _text = self._ask("POST", path, form)
        assert status == 302

    def _form_at(self, path: str, values: Mapping[str, str]) -> tuple[str, dict[str, str | list[str]]]:
        """Return where the form of a page goes, and what it would send with these values typed and one EPA chosen."""
        _status, _location, text = self._ask("GET", path)
        page = Page(path, text, html5lib.parse(text, namespaceHTMLElements=False))
        form = page.form()
        epas = [box.get("value", "") for box in form.iter("input") if box.get("name") == "epas"][:1]
        return form.get("action") or path, page.filled(form, {**values, **({"epas": epas} if epas else {})})

    def _log(self, path: str, form: Mapping[str, str | list[str]]) -> None:
        status, location, _text = self._ask("POST", path, form)
        if found := LOGGED.search(location):
            self.acknowledged.append(UUID(found.group(1)))
        else:
            self.refusals.append(f"{status} {location}")
        if len(self.acknowledged) >= ENOUGH // WRITERS:
            self.enough.set()

    def _ask(self, method: str, path: str, form: Mapping[str, str | list[str]] | None = None) -> tuple[int, str, str]:
        headers = {"Cookie": "; ".join(f"{name}={cookie.value}" for name, cookie in self.cookies.items())}
        if form is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request(method, path, urlencode(form or {}, doseq=True), headers)
        answer = self.connection.getresponse()
        for given in answer.headers.get_all("Set-Cookie", []):
            self.cookies.load(given)
        return answer.status, answer.headers.get("Location", ""), answer.read().decode()


@pytest.fixture
def installation() -> Iterator[Installation]:
    """Return an installation with the demonstration, which runs."""
    above = Path(tempfile.mkdtemp(prefix="bekwaam-"))
    above.chmod(0o711)
    installation = Installation(above)
    try:
        installation.start()
        yield installation
    finally:
        if installation.runs:
            installation.kill()
        shutil.rmtree(above)


def writers_of(installation: Installation, enough: threading.Event) -> list[Writer]:
    """Return people who can sign in and log, ready to be started."""
    with installation.connect() as connection:
        found = connection.execute(CURRENT_TRAINEES, [WRITERS]).fetchall()
        for key, _email in found:
            connection.execute("UPDATE users SET password_hash = %s WHERE id = %s", [hash_of(DEMO_PASSWORD), key])
    return [Writer(installation.port, str(email), enough) for _key, email in found]


def test_a_kill_loses_nothing_that_was_acknowledged_and_tampering_is_found(installation: Installation) -> None:
    enough = threading.Event()
    writers = writers_of(installation, enough)
    for writer in writers:
        writer.start()
    assert enough.wait(LONGEST)
    installation.kill()
    for writer in writers:
        writer.join(LONGEST)
        assert not writer.refusals
        assert 0 < len(writer.acknowledged) < MOST

    installation.start()
    acknowledged = [key for writer in writers for key in writer.acknowledged]
    with installation.connect() as connection:
        for table, column in (("activities", "id"), ("audit_entries", "target_id"), ("activity_epas", "activity_id")):
            lost = f"SELECT k FROM unnest(%s::uuid[]) k WHERE NOT EXISTS (SELECT FROM {table} WHERE {column} = k)"
            assert connection.execute(lost, [acknowledged]).fetchall() == []
    checked = installation.command("check")
    assert checked.returncode == 0, checked.stdout + checked.stderr

    entry = tamper(installation, acknowledged[0])
    found = installation.command("check")
    assert found.returncode == 1
    assert entry in found.stdout
    assert "changed after it was written" in found.stdout


def tamper(installation: Installation, target: UUID) -> str:
    """Change what one entry of the audit record says, in the only way that the database lets through; return its id."""
    with installation.connect(as_superuser=True) as connection:
        connection.execute("SET session_replication_role = replica")
        changed = connection.execute(
            "UPDATE audit_entries SET facts = replace(facts::text, 'procedure', 'simulation')::json "
            "WHERE target_id = %s RETURNING id",
            [target],
        ).fetchall()
    assert len(changed) == 1
    return str(changed[0][0])
