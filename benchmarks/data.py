"""The demonstration data of each size: made once and kept, and copied afresh for every measurement.

A measurement writes: it logs, asks and rates. So what is kept is never served; a copy of it is, made page by page by
PostgreSQL itself, with the statistics that were taken after loading.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import psycopg
from psycopg import sql

from lms.demo.sizes import Size
from lms.operations import embedded
from lms.operations.claim import claimed
from lms.operations.embedded import DATABASE, OWNER, Server

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("lms/demo", "migrations/versions", "competencies/catalogue")
SEED = 1
LONGEST_KEPT = 7
"""Days: the region lives up to the evening before it was loaded, and a stale one has nobody at work."""
KEPT = "bekwaam_kept"


class CannotMeasure(Exception):
    """The measurement cannot be made; the message says why."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the kept data was made of, and on which day."""

    fingerprint: str
    seed: int
    made_on: str

    def still_good(self, other: Stamp) -> bool:
        """Return whether data of this stamp does for a measurement that would make the other."""
        age = date.fromisoformat(other.made_on) - date.fromisoformat(self.made_on)
        return (self.fingerprint, self.seed) == (other.fingerprint, other.seed) and 0 <= age.days <= LONGEST_KEPT


def folder_of(size: Size) -> Path:
    """Return the data folder of a size."""
    return ROOT / "var" / f"bench-{size}"


def environment_of(folder: Path, **more: str) -> dict[str, str]:
    """Return the environment of our processes that work on a data folder, whatever the caller's says."""
    foreign = {"DATABASE_URL", "DATABASE_URL_FILE", "BEKWAAM_MODE", "HOST", "ALLOWED_HOSTS", "WEB_WORKERS"}
    inherited = {name: value for name, value in os.environ.items() if name not in foreign}
    return inherited | {"BEKWAAM_DATA": str(folder), "PYTHONPATH": str(ROOT), "PYTHONFAULTHANDLER": "1"} | more


def make_ready(size: Size, *, on: date) -> bool:
    """Leave a fresh copy of the data of that size in its folder; returns whether the data had to be made."""
    folder = folder_of(size)
    with claimed(folder):
        server = embedded.start(folder)
        try:
            return _make_ready(server, size, Stamp(_fingerprint(_sources()), SEED, on.isoformat()))
        finally:
            server.stop()


def _make_ready(server: Server, size: Size, wanted: Stamp) -> bool:
    note = server.home.data / "measured.json"
    kept = Stamp(**json.loads(note.read_text())) if note.exists() else None
    missing = kept is None or not kept.still_good(wanted)
    if missing:
        note.unlink(missing_ok=True)
        _fill(server, size)
        note.write_text(json.dumps(asdict(wanted)))
    _replace(server, "CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY file_copy", DATABASE, KEPT, OWNER)
    return missing


def _fill(server: Server, size: Size) -> None:
    """Make the data in the database and keep that aside."""
    _replace(server, "CREATE DATABASE {} OWNER {}", DATABASE, OWNER)
    environment = environment_of(server.home.data, DATABASE_URL=server.url)
    _bekwaam(environment | {"BEKWAAM_MODE": "test"}, "prepare")  # Which leaves out the region for show.
    _bekwaam(environment, "demo", f"--size={size}", f"--seed={SEED}")
    with psycopg.connect(plain(server.url), autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE, FREEZE)")
    _replace(server, "ALTER DATABASE {1} RENAME TO {0}", KEPT, DATABASE)


def _replace(server: Server, statement: str, database: str, *names: str) -> None:
    """Drop a database and run the statement that makes it anew."""
    with psycopg.connect(plain(server.superuser_url), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, (database, *names))))


def _bekwaam(environment: Mapping[str, str], *arguments: str) -> None:
    """Run one of the operator's commands."""
    command = [sys.executable, "-c", "from lms.cli import main; main()", *arguments]
    done = subprocess.run(command, env=dict(environment), cwd=ROOT, check=False)
    if done.returncode:
        raise CannotMeasure(f"'bekwaam {' '.join(arguments)}' failed with code {done.returncode}")


def _sources() -> Iterable[Path]:
    return (path for folder in SOURCES for path in (ROOT / folder).rglob("*") if path.suffix in {".py", ".yaml"})


def _fingerprint(paths: Iterable[Path]) -> str:
    """Return a hash of all that the data follows from."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def plain(url: str) -> str:
    """Return the address as psycopg itself spells it."""
    return url.replace("+psycopg", "", 1)
