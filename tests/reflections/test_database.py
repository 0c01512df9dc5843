"""The database itself, the commands and the logs keep a marked reflection from everybody but its writer."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import click
import psycopg
import pytest
from click.testing import CliRunner
from flask import Flask
from psycopg import sql

from competencies.catalogue import FOLDER
from lms.cli import COMMANDS, main
from lms.core import clock
from lms.core.db import database, transaction
from lms.reflections.readers import SETTING
from tests.factories import NOW, Ward, epa_of
from tests.pages import Browser
from tests.reflections.marks import Mark
from tests.server import ServerUrls

NOT_RUN = {
    "demo": "fills an empty installation",
    "prepare": "does what migrate and demo do",
    "run": "serves until it is stopped; its pages are walked elsewhere",
    "worker": "does the jobs that wait, until it is stopped",
}
PASSWORD = "a long enough password\na long enough password\n"
Connection = psycopg.Connection[tuple[object, ...]]


@dataclass
class Place:
    """An installation in which somebody wrote something marked, and its database as the app's own role."""

    app: Flask
    url: str
    mark: Mark
    writer: UUID
    reader: UUID
    others: Mapping[str, UUID]
    cohort: UUID

    def connect(self) -> Connection:
        """Return a connection as the role that the app has."""
        return psycopg.connect(self.url)


