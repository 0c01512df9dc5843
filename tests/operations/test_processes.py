"""Processes of ours: recognised before they are stopped, and gone when we are."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from threading import Timer

import pytest

from lms.operations import processes
from lms.operations.claim import claimed
from lms.operations.kept_secrets import kept_secret
from lms.operations.refusals import CannotRun, ExitCode
from lms.operations.serve import MOST_SHORT_LIVES, Part, check_port
from lms.settings import Settings

SLEEPER = [sys.executable, "-c", "import signal; print('up', flush=True); signal.pause()"]


def test_a_process_is_recognised_by_more_than_its_number() -> None:
    process = processes.start(SLEEPER, farewell=signal.SIGTERM)
    mark = processes.mark_of(process.pid)
    assert mark is not None
    assert mark.startswith(f"{process.pid} ")
    processes.stop(process, signal.SIGTERM, within=10)
    assert processes.mark_of(process.pid) is None


def test_a_remembered_process_is_stopped(tmp_path: Path) -> None:
    process, note = processes.start(SLEEPER, farewell=signal.SIGTERM), tmp_path / "sleeper.process"
    processes.remember(process, note)
    processes.stop_remembered(note)
    assert process.wait(10) == -signal.SIGTERM
    assert not note.exists()


def test_a_process_that_only_has_the_same_number_is_left_alone(tmp_path: Path) -> None:
    process, note = processes.start(SLEEPER, farewell=signal.SIGTERM), tmp_path / "sleeper.process"
    note.write_text(f"{process.pid} 1 another-boot")
    processes.stop_remembered(note)
    assert process.poll() is None
    assert not note.exists()
    processes.stop(process, signal.SIGTERM, within=10)


def test_what_we_started_ends_when_we_are_killed() -> None:
    starter = (
        "import signal, sys; from lms.operations import processes;"
        f"child = processes.start({SLEEPER!r}, farewell=signal.SIGTERM);"
        "print(child.pid, flush=True); signal.pause()"
    )
    with subprocess.Popen([sys.executable, "-c", starter], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = next(int(line) for line in sorted([parent.stdout.readline(), parent.stdout.readline()]))
        assert processes.mark_of(child) is not None
        parent.kill()
    assert processes.waited(lambda: processes.mark_of(child) is None, within=10)


def test_a_process_that_does_not_stop_is_killed() -> None:
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); signal.pause()"
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as said, os.fdopen(writing, "wb") as output:
        process = processes.start([sys.executable, "-c", deaf], farewell=signal.SIGKILL, output=output)
        said.read(1)
        processes.stop(process, signal.SIGTERM, within=0.1)
    assert process.returncode == -signal.SIGKILL


def test_a_part_that_ends_is_started_again_until_that_does_not_help(tmp_path: Path) -> None:
    part = Part(
        "sleeper", [sys.executable, "-c", "raise SystemExit(3)"], dict(os.environ), tmp_path / "sleeper.process"
    )
    part.start()
    for _ in range(MOST_SHORT_LIVES - 1):
        before = part.process.pid
        part.process.wait(10)
        part.revive()
        assert part.process.pid != before
    part.process.wait(10)
    with pytest.raises(CannotRun, match=r"^The sleeper keeps ending \(last with code 3\)") as refused:
        part.revive()
    assert refused.value.code is ExitCode.STOPPED


def test_a_taken_port_is_refused_in_one_sentence() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(
            CannotRun, match=rf"^Bekwaam cannot listen on 127.0.0.1:{port} .*PORT=8001 make run"
        ) as refused:
            check_port(Settings(port=port))
    assert refused.value.code is ExitCode.PORT
    check_port(Settings(port=port))


def test_a_port_that_a_killed_predecessor_still_holds_is_waited_for() -> None:
    other = socket.socket()
    other.bind(("127.0.0.1", 0))
    other.listen()
    letting_go = Timer(0.3, other.close)
    letting_go.start()
    check_port(Settings(port=other.getsockname()[1]), within=30)
    letting_go.join()


@pytest.mark.parametrize("settings", [Settings(port=70000), Settings(port=0), Settings(host="192.0.2.1")])
def test_an_impossible_address_is_refused_in_one_sentence(settings: Settings) -> None:
    with pytest.raises(CannotRun, match=r"^Bekwaam cannot listen on .*, or HOST\.$"):
        check_port(settings)


def test_a_data_folder_is_used_by_one_bekwaam_at_a_time(tmp_path: Path) -> None:
    with claimed(tmp_path):
        with (
            pytest.raises(CannotRun, match=rf"^Bekwaam already runs on .* \(process {os.getpid()}\)") as refused,
            claimed(tmp_path),
        ):
            pytest.fail("two claims on one folder")
        assert refused.value.code is ExitCode.ALREADY_RUNNING
    with claimed(tmp_path):
        assert (tmp_path / "lock").stat().st_mode & 0o777 == 0o600


def test_a_kept_secret_stays_the_same_and_is_for_the_owner_alone(tmp_path: Path) -> None:
    secret = kept_secret(tmp_path / "key")
    assert len(secret) >= 32
    assert kept_secret(tmp_path / "key") == secret
    assert kept_secret(tmp_path / "other") != secret
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"key", "other"}
