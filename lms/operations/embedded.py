"""The embedded PostgreSQL: started, found and stopped by us, out of reach of other users of the machine.

No TCP, a socket in a private folder, generated passwords that PostgreSQL keeps only as SCRAM; our tables belong to a
role that is no superuser. Whoever starts the server
has claimed the data folder (`claim.py`).
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL

from lms.operations import cluster, processes
from lms.operations.home import ELSEWHERE, Home, home_of, socket_folder
from lms.operations.kept_secrets import kept_secret
from lms.operations.refusals import CannotRun, ExitCode

OWNER, DATABASE = "bekwaam", "bekwaam"


@dataclass(frozen=True, slots=True)
class Server:
    """A running embedded PostgreSQL."""

    home: Home
    socket: Path
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        """The address of our database, as the role that owns its tables and is no superuser."""
        return _url(self.home, self.socket, OWNER, DATABASE)

    @property
    def superuser_url(self) -> str:
        """The address of the maintenance database, as the superuser."""
        return _url(self.home, self.socket, cluster.SUPERUSER, "postgres")

    def stop(self, *, with_signal: signal.Signals = signal.SIGINT) -> None:
        """Stop the server (by default: roll back what is open, then write everything down)."""
        processes.stop(self.process, with_signal, within=60)
        if self.socket.parent != self.home.folder:
            shutil.rmtree(self.socket, ignore_errors=True)


def start(data: Path, *, durable: bool = True, elsewhere: Path = ELSEWHERE) -> Server:
    """Return the server of that data folder, ready to be used; its first start makes the database.

    Raises `CannotRun` when it cannot: its message says why and what to do.
    """
    home = home_of(data.absolute(), elsewhere=elsewhere)
    cluster.check_room(home)
    if not home.cluster.exists():
        cluster.set_up(home, durable=durable)
    cluster.clear(home)
    socket = socket_folder(home)
    server = Server(home, socket, cluster.serve(home, socket, durable=durable))
    _make_database(server)
    return server


@contextmanager
def throwaway() -> Iterator[Server]:
    """Run a server that forgets everything at the end of the block, fast and not durable: for tests."""
    folder = Path(tempfile.mkdtemp(prefix="bekwaam-"))
    if os.geteuid() == 0:
        folder.chmod(0o711)
    try:
        server = start(folder, durable=False, elsewhere=folder / "elsewhere")
        try:
            yield server
        finally:
            server.stop(with_signal=signal.SIGQUIT)
    finally:
        shutil.rmtree(folder)


def address(data: Path) -> str | None:
    """Return the address of our database when the server of that data folder runs, else None."""
    home = home_of(data.absolute())
    pid, socket, ready = cluster.noted(home)
    return _url(home, socket, OWNER, DATABASE) if ready and pid in cluster.serving(home) else None


def _url(home: Home, socket: Path, role: str, database: str) -> str:
    url = URL.create("postgresql+psycopg", role, kept_secret(home.secrets / role), database=database)
    return url.update_query_dict({"host": str(socket)}).render_as_string(hide_password=False)


def _make_database(server: Server) -> None:
    """Make the role that owns our tables, and the database, where they are missing."""
    try:
        with psycopg.connect(server.superuser_url.replace("+psycopg", "", 1), autocommit=True) as connection:
            _make_role(connection, kept_secret(server.home.secrets / OWNER))
            _make_empty(connection)
    except psycopg.Error as wrong:
        server.stop()
        raise CannotRun(
            ExitCode.DATABASE,
            f"The embedded database does not let us in ({wrong}): put back the files of {server.home.secrets} "
            "that belong to it, or name another folder with BEKWAAM_DATA.",
        ) from wrong


def _make_role(connection: psycopg.Connection, password: str) -> None:
    if connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [OWNER]).rowcount == 0:
        role = sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}")
        connection.execute(role.format(sql.Identifier(OWNER), sql.Literal(password)))


def _make_empty(connection: psycopg.Connection) -> None:
    if connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).rowcount == 0:
        database, owner = sql.Identifier(DATABASE), sql.Identifier(OWNER)
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, owner))
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
