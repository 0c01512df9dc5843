"""What was written in the logbook moves to where only its writer reads it, and back."""

from __future__ import annotations

from collections.abc import Callable

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, pool, text

from lms.operations.migrate import configuration, migrate
from lms.reflections.readers import SETTING
from tests.reflections.marks import Mark

REVISION = "20261124_reflections"
LINES = text("SELECT id, note FROM activities WHERE kind = 'reflection'")
WRITTEN = text("SELECT line_id, text FROM reflections WHERE line_id IS NOT NULL")
TRAINEE = text("SELECT set_config(:setting, id::text, true) FROM users WHERE email = 'trainee@example.org'")


def test_texts_move_out_of_the_logbook_and_back(copy_of_demonstration: Callable[[], str]) -> None:
    engine = create_engine(copy_of_demonstration(), poolclass=pool.NullPool)
    before = ScriptDirectory.from_config(configuration()).get_revision(REVISION).down_revision
    mark = Mark()
    with engine.connect() as connection:
        theirs = read_as_trainee(connection)
        assert len(theirs) > 2
        assert {row.note for row in connection.execute(LINES)} == {"Reflectie"}
        connection.rollback()
        command.downgrade(configuration(connection=connection), str(before))
        connection.commit()
        back = {row.id: row.note for row in connection.execute(LINES)}
        assert {key: back[key] for key in theirs} == theirs
        other = next(key for key in back if key not in theirs)
        connection.execute(text("UPDATE activities SET note = :note WHERE id = :id"), {"note": mark.word, "id": other})
        connection.commit()
    migrate(engine)
    with engine.connect() as connection:
        assert not mark.is_in(str(connection.execute(LINES).all()))
        assert written(connection) == {}
        assert read_as_trainee(connection) == theirs
        writer = text("SELECT set_config(:setting, trainee_id::text, true) FROM activities WHERE id = :id")
        connection.execute(writer, {"setting": SETTING, "id": other})
        assert written(connection) == {other: mark.word}
    engine.dispose()


def read_as_trainee(connection: Connection) -> dict[object, str]:
    """Return what the trainee who can sign in wrote, by its line in the logbook."""
    connection.execute(TRAINEE, {"setting": SETTING})
    return written(connection)


def written(connection: Connection) -> dict[object, str]:
    """Return what this connection may read, by its line in the logbook."""
    return {row.line_id: row.text for row in connection.execute(WRITTEN)}
