"""The embedded PostgreSQL: what it keeps, whom it refuses, how it comes back."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from lms.operations import cluster, embedded, processes
from lms.operations.embedded import Server
from lms.operations.home import LONGEST_SOCKET_PATH, PACKAGE, RELEASE, home_of, installed_package, programs
from lms.operations.refusals import CannotRun, ExitCode

NEEDS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root starts the server under another user number")
NOT_AS_ROOT = pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")


@pytest.fixture
def data() -> Iterator[Path]:
    """Give the path of a data folder that does not exist yet, where the server of root can come too."""
    above = Path(tempfile.mkdtemp(prefix="bekwaam-"))
    above.chmod(0o711)
    yield above / "data"
    shutil.rmtree(above)


@contextmanager
def started(data: Path) -> Iterator[Server]:
    server = embedded.start(data, durable=False, elsewhere=data.parent / "elsewhere")
    try:
        yield server
    finally:
        server.stop(with_signal=signal.SIGQUIT)


def asked(url: str, question: str) -> object:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        cursor = connection.execute(question.encode())
        row = cursor.fetchone() if cursor.description else None
    return row[0] if row else None


def permissions(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Give one running server to the tests that only ask it questions."""
    with embedded.throwaway() as running:
        yield running


def test_our_role_owns_the_database_and_is_no_superuser(server: Server) -> None:
    about = "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
    assert asked(server.url, "SELECT current_user = 'bekwaam' AND current_database() = 'bekwaam'")
    assert asked(server.url, about) is False
    assert asked(server.superuser_url, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'bekwaam'") == (
        "bekwaam"
    )


def test_text_is_utf_8_and_sorts_the_same_on_every_machine(server: Server) -> None:
    locale = "SELECT pg_encoding_to_char(encoding) || ' ' || datlocprovider::text || ' ' || datlocale FROM pg_database"
    assert asked(server.url, f"{locale} WHERE datname = current_database()") == "UTF8 b C.UTF-8"


def test_the_server_listens_on_no_network_address(server: Server) -> None:
    assert asked(server.superuser_url, "SHOW listen_addresses") == ""


@pytest.mark.parametrize("role", ["postgres", "bekwaam"])
@pytest.mark.parametrize("password", [None, "wrong", ""])
def test_nobody_comes_in_without_the_password(server: Server, role: str, password: str | None) -> None:
    with pytest.raises(psycopg.OperationalError, match=r"password"):
        psycopg.connect(host=str(server.socket), user=role, password=password, dbname="postgres", passfile="/dev/null")


def test_passwords_are_kept_as_scram_only(server: Server) -> None:
    plain = "SELECT count(*) FROM pg_authid WHERE rolpassword NOT LIKE 'SCRAM-SHA-256$%'"
    assert asked(server.superuser_url, plain) == 0


def test_data_socket_and_secrets_are_for_the_owner_alone(server: Server) -> None:
    for folder in (server.home.cluster, server.socket, server.home.secrets):
        assert permissions(folder) == 0o700
    secrets = list(server.home.secrets.iterdir())
    assert {secret.name for secret in secrets} == {"bekwaam", "postgres"}
    for secret in (*secrets, server.home.log):
        assert permissions(secret) == 0o600
    assert permissions(server.home.data) in {0o700, 0o711}


@NEEDS_ROOT
def test_another_user_of_the_machine_cannot_reach_the_socket(server: Server) -> None:
    attempt = f"import socket; socket.socket(socket.AF_UNIX).connect({str(server.socket / '.s.PGSQL.5432')!r})"
    tried = subprocess.run(
        ["/usr/bin/env", "python3", "-c", attempt],
        user=65534,
        group=65534,
        extra_groups=[],
        check=False,
        cwd="/",
        capture_output=True,
        env={"PATH": "/usr/bin:/bin"},
    )
    assert tried.returncode != 0
    reached = socket.socket(socket.AF_UNIX)
    with reached:
        reached.connect(str(server.socket / ".s.PGSQL.5432"))


@NEEDS_ROOT
def test_root_runs_the_server_under_a_number_of_its_own(server: Server) -> None:
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    numbers = next(line for line in status.splitlines() if line.startswith("Uid:")).split()[1:]
    groups = next(line for line in status.splitlines() if line.startswith("Groups:")).split()[1:]
    assert set(numbers) == {str(server.home.user)} != {"0"}
    assert groups == []


def test_a_second_start_finds_the_same_data(data: Path) -> None:
    with started(data) as first:
        asked(first.url, "CREATE TABLE kept AS SELECT 42 AS answer")
        first.stop()
    with started(data) as second:
        assert second.url == first.url
        assert asked(second.url, "SELECT answer FROM kept") == 42


def test_what_was_acknowledged_is_there_after_everything_was_killed(data: Path) -> None:
    server = embedded.start(data, elsewhere=data.parent / "elsewhere")
    asked(server.url, "CREATE TABLE kept AS SELECT 42 AS answer")
    for process in cluster.serving(server.home):
        with suppress(ProcessLookupError):  # The backend that answered may have ended by itself meanwhile.
            os.kill(process, signal.SIGKILL)
    server.process.wait()
    assert (server.home.cluster / "postmaster.pid").exists()
    with started(data) as again:
        assert asked(again.url, "SELECT answer FROM kept") == 42


