"""What was put together once and is given again while the tables it was read from are as they
were.

Nobody lists these tables: they are taken down while it is put together, so a query more is a
dependency more. What was read from a table that the database does not watch
(`plans/watching.py`) is not remembered at all. Remembered values are shared between requests and
threads: nobody changes them."""

import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from threading import Lock, local
from typing import Any, TypeVar

from django.db import connection

from plans.versions import Tokens
from plans.watching import watched_tables

TABLE = re.compile(r'(?:FROM|JOIN) "(\w+)"')
T = TypeVar("T")
State = Mapping[str, str | None]  # table → its token, None where nothing was ever written


class Remembered:
    """`of`: objects that the name speaks of by their identity; as long as it is remembered they
    live, and no other object can be taken for them."""

    __slots__ = ("asked", "of", "state", "value")

    def __init__(self, value: Any, state: State, of: Sequence[object] = ()) -> None:
        self.value = value
        self.state = state
        self.of = of
        self.asked = False

    def holds(self, tokens: Tokens) -> bool:
        return all([tokens.get(table) == token for table, token in self.state.items()])


class Memory:
    """Name → what is remembered; what nobody asked for lately goes first. One a process.

    Reading takes no lock: it is one look-up, and what is found is never changed."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._found: OrderedDict[object, Remembered] = OrderedDict()
        self._lock = Lock()

    def get(self, name: object, tokens: Tokens) -> Remembered | None:
        found = self._found.get(name)
        if found is None or (found.state and not found.holds(tokens)):
            return None
        found.asked = True
        return found

    def put(self, name: object, found: Remembered) -> None:
        with self._lock:
            self._found.pop(name, None)
            self._found[name] = found
            while len(self._found) > self.size:
                self._drop_one()

    def _drop_one(self) -> None:
        """The oldest that was not asked for since it was last looked at; the others stay a round
        longer."""
        while True:
            name, found = self._found.popitem(last=False)
            if not found.asked:
                return
            found.asked = False
            self._found[name] = found

    def clear(self) -> None:
        with self._lock:
            self._found.clear()


class Same:
    """In a name: this very object, whatever it says it is equal to (a model is, by its key)."""

    __slots__ = ("it",)

    def __init__(self, it: object) -> None:
        self.it = it

    def __hash__(self) -> int:
        return id(self.it)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.it is self.it


PARTS = Memory(12000)


def remember(
    tokens: Tokens, name: Hashable, build: Callable[[], T], of: Sequence[object] = ()
) -> T:
    """What `build` gives, or gave when the tables it reads were as they are. `tokens`: of the
    moment, read before anything else, none where nothing is to be remembered; `name`, `of`: all
    that the value depends on besides tables, words and numbers by what they are, other objects by
    being the same."""
    if not tokens:
        return build()
    key = (name, *map(id, of))
    found = PARTS.get(key, tokens)
    if found is None:
        found = taken_down(tokens, build, of)
        if is_watched(found.state):
            PARTS.put(key, found)
    if found.state:
        _note(found.state)
    return found.value


def taken_down(tokens: Tokens, build: Callable[[], T], of: Sequence[object] = ()) -> Remembered:
    """What `build` gives, with the state of the tables that were read for it."""
    with reading() as tables:
        value = build()
    return Remembered(value, {table: tokens.get(table) for table in sorted(tables)}, of)


def is_watched(state: State) -> bool:
    return state.keys() <= watched_tables()


# --- which tables are read ---------------------------------------------------------------------

_open = local()


def _note(tables: Any) -> None:
    for one in getattr(_open, "sets", ()):
        one.update(tables)


@contextmanager
def reading() -> Iterator[set[str]]:
    """The tables that are read inside, also through what is remembered."""
    mine: set[str] = set()
    sets: list[set[str]] = getattr(_open, "sets", [])
    with ExitStack() as stack:
        if not sets:
            stack.enter_context(connection.execute_wrapper(_watch))
        _open.sets = [*sets, mine]
        try:
            yield mine
        finally:
            _open.sets = sets


def _watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    _note(TABLE.findall(sql))
    return execute(sql, params, many, context)
