"""Queries whose SQL is put together once in a process and asked again and again.

Putting a wide query together costs Django several times what the database needs to answer it. Such
a query is written as a function of values (ids, years, a code) that gives a queryset; these values
are the only thing that differs from one call to the next."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet
from django.db.models.query import ModelIterable, get_related_populators

# Stand-ins while the SQL is put together: they fit a small integer, and no query of ours has
# numbers of its own up here, nor such words.
FIRST_STAND_IN = 32_001
WORD_STAND_IN = "\x02{}\x03"
Row = tuple[Any, ...]


class Prepared:
    """`rows = Prepared(lambda plan, year: Round.objects.filter(plan=plan, year=year)…)` and then
    `rows(plan=3, year=2023)` → list of instances, or of tuples for a `values_list`.

    `build` may take words before the values (a layer): each has SQL of its own, so they come from
    a short list and never from an address. A value, whole number or text, stands in the query as
    it is, never inside an expression that is worked out in Python."""

    def __init__(self, build: Callable[..., QuerySet[Any]]) -> None:
        self.build = build
        self._known: dict[Hashable, _Statement] = {}

    def __call__(self, *words: str, **values: int | str) -> list[Any]:
        rows, read = self.raw(*words, **values)
        return read(rows)

    def raw(
        self, *words: str, **values: int | str
    ) -> tuple[list[Row], Callable[[Iterable[Row]], list[Any]]]:
        """The rows as the database gives them, and what makes of some of them what a call gives:
        who remembers what came of equal rows has most of them read only once."""
        connection = connections[DEFAULT_DB_ALIAS]
        key = (connection.vendor, words)
        if key not in self._known:
            self._known[key] = _Statement.of(self.build, words, _stand_ins(values))
        statement = self._known[key]
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, statement.filled(values))
            rows = cursor.fetchall()
        return rows, lambda some: statement.read(some, connection)


def _stand_ins(values: Mapping[str, int | str]) -> dict[str, int | str]:
    return {
        name: FIRST_STAND_IN + place if isinstance(value, int) else WORD_STAND_IN.format(name)
        for place, (name, value) in enumerate(values.items())
    }


@dataclass(frozen=True)
class _Statement:
    sql: str
    params: Sequence[Any]
    places: Mapping[int, str]  # of the params: which value stands there
    converters: Sequence[tuple[int, Sequence[Any], Any]]
    make: Callable[[Row], Any]

    @classmethod
    def of(
        cls,
        build: Callable[..., QuerySet[Any]],
        words: Sequence[str],
        stand_ins: Mapping[str, int | str],
    ) -> "_Statement":
        queryset = build(*words, **stand_ins)
        compiler = queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        known = {stand_in: name for name, stand_in in stand_ins.items()}
        places = {n: known[p] for n, p in enumerate(params) if type(p) in (int, str) and p in known}
        if set(places.values()) != set(stand_ins):
            raise ValueError(f"not in the query: {set(stand_ins) - set(places.values())}")
        found = compiler.get_converters([column[0] for column in compiler.select])
        converters = [(place, convs, column) for place, (convs, column) in found.items()]
        return cls(sql, params, places, converters, _maker(queryset, compiler))

    def filled(self, values: Mapping[str, int | str]) -> list[Any]:
        given = list(self.params)
        for place, name in self.places.items():
            given[place] = values[name]
        return given

    def read(self, rows: Iterable[Row], connection: Any) -> list[Any]:
        return [self.make(self._converted(row, connection)) for row in rows]

    def _converted(self, row: Row, connection: Any) -> Row:
        values = list(row)
        for place, converters, column in self.converters:
            for convert in converters:
                values[place] = convert(values[place], column, connection)
        return tuple(values)


def _maker(queryset: QuerySet[Any], compiler: Any) -> Callable[[Row], Any]:
    """What a row becomes: itself, or an instance with what `select_related` brought."""
    if queryset._iterable_class is not ModelIterable:
        return tuple
    info = compiler.klass_info
    start, end = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [column[0].target.attname for column in compiler.select[start:end]]
    populators = get_related_populators(info, compiler.select, DEFAULT_DB_ALIAS)
    annotations = dict(compiler.annotation_col_map or {})

    def make(row: Row) -> Any:
        found = info["model"].from_db(DEFAULT_DB_ALIAS, names, row[start:end])
        for populator in populators:
            populator.populate(row, found)
        for name, place in annotations.items():
            setattr(found, name, row[place])
        return found

    return make
