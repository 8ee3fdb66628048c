"""One schema, made in two ways; older, newer and foreign databases."""

import re
import shutil
import sqlite3
import stat
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import CreateTable

from crampdetect.errors import LogError
from crampdetect.records import Quality
from crampdetect.storage import log_schema, log_upgrade, log_version
from crampdetect.storage.log import open_log, upgrade_log
from crampdetect.storage.log_schema import QUALITY_COLUMNS, REVISIONS
from tests.test_log_examples import example_replay


def statements(path: Path) -> list[str]:
    """Every CREATE statement of a database, white space aside."""
    connection = sqlite3.connect(path)
    try:
        rows = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
        return sorted(re.sub(r"\s+", " ", row[0]) for row in rows)
    finally:
        connection.close()


def stamp(path: Path, revision: str | None) -> None:
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("DELETE FROM alembic_version")
        if revision is not None:
            connection.execute("INSERT INTO alembic_version VALUES (?)", (revision,))
    connection.close()


def test_metadata_and_migrations_make_the_same_schema(tmp_path: Path) -> None:
    created, migrated = tmp_path / "created.sqlite", tmp_path / "migrated.sqlite"
    open_log(str(created)).close()
    assert upgrade_log(str(migrated)) is None
    assert statements(created) == statements(migrated)
    assert any("WHERE is_current" in each for each in statements(created))
    engine = create_engine(f"sqlite:///{migrated}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), log_schema.metadata) == []
    engine.dispose()


def test_both_ways_end_at_the_newest_revision(tmp_path: Path) -> None:
    open_log(str(tmp_path / "created.sqlite")).close()
    upgrade_log(str(tmp_path / "migrated.sqlite"))
    for path in tmp_path.glob("*.sqlite"):
        connection = sqlite3.connect(path)
        rows = connection.execute("SELECT version_num FROM alembic_version").fetchall()
        connection.close()
        assert rows == [(REVISIONS[-1],)]


def test_every_revision_has_a_migration_in_order() -> None:
    folder = Path(log_schema.__file__).parent / "migrations" / "versions"
    names = sorted(path.name.split("_")[0] for path in folder.glob("[0-9]*.py"))
    assert tuple(names) == REVISIONS


def test_quality_columns_are_the_fields_of_quality() -> None:
    assert Quality.__slots__ == QUALITY_COLUMNS


def test_postgresql_takes_the_tables() -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    sql = "".join(
        str(CreateTable(t).compile(dialect=dialect)) for t in log_schema.metadata.sorted_tables
    )
    assert "start_utc TIMESTAMP WITH TIME ZONE" in sql
    assert "valid_s DOUBLE PRECISION NOT NULL" in sql


def test_the_database_itself_refuses_two_current_runs(tmp_path: Path) -> None:
    with open_log(str(tmp_path / "x.sqlite")) as log:
        log.add(example_replay(config="a"))
        log.add(example_replay(config="b"))
    engine = create_engine(f"sqlite:///{tmp_path / 'x.sqlite'}")
    with engine.connect() as connection, pytest.raises(IntegrityError):
        connection.exec_driver_sql("UPDATE run SET is_current = 1")
    engine.dispose()


def test_a_run_cannot_lose_its_rows_or_its_recording(tmp_path: Path) -> None:
    with open_log(str(tmp_path / "x.sqlite")) as log:
        log.add(example_replay())
        for table in ("run", "recording"):
            with log._engine.connect() as connection, pytest.raises(IntegrityError):
                connection.exec_driver_sql(f"DELETE FROM {table}")


def test_an_older_log_names_the_upgrade_and_is_unchanged_by_looking(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite"
    open_log(str(path)).close()
    stamp(path, None)
    with pytest.raises(LogError, match=r"old\.sqlite.*older layout.*`crampdetect log upgrade`"):
        open_log(str(path))


def test_an_upgrade_keeps_a_private_copy_and_the_nights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second migration, made for this test, adds a column to a log that holds a night."""
    path = tmp_path / "nights.sqlite"
    with open_log(str(path)) as log:
        log.add(example_replay())
    add_revision(tmp_path / "migrations", monkeypatch)
    with pytest.raises(LogError, match="older layout"):
        open_log(str(path))

    backup = upgrade_log(str(path))

    assert backup is not None
    assert backup.parent == tmp_path
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert "mood" not in " ".join(statements(backup))
    assert "mood" in " ".join(statements(path))
    with open_log(str(path)) as log:
        assert len(log.episodes()) == 3
    assert upgrade_log(str(path)) is None
    connection = sqlite3.connect(backup)
    assert connection.execute("SELECT count(*) FROM episode").fetchone() == (3,)
    connection.close()


def test_an_upgrade_that_fails_half_way_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "nights.sqlite"
    with open_log(str(path)) as log:
        log.add(example_replay())
    before = statements(path)
    add_revision(tmp_path / "migrations", monkeypatch, then="op.execute('NO SQL AT ALL')")
    with pytest.raises(LogError, match=r"nights\.sqlite: .*syntax error"):
        upgrade_log(str(path))
    assert statements(path) == before


def add_revision(folder: Path, monkeypatch: pytest.MonkeyPatch, then: str = "pass") -> None:
    """Let the program know a second revision, from a copy of its migrations in `folder`."""
    shutil.copytree(Path(log_schema.__file__).parent / "migrations", folder)
    (folder / "versions" / "0002_mood.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        "revision = '0002'\ndown_revision = '0001'\n"
        "def upgrade():\n"
        "    op.add_column('recording', sa.Column('mood', sa.Text()))\n"
        f"    {then}\n"
    )
    for module in (log_schema, log_upgrade, log_version):
        monkeypatch.setattr(module, "REVISIONS", ("0001", "0002"))
    monkeypatch.setattr(log_upgrade, "MIGRATIONS", folder)


def test_a_newer_log_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "new.sqlite"
    open_log(str(path)).close()
    stamp(path, "9999")
    for operation in (open_log, upgrade_log):
        with pytest.raises(LogError, match=r"new\.sqlite.*'9999' of a newer crampdetect"):
            operation(str(path))


def test_the_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE photos (id INTEGER)")
    connection.close()
    with pytest.raises(LogError, match=r"other\.sqlite.*holds photos and no episode log"):
        open_log(str(path))
    with pytest.raises(LogError, match=r"other\.sqlite.*holds photos and no episode log"):
        upgrade_log(str(path))
    assert statements(path) == ["CREATE TABLE photos (id INTEGER)"]


def test_an_empty_file_becomes_a_log(tmp_path: Path) -> None:
    path = tmp_path / "empty.sqlite"
    path.touch()
    with open_log(str(path)) as log:
        assert log.nights() == []
