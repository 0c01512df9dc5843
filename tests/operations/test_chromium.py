"""Which browser the browser tests get, and what is said when there is none."""

import shutil
from pathlib import Path

import pytest

from tests import chromium


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Give an empty folder that is the whole PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("BEKWAAM_CHROMIUM", raising=False)
    return tmp_path


@pytest.mark.parametrize("name", chromium.NAMES)
def test_a_browser_on_the_path_is_used(nothing_installed: Path, name: str) -> None:
    (nothing_installed / name).write_text("#!/bin/sh\n")
    (nothing_installed / name).chmod(0o755)
    assert chromium.found() == chromium.needed() == nothing_installed / name


def test_the_browser_without_windows_comes_first(nothing_installed: Path) -> None:
    for name in chromium.NAMES:
        shutil.copy("/bin/true", nothing_installed / name)
    assert chromium.found() == nothing_installed / chromium.WITHOUT_WINDOWS


def test_the_named_browser_is_used_and_no_other(nothing_installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy("/bin/true", nothing_installed / "chromium")
    shutil.copy("/bin/true", nothing_installed / "mine")
    monkeypatch.setenv("BEKWAAM_CHROMIUM", str(nothing_installed / "mine"))
    assert chromium.found() == nothing_installed / "mine"
    monkeypatch.setenv("BEKWAAM_CHROMIUM", str(nothing_installed / "gone"))
    assert chromium.found() is None


@pytest.mark.usefixtures("nothing_installed")
@pytest.mark.parametrize(("ci", "outcome"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)])
def test_without_a_browser_its_tests_are_skipped_and_in_ci_fail(
    monkeypatch: pytest.MonkeyPatch, ci: str, outcome: type[BaseException], capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match=r"apt-get install chromium' enables them"):
        chromium.needed()
    assert chromium.main() == (1 if ci else 0)
    assert chromium.ENABLE in capsys.readouterr().out