@pytest.fixture
def place(own_database: Flask, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Place]:
    """Return the installation; what was logged while it was written is still there to be read."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setitem(own_database.config, "SESSION_COOKIE_SECURE", False)
    mark = Mark()
    with own_database.app_context():
        with transaction() as session:
            ward = Ward(session)
            epa = str(epa_of(session, "onc-k2").id)
        browser = Browser(own_database, ward.trainee)
        written = browser.send(browser.get("/reflections/new"), {"text": f"I think {mark.word}", "epas": [epa]})
        browser.send(browser.get(f"{written.path}/edit"), {"text": f"I still think {mark.word}"})
        roles = ("trainer", "second_trainer", "lead", "committee_member", "administrator", "auditor")
        url = database.engine.url
        yield Place(
            own_database,
            url.set(drivername="postgresql").render_as_string(hide_password=False),
            mark,
            ward.trainee.id,
            ward.trainer.id,
            {role: getattr(ward, role).id for role in roles},
            ward.cohort.id,
        )
        database.session.remove()


def everything(connection: Connection) -> str:
    """Return every row of every table and what the planner keeps of them, as this connection may read them."""
    tables = connection.execute(
        "SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'm', 'v', 'p')"
        " AND relnamespace = 'public'::regnamespace"
    ).fetchall()
    assert len(tables) > 60
    names = [*(str(name) for (name,) in tables), "pg_stats", "pg_stat_activity"]
    read = sql.SQL("SELECT string_agg(t::text, E'\\n') FROM {} t")
    return "\n".join(str(connection.execute(read.format(sql.SQL(name))).fetchone()) for name in names)


def read_as(connection: Connection, user_id: UUID | str) -> None:
    connection.execute("SELECT set_config(%s, %s, true)", [SETTING, str(user_id)])


def test_the_role_of_the_app_owns_the_tables_and_reads_nothing_unless_it_says_for_whom(place: Place) -> None:
    with place.connect() as connection:
        assert connection.execute(
            "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchone() == (False,)
        connection.execute("ANALYZE")
        assert not place.mark.is_in(everything(connection))
        for nobody in ("", uuid4()):
            read_as(connection, nobody)
            assert not place.mark.is_in(everything(connection))


def test_every_other_persons_setting_opens_nothing_and_the_writers_opens_it(place: Place) -> None:
    for other in place.others.values():
        with place.connect() as connection:
            read_as(connection, other)
            assert not place.mark.is_in(everything(connection))
    with place.connect() as connection:
        read_as(connection, place.writer)
        assert place.mark.is_in(everything(connection))


def test_the_setting_ends_with_its_transaction(place: Place) -> None:
    with place.connect() as connection:
        read_as(connection, place.writer)
        connection.commit()
        assert not place.mark.is_in(everything(connection))
        read_as(connection, place.writer)
        connection.rollback()
        assert not place.mark.is_in(everything(connection))


WRITE = "INSERT INTO reflections (id, writer_id, text, created_at, changed_at, version) VALUES (%s, %s, %s, %s, %s, 1)"
SHARE = "INSERT INTO reflection_shares (id, reflection_id, writer_id, reader_id, shared_at) VALUES (%s, %s, %s, %s, %s)"


def test_nobody_changes_what_another_wrote_or_writes_in_their_name(place: Place) -> None:
    with place.connect() as connection:
        read_as(connection, place.reader)
        assert connection.execute("UPDATE reflections SET text = 'gone'").rowcount == 0
        assert connection.execute("DELETE FROM reflections").rowcount == 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(WRITE, [uuid4(), place.writer, "forged", NOW, NOW])


@pytest.mark.parametrize(
    ("as_whom", "in_whose_name", "refused"),
    [
        ("reader", "writer", psycopg.errors.InsufficientPrivilege),
        ("writer", "reader", psycopg.errors.InsufficientPrivilege),
        ("reader", "reader", psycopg.errors.ForeignKeyViolation),
    ],
)
def test_nobody_shares_what_another_wrote(
    place: Place, as_whom: str, in_whose_name: str, refused: type[psycopg.Error]
) -> None:
    people = {"reader": place.reader, "writer": place.writer}
    with place.connect() as connection:
        read_as(connection, place.writer)
        ((reflection_id,),) = connection.execute("SELECT id FROM reflections").fetchall()
        read_as(connection, people[as_whom])
        lead = place.others["lead"]
        with pytest.raises(refused):
            connection.execute(SHARE, [uuid4(), reflection_id, people[in_whose_name], lead, NOW])


def test_a_share_opens_one_reflection_to_one_reader_until_it_is_taken_back(place: Place) -> None:
    with place.connect() as connection:
        read_as(connection, place.writer)
        ((reflection_id,),) = connection.execute("SELECT id FROM reflections").fetchall()
        connection.execute(SHARE, [uuid4(), reflection_id, place.writer, place.reader, NOW])
    for reader, sees in ((place.reader, True), (place.others["second_trainer"], False)):
        with place.connect() as connection:
            read_as(connection, reader)
            assert place.mark.is_in(everything(connection)) is sees
            assert connection.execute("UPDATE reflection_shares SET revoked_at = NULL").rowcount == 0
    with place.connect() as connection:
        read_as(connection, place.writer)
        connection.execute("UPDATE reflection_shares SET revoked_at = shared_at")
    with place.connect() as connection:
        read_as(connection, place.reader)
        assert not place.mark.is_in(everything(connection))


def test_nothing_of_it_is_logged_by_the_app_or_by_the_database(
    place: Place, server_urls: ServerUrls, capfd: pytest.CaptureFixture[str]
) -> None:
    with place.connect() as connection:
        read_as(connection, place.writer)
        with pytest.raises(psycopg.errors.NotNullViolation) as refused:
            connection.execute("UPDATE reflections SET text = text || %s, created_at = NULL", [place.mark.word])
        assert not place.mark.is_in(str(refused.value))
    logged = "".join(capfd.readouterr())
    assert "/reflections/new" in logged
    assert not place.mark.is_in(logged)
    with psycopg.connect(server_urls.superuser.replace("+psycopg", "", 1)) as server:
        (folder,) = server.execute("SHOW data_directory").fetchone() or ("",)
    said = (Path(str(folder)).parent / "database.log").read_text(errors="replace")
    assert "UPDATE reflections SET text" in said
    assert not place.mark.is_in(said)


def commands() -> Iterator[str]:
    """Yield every command of the terminal, those of groups by both names."""
    for name, (where, _what) in COMMANDS.items():
        module, _, attribute = where.partition(":")
        command = getattr(importlib.import_module(module), attribute)
        inner = command.commands if isinstance(command, click.Group) else {"": command}
        yield from (f"{name} {one}".strip() for one in inner)


def arguments_of(place: Place, folder: Path) -> Mapping[str, list[list[str]]]:
    """Return what each command is run with, in every format that it has."""
    formats = ("csv", "xlsx", "json", "text")
    return {
        "account create": [["new@example.org", "Somebody"]],
        "account password": [["new@example.org"]],
        "check": [[], ["--rebuild-standings"]],
        "migrate": [[]],
        "organisation ally": [["Together", "North", "South"]],
        "organisation create": [["North"], ["South"]],
        "programmes check": [[str(FOLDER / "opleiders.yaml")]],
        "programmes export": [
            ["oncologieverpleegkundige", "--format", name, "--output", str(folder / f"programme.{name}")]
            for name in ("xlsx", "yaml", "json", "case", "moodle")
        ],
        "programmes load": [["--catalogue"]],
        "programmes schema": [[]],
        "programmes workbook": [["--output", str(folder / "empty.xlsx")]],
        "report cohort": [
            [str(place.cohort), "--format", name, "--output", str(folder / f"cohort.{name}")] for name in formats
        ],
        "role": [["new@example.org", "trainer", "North"]],
        "search check": [[]],
        "search rebuild": [[]],
    }


def test_no_command_writes_a_byte_of_it(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", place.url)
    monkeypatch.setenv("SECRET_KEY", "only for tests, " * 4)
    monkeypatch.setenv("BEKWAAM_MODE", "test")
    known = arguments_of(place, tmp_path)
    assert set(commands()) == set(known) | set(NOT_RUN)
    order = sorted(known, key=lambda name: (name != "organisation create", name))
    for name in order:
        for arguments in known[name]:
            ran = CliRunner().invoke(main, [*name.split(), *arguments], input=PASSWORD)
            assert ran.exit_code == 0, f"{name} {arguments}: {ran.output}"
            assert not place.mark.is_in(ran.stdout_bytes + ran.stderr_bytes), name
    files = list(tmp_path.iterdir())
    assert len(files) >= 10
    assert not [file.name for file in files if place.mark.is_in(file.read_bytes())]
    assert not place.mark.is_in("".join(capfd.readouterr()))


def test_the_superuser_can_read_it_so_the_mark_is_really_there(place: Place, server_urls: ServerUrls) -> None:
    name = place.url.rpartition("/")[2].partition("?")[0]
    superuser = server_urls.superuser.replace("+psycopg", "", 1).replace("/postgres?", f"/{name}?")
    with psycopg.connect(superuser) as connection:
        assert place.mark.is_in(everything(connection))