def test_a_stale_lock_that_names_a_living_stranger_is_no_obstacle(data: Path) -> None:
    with started(data) as server:
        server.stop()
    lock = server.home.cluster / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n{server.home.cluster}\n1795346613\n5432\n{server.socket}\n\n  1  1\nready   \n")
    if server.home.user is not None:
        os.chown(lock, server.home.user, server.home.user)
    assert embedded.address(data) is None
    with started(data) as again:
        assert embedded.address(data) == again.url


def test_a_server_that_was_left_behind_is_stopped_first(data: Path) -> None:
    with started(data) as orphan, started(data) as server:
        assert orphan.process.wait(10) == 0
        assert asked(server.url, "SELECT 1") == 1


def test_an_interrupted_first_start_is_begun_anew(data: Path) -> None:
    home = home_of(data, elsewhere=data.parent / "elsewhere")
    (home.folder / "database.new" / "data").mkdir(parents=True)
    (home.folder / "database.new" / "data" / "PG_VERSION").write_text("18\n")
    with started(data) as server:
        assert asked(server.url, "SELECT 1") == 1
    assert not (home.folder / "database.new").exists()


def test_a_path_too_long_for_a_socket_gets_a_private_folder_elsewhere(data: Path) -> None:
    deep = data / ("d" * 60) / ("e" * 60)
    with started(deep) as server:
        assert len(bytes(server.socket)) < LONGEST_SOCKET_PATH
        assert permissions(server.socket) == 0o700
        assert asked(server.url, "SELECT 1") == 1
        assert embedded.address(deep) == server.url
    assert not server.socket.exists()


@NEEDS_ROOT
def test_root_keeps_the_data_elsewhere_when_the_folder_is_closed_and_does_not_open_it(data: Path) -> None:
    data.mkdir(mode=0o700)
    with started(data) as server:
        assert server.home.folder.parent == data.parent / "elsewhere"
        assert permissions(data) == 0o700
        assert (data / "database.address").read_text().strip() == str(server.home.folder)
        asked(server.url, "CREATE TABLE kept AS SELECT 42 AS answer")
        server.stop()
    with started(data) as again:
        assert asked(again.url, "SELECT answer FROM kept") == 42


@NEEDS_ROOT
def test_programs_that_the_server_cannot_reach_are_copied(data: Path, tmp_path: Path) -> None:
    installed = installed_package()
    tmp_path.chmod(0o700)
    shutil.copytree(installed / RELEASE, tmp_path / PACKAGE / RELEASE, ignore=shutil.ignore_patterns("include"))
    shutil.copytree(installed.parent / f"{PACKAGE}.libs", tmp_path / f"{PACKAGE}.libs")
    home = home_of(data)
    for program in ("postgres", "initdb"):
        copied = programs(home, tmp_path / PACKAGE) / program
        assert copied.is_relative_to(home.folder)
        assert (copied.stat().st_uid, permissions(copied)) == (0, 0o755)
        run_there = subprocess.run([copied, "--version"], user=home.user, check=True, capture_output=True, cwd="/")
        assert b"PostgreSQL" in run_there.stdout


@NOT_AS_ROOT
def test_a_data_folder_of_somebody_else_is_refused_in_one_sentence() -> None:
    with pytest.raises(CannotRun, match=r"^The data folder /proc/bekwaam cannot be used .*BEKWAAM_DATA\.$") as refused:
        embedded.start(Path("/proc/bekwaam"))
    assert refused.value.code is ExitCode.DATA_FOLDER


def test_a_full_disk_is_refused_in_one_sentence(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "ROOM_TO_BEGIN", 2**80)
    with pytest.raises(CannotRun, match=r"^The disk of .* is full .*: make room, or .*BEKWAAM_DATA\.$") as refused:
        embedded.start(data, elsewhere=data.parent / "elsewhere")
    assert refused.value.code is ExitCode.DATA_FOLDER


def test_damaged_data_is_refused_with_what_postgresql_said(data: Path) -> None:
    with started(data) as server:
        server.stop()
    (server.home.cluster / "PG_VERSION").write_text("12\n")
    with pytest.raises(
        CannotRun, match=r"^The database did not start and said “.*incompatible.*database\.log"
    ) as refused:
        embedded.start(data, elsewhere=data.parent / "elsewhere")
    assert refused.value.code is ExitCode.DATABASE
    assert cluster.serving(server.home) == set()


def test_a_lost_password_is_refused_in_one_sentence(data: Path) -> None:
    with started(data) as server:
        server.stop()
    (server.home.secrets / "postgres").unlink()
    with pytest.raises(CannotRun, match=r"^The embedded database does not let us in .*secrets") as refused:
        embedded.start(data, elsewhere=data.parent / "elsewhere")
    assert refused.value.code is ExitCode.DATABASE
    assert cluster.serving(server.home) == set()


def test_a_throwaway_server_leaves_nothing_behind() -> None:
    with embedded.throwaway() as server:
        assert make_url(server.url).query["host"] == str(server.socket)
    assert not server.home.data.exists()
    assert processes.mark_of(server.process.pid) is None
