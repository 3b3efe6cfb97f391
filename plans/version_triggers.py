"""The database keeps `DataVersion` true: triggers on every table that holds a plan's data.

Whatever writes to it — a verb, an import, a command, a hand with SQL — marks the plan in the same
transaction, so nothing that was put together before can pass for current. They are made anew
after every migration, from the models as they are (`plans/watching.py`).

Every name in these statements is one of our own tables and columns; nothing in them is typed."""
# ruff: noqa: S608

from collections.abc import Iterable, Iterator

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from plans.models import DataVersion, Plan
from plans.watching import Path, Watched, watched

NAME = "version"
ACTS = ("insert", "update", "delete")


def install(using: str, **_: object) -> None:
    """Makes the triggers, and a version for each plan. Does nothing while tables are missing."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    if not tables >= {Plan._meta.db_table, DataVersion._meta.db_table}:
        return
    statements = [*_made(connection, tables), MARK_ALL[connection.vendor]]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def remove(using: str, **_: object) -> None:
    """Takes the triggers away, and with them every version: what has none is not kept."""
    connection = connections[using]
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for name, table in _existing(connection):
            on = f" ON {_quoted(table)}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {name}{on}")
        if DataVersion._meta.db_table in tables:
            cursor.execute(f"DELETE FROM {VERSIONS}")


def expected() -> set[str]:
    """The names of all triggers as they should be."""
    return {_name(one, act) for one in watched() for act in ACTS}


def existing(connection: BaseDatabaseWrapper) -> set[str]:
    return {name for name, _ in _existing(connection)}


def _existing(connection: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    """Names of triggers and of their tables."""
    with connection.cursor() as cursor:
        cursor.execute(EXISTING[connection.vendor])
        return cursor.fetchall()


def _made(connection: BaseDatabaseWrapper, tables: Iterable[str]) -> Iterator[str]:
    write = {"sqlite": _sqlite, "postgresql": _postgresql}[connection.vendor]
    if connection.vendor == "postgresql":
        yield MARK
    there = existing(connection)
    for one in watched():
        for act in ACTS:
            if one.table in tables and _name(one, act) not in there:
                yield from write(one, act)


def _name(one: Watched, act: str) -> str:
    return f"{NAME}_{one.table}_{act}"


def _quoted(name: str) -> str:
    return f'"{name}"'


VERSIONS = _quoted(DataVersion._meta.db_table)
PLANS = _quoted(Plan._meta.db_table)


TOKEN = {
    "sqlite": "lower(hex(randomblob(16)))",
    "postgresql": "replace(gen_random_uuid()::text, '-', '')",
}
NONE_YET = f"NOT EXISTS (SELECT 1 FROM {VERSIONS} AS v WHERE v.plan_id = {PLANS}.id)"
MARK_ALL = {
    vendor: f'INSERT INTO {VERSIONS} (plan_id, "table", token) '
    f"SELECT id, '{Plan._meta.db_table}', {token} FROM {PLANS} WHERE {NONE_YET}"
    for vendor, token in TOKEN.items()
}


def _leading(path: Path, row: str) -> str:
    """SQL for the id of the plan that a row (OLD, NEW or a table of rows) leads to."""
    if not path:
        return f'{row}."{Plan._meta.pk.column}"'
    first, *rest = path
    found = f'{row}."{first.column}"'
    for link in rest:
        table = link.model._meta
        found = (
            f'(SELECT "{link.column}" FROM "{table.db_table}" WHERE "{table.pk.column}" = {found})'
        )
    return found


# --- SQLite: one writer at a time, so one token a table -----------------------------------------


def _sqlite(one: Watched, act: str) -> Iterator[str]:
    columns = f" OF {', '.join(map(_quoted, one.columns))}" if act == "update" else ""
    rows = {"insert": ["NEW"], "delete": ["OLD"], "update": ["OLD", "NEW"]}[act]
    plans = ", ".join(_leading(path, row) for row in rows for path in one.paths)
    of_table = f"\"table\" = '{one.table}'"
    there = f"SELECT 1 FROM {VERSIONS} AS v WHERE v.plan_id = {PLANS}.id AND v.{of_table}"
    yield (
        f"CREATE TRIGGER {_name(one, act)} AFTER {act.upper()}{columns if one.columns else ''} "
        f"ON {_quoted(one.table)} BEGIN "
        f"UPDATE {VERSIONS} SET token = {TOKEN['sqlite']} "
        f"WHERE {of_table}{f' AND plan_id IN ({plans})' if one.paths else ''}; "
        f'INSERT INTO {VERSIONS} (plan_id, "table", token) '
        f"SELECT id, '{one.table}', {TOKEN['sqlite']} FROM {PLANS} "
        f"WHERE {f'id IN ({plans}) AND ' if one.paths else ''}NOT EXISTS ({there}); END"
    )


# --- PostgreSQL: once a statement; a free row is taken, so that nobody waits --------------------

MARK = f"""
CREATE OR REPLACE FUNCTION {NAME}_mark(plans bigint[], which text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  one bigint;
  free bigint;
BEGIN
  FOR one IN SELECT DISTINCT id FROM unnest(plans) AS id WHERE id IS NOT NULL LOOP
    SELECT id INTO free FROM {VERSIONS} WHERE plan_id = one AND "table" = which
      ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED;
    IF FOUND THEN
      UPDATE {VERSIONS} SET token = {TOKEN["postgresql"]} WHERE id = free;
    ELSE
      INSERT INTO {VERSIONS} (plan_id, "table", token) VALUES (one, which, {TOKEN["postgresql"]});
    END IF;
  END LOOP;
END $$"""


def _postgresql(one: Watched, act: str) -> Iterator[str]:
    name, table = _name(one, act), _quoted(one.table)
    yield (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"PERFORM {NAME}_mark({_marked(one, act)}, '{one.table}'); RETURN NULL; END $$"
    )
    yield f"CREATE TRIGGER {name} AFTER {_when(one, act, table)} EXECUTE FUNCTION {name}()"


def _marked(one: Watched, act: str) -> str:
    """SQL for the ids of the plans that a statement concerns."""
    if not one.paths:
        return f"ARRAY(SELECT id FROM {PLANS})"
    sources = {"insert": ["born"], "delete": ["gone"], "update": ["gone", "born"]}[act]
    found = (f"SELECT {_leading(path, row)} FROM {row}" for row in sources for path in one.paths)
    return f"ARRAY({' UNION '.join(found)})"


def _when(one: Watched, act: str, table: str) -> str:
    rows = {"insert": "NEW TABLE AS born", "delete": "OLD TABLE AS gone"}
    rows["update"] = f"{rows['delete']} {rows['insert']}"
    if not one.paths:
        columns = f" OF {', '.join(map(_quoted, one.columns))}" if one.columns else ""
        return f"{act.upper()}{columns if act == 'update' else ''} ON {table}"
    return f"{act.upper()} ON {table} REFERENCING {rows[act]} FOR EACH STATEMENT"


EXISTING = {
    "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' "
    f"AND name LIKE '{NAME}\\_%' ESCAPE '\\'",
    "postgresql": "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
    f"WHERE tgname LIKE '{NAME}\\_%' AND pg_table_is_visible(pg_class.oid)",
}
