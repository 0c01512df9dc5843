"""The browser of the browser tests: the Chromium that is there, or Debian's, installed when we may.

The one without windows is asked first: it shows, measures and runs pages with the same code, and draws no window around
them, which is a quarter of the work of judging a page and more than half of a journey with several browsers.
Run as a program it says what it found, and fails in CI when there is none.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

WITHOUT_WINDOWS, WITH_WINDOWS = "chromium-headless-shell", "chromium"
NAMES = (WITHOUT_WINDOWS, WITH_WINDOWS, "chromium-browser", "google-chrome")
ENABLE = f"sudo apt-get install {WITH_WINDOWS}"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    "--js-flags=--no-turbofan",
)
"""How to start it: also as root in a container, and with nothing that goes to the network by itself.

Scripts run as they always do, but are not compiled a second time at length: a page is left before that pays.
"""


def found() -> Path | None:
    """Return the program of Chromium: the one that BEKWAAM_CHROMIUM names, or the first on the PATH."""
    named = os.environ.get("BEKWAAM_CHROMIUM")
    candidates = [named] if named else [shutil.which(name) for name in NAMES]
    return next((Path(candidate) for candidate in candidates if candidate and os.access(candidate, os.X_OK)), None)


def needed() -> Path:
    """Return the program of Chromium, or skip the test with the command that enables it; in CI that is a failure."""
    if chromium := found():
        return chromium
    reason = f"no Chromium for the browser tests: '{ENABLE}' enables them"
    if in_ci():
        pytest.fail(reason)
    pytest.skip(reason)


def in_ci() -> bool:
    """Return whether this is the check of a continuous integration service."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def main() -> int:
    """Find or install Chromium and say which; return the exit code."""
    if shutil.which(WITHOUT_WINDOWS) is None and (found() is None or _is_ours_to_change()):
        _install(WITHOUT_WINDOWS)
    if chromium := found() or (_install(WITH_WINDOWS) and found()):
        click.echo(f"Chromium is {chromium}")
        return 0
    click.echo(f"There is no Chromium, so the browser tests are skipped. This enables them: {ENABLE}")
    return int(in_ci())


def _is_ours_to_change() -> bool:
    """Return whether this is a machine for tests, where a second browser is in nobody's way."""
    return in_ci() or os.geteuid() == 0


def _install(package: str) -> bool:
    as_root = _as_root()
    if as_root is None:
        return False
    click.echo(f"Installing Debian's {package} (once)")
    installing = [*as_root, "apt-get", "install", "--yes", "--quiet=2", "--no-install-recommends", package]
    updating = [*as_root, "apt-get", "update", "--quiet=2"]
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return all(
        subprocess.run(step, check=False, stdout=subprocess.DEVNULL, env=quiet).returncode == 0
        for step in (updating, installing)
    )


def _as_root() -> list[str] | None:
    """Return what goes before a command that installs, or None when we may not install here."""
    if not shutil.which("apt-get") or os.environ.get("BEKWAAM_CHROMIUM"):
        return None
    if os.geteuid() == 0:
        return []
    may = (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], check=False, capture_output=True).returncode == 0
    )
    return ["sudo", "-n"] if may else None


if __name__ == "__main__":
    sys.exit(main())
