"""`bekwaam run` as an operator meets it: one start, one refusal, one stop, and a start after everything was killed."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from lms.operations import processes
from lms.operations.refusals import ExitCode

LONGEST = 90.0


@pytest.fixture
def surroundings() -> Iterator[dict[str, str]]:
    """Give the environment of an installation of its own: an empty data folder and a free port."""
    above = Path(tempfile.mkdtemp(prefix="bekwaam-"))
    above.chmod(0o711)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "SECRET_"))}
    yield inherited | {"BEKWAAM_DATA": str(above / "data"), "BEKWAAM_MODE": "test", "PORT": str(port)}
    shutil.rmtree(above)


def begun(surroundings: dict[str, str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "lms.operations", "run"]
    said = (Path(surroundings["BEKWAAM_DATA"]).parent / "said").open("a")
    with said:
        return subprocess.Popen(command, env=surroundings, stdout=said, stderr=said, text=True)


def all_said(surroundings: dict[str, str]) -> str:
    return (Path(surroundings["BEKWAAM_DATA"]).parent / "said").read_text()


def served(surroundings: dict[str, str]) -> subprocess.Popen[str]:
    """Start Bekwaam and return its process once it says where it is."""
    starts = all_said(surroundings).count("answers at") if Path(surroundings["BEKWAAM_DATA"]).exists() else 0
    process = begun(surroundings)

    def settled() -> bool:
        return process.poll() is not None or all_said(surroundings).count("answers at") > starts

    if not processes.waited(settled, within=LONGEST) or process.poll() is not None:
        process.kill()
        pytest.fail(all_said(surroundings))
    return process


def health(surroundings: dict[str, str], of: str) -> int:
    asking = HTTPConnection("127.0.0.1", int(surroundings["PORT"]), timeout=10)
    try:
        asking.request("GET", f"/health/{of}")
        return asking.getresponse().status
    finally:
        asking.close()


def parts_of(parent: int) -> set[int]:
    """Return the processes that this one started, and theirs."""
    children = {
        int(child) for task in Path(f"/proc/{parent}/task").glob("*/children") for child in task.read_text().split()
    }
    return children.union(*(parts_of(child) for child in children))


def test_bekwaam_starts_once_stops_cleanly_and_comes_back_after_a_kill(surroundings: dict[str, str]) -> None:
    first = served(surroundings)
    assert (health(surroundings, "live"), health(surroundings, "ready")) == (200, 200)
    assert re.search(
        rf"^Bekwaam answers at http://127\.0\.0\.1:{surroundings['PORT']}/", all_said(surroundings), re.MULTILINE
    )

    second = begun(surroundings)
    assert second.wait(LONGEST) == ExitCode.ALREADY_RUNNING
    assert f"(process {first.pid})" in all_said(surroundings)

    parts = parts_of(first.pid)
    assert len(parts) >= 5  # PostgreSQL and its own, the web server and its workers, the job worker.
    first.kill()
    first.wait()
    again = served(surroundings)
    assert health(surroundings, "ready") == 200
    assert not [part for part in parts if processes.mark_of(part)]

    parts = parts_of(again.pid)
    again.send_signal(signal.SIGTERM)
    assert again.wait(LONGEST) == 0
    assert not [part for part in parts if processes.mark_of(part)]
    with pytest.raises(ConnectionRefusedError):
        health(surroundings, "live")


def test_production_does_not_start_without_a_secret(surroundings: dict[str, str]) -> None:
    process = begun(surroundings | {"BEKWAAM_MODE": "production"})
    assert process.wait(LONGEST) == ExitCode.SETTINGS
    assert re.fullmatch(r"SECRET_KEY must be set .*\.\n", all_said(surroundings))


def test_a_taken_port_ends_the_start_before_anything_runs(surroundings: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", int(surroundings["PORT"]))):
        process = begun(surroundings)
        assert process.wait(LONGEST) == ExitCode.PORT
    assert re.fullmatch(r"Bekwaam cannot listen on .*\.\n", all_said(surroundings))
    assert not (Path(surroundings["BEKWAAM_DATA"]) / "database").exists()
