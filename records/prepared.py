"""Queries of the hot path, whose SQL Django writes once and PostgreSQL plans once.

Writing the SQL of a queryset costs more than reading its rows. `Prepared(make)` calls `make` with
placeholders the first time, keeps what Django compiled, and afterwards puts other values in.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, router
from django.db.backends.postgresql import base
from django.db.models import Field, Model, QuerySet, prefetch_related_objects
from django.db.models.query import (  # type: ignore[attr-defined]
    ModelIterable,
    ValuesListIterable,
    get_related_populators,
)

M = TypeVar("M", bound=Model)
Key = tuple[str, int]  # the name of a value, and its place where it is a list

LONGEST = 64  # values of a list; a longer one is not worth a plan of its own
PLACES = 128  # placeholders of one name at the most
_FAR = datetime(1, 1, 1, tzinfo=UTC)


@contextmanager
def pipelined() -> Iterator[None]:
    """Statements inside go to PostgreSQL without a wait for the answer of the one before: what was
    asked for by `Prepared.ask` is read after the block, or costs its own wait within it.

    What PostgreSQL refuses is raised where the first answer is read, at the commit, or at the end.
    Nothing inside may ask how many rows were changed: that is not known yet.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


class PreparedCursor(base.ServerBindingCursor):  # type: ignore[misc,name-defined]  # psycopg 3's
    """A cursor whose statements PostgreSQL keeps for the connection, with the plan."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        return super().execute(query, params, **{**options, "prepare": True})


@dataclass(frozen=True)
class Compiled:
    queryset: QuerySet[Any]
    sql: str
    constants: tuple[Any, ...]
    read: Callable[[list[Any]], list[Any]]  # rows -> what the queryset makes of them
    places: tuple[tuple[int, Key, type | None], ...]  # where which value goes, as what


class Prepared(Generic[M]):
    """`make(**values)` is a queryset whose shape depends on the lengths of its lists alone.

    Every value (int, datetime, date, UUID, or a list of them) must come into the query as it is:
    one that decides how the query looks, or is changed on the way, is refused at the first call.
    A list stands after `in`: its order and repeats mean nothing, and an empty one finds nothing.
    """

    def __init__(self, make: Callable[..., QuerySet[M]]) -> None:
        self._make = make
        self._compiled: dict[tuple[tuple[str, int], ...], Compiled] = {}

    def __call__(self, **values: Any) -> list[M]:
        return self.ask(**values)()

    def ask(self, **values: Any) -> Callable[[], list[M]]:
        """Ask now; the answer is read by calling what this returns (see `pipelined`)."""
        shape = []
        for name, value in values.items():
            if isinstance(value, list):
                if not value:
                    return list
                if len(value) > LONGEST:
                    return partial(list, self._make(**values))
                padding = (1 << (len(value) - 1).bit_length()) - len(value)
                values[name] = value = [*value, *[value[-1]] * padding]
                shape.append((name, len(value)))
            else:
                shape.append((name, 0))
        compiled = self._compiled.get(tuple(shape))
        if compiled is None:
            compiled = self._compiled[tuple(shape)] = self._compile(values)
        return self._ask(compiled, values)

    def _compile(self, values: dict[str, Any]) -> Compiled:
        placeholders: dict[str, Any] = {}
        keys: dict[Any, Key] = {}
        for number, (name, value) in enumerate(values.items()):
            each = value if isinstance(value, list) else [value]
            stand = [_placeholder(v, number * PLACES + place) for place, v in enumerate(each)]
            placeholders[name] = stand if isinstance(value, list) else stand[0]
            keys |= {placeholder: (name, place) for place, placeholder in enumerate(stand)}
        queryset = self._make(**placeholders)
        compiler = queryset.query.get_compiler(queryset.db)
        sql, params = compiler.as_sql()
        places = []
        for index, param in enumerate(params):
            if isinstance(param, int | date | UUID) and (key := keys.get(param)) is not None:
                kind = type(param) if isinstance(param, int) else None  # psycopg's, by width
                places.append((index, key, kind))
        if missing := set(keys.values()) - {key for _, key, _ in places}:
            raise TypeError(f"Not in the query as they are: {sorted(missing)}")
        return Compiled(queryset, sql, tuple(params), _reader(queryset, compiler), tuple(places))

    def _ask(self, compiled: Compiled, values: dict[str, Any]) -> Callable[[], list[M]]:
        params = list(compiled.constants)
        for index, (name, place), kind in compiled.places:
            value = values[name]
            value = value[place] if isinstance(value, list) else value
            params[index] = kind(value) if kind else value
        cursor = _cursor(connections[compiled.queryset.db])
        cursor.execute(compiled.sql, params)

        def answer() -> list[M]:
            rows = cursor.fetchall()
            cursor.close()
            return _prefetched(compiled.queryset, compiled.read(rows))

        return answer


def _reader(queryset: QuerySet[Any], compiler: Any) -> Callable[[list[Any]], list[Any]]:
    """What Django's iterables find out anew for every query: how a row becomes an object."""
    converters = compiler.get_converters([expression for expression, _, _ in compiler.select])

    def converted(rows: list[Any]) -> Iterable[Any]:
        return compiler.apply_converters(rows, converters) if converters else rows

    if queryset._iterable_class is ValuesListIterable:
        return lambda rows: [tuple(row) for row in converted(rows)]
    if queryset._iterable_class is not ModelIterable:
        raise TypeError(f"Rows that are read in a way of their own: {queryset._iterable_class}")
    info, database, model = compiler.klass_info, queryset.db, queryset.model
    first, end = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [column.target.attname for column, _, _ in compiler.select[first:end]]
    related = get_related_populators(info, compiler.select, database)
    annotations = tuple((compiler.annotation_col_map or {}).items())

    def read(rows: list[Any]) -> list[Any]:
        found = []
        for row in converted(rows):
            one = model.from_db(database, names, row[first:end])
            for each in related:
                each.populate(row, one)
            for name, place in annotations:
                setattr(one, name, row[place])
            found.append(one)
        return found

    return read


def fetched(queryset: QuerySet[M]) -> list[M]:
    """The rows of `queryset`, without the queries of prefetches that would find nothing."""
    return _prefetched(queryset, list(queryset.prefetch_related(None)))


def _prefetched(queryset: QuerySet[M], found: list[M]) -> list[M]:
    for lookup in queryset._prefetch_related_lookups:  # type: ignore[attr-defined]
        path = getattr(lookup, "prefetch_to", lookup)  # of a `Prefetch`, or itself
        if _leads_somewhere(found, path):  # one after the other: they build up
            prefetch_related_objects(found, lookup)
    return found


def _leads_somewhere(found: Iterable[Model], path: str) -> bool:
    """Whether the last step of a prefetch is a key that some row has, or what some row counts (its
    COUNTS): Django finds out that there is nothing to ask for only after it has written the query.
    """
    *steps, last = path.split("__")
    reached: list[Any] = list(found)
    for step in steps:  # what is not there on the other side of a one-to-one is an AttributeError
        reached = [one for one in (getattr(row, step, None) for row in reached) if one is not None]
    if not reached:
        return False
    model: Any = type(reached[0])
    field = model._meta.get_field(last)
    if field.concrete:
        return any(getattr(row, field.attname) is not None for row in reached)
    counted = getattr(model, "COUNTS", {}).get(last)
    return counted is None or any(getattr(row, counted) for row in reached)


def _cursor(connection: Any) -> Any:
    """A cursor of Django's connection whose statements are kept."""
    connection.ensure_connection()
    with connection.wrap_database_errors:
        raw = connection.connection
        if raw.prepare_threshold is None:  # Django's default forbids even what is asked for
            raw.prepare_threshold = 5
        return connection._prepare_cursor(PreparedCursor(raw))


def _placeholder(value: Any, number: int) -> Any:
    match value:
        case bool():
            pass
        case int():
            return 2**62 + number
        case datetime():
            return _FAR + timedelta(seconds=number)
        case date():
            return _FAR.date() + timedelta(days=number)
        case UUID():
            return UUID(int=number)
    raise TypeError(f"Not a value to prepare with: {value!r}")


def knowing(one: M, **related: Model | None) -> M:
    """`one`, which has the keys of these objects, knows them: Django's own way checks each."""
    one._state.fields_cache |= related
    return one


Statement = tuple[str, list[Any]]  # with its values


class Insert(Generic[M]):
    """What `bulk_create` does with objects that have no key yet, however many, by one statement.

    It fills in their keys, as the rows came. No signals, no defaults of the database. The rows go
    over as one JSON text: to write it costs a fraction of what an array for each column does.
    """

    def __init__(self, model: type[M]) -> None:
        self._model = model
        self._statements: dict[bool, str] = {}  # whether with keys
        self._columns: list[tuple[str, str, Callable[[Any], Any]]] = []

    def __call__(self, objects: list[M]) -> None:
        cursor = send(self.written(objects))
        keys = sorted(row[0] for row in cursor.fetchall())
        cursor.close()
        for each, key in zip(objects, keys, strict=True):
            each.pk = key

    def written(self, objects: list[M]) -> Statement:
        """The statement that saves them, who count as saved from here on; whoever has no key (see
        `reserve`) gets none.
        """
        connection = connections[router.db_for_write(self._model)]
        keyed = objects[0].pk is not None
        if keyed not in self._statements:
            self._statements[keyed] = self._written(keyed, connection)
        columns = self._columns if keyed else self._columns[1:]
        rows = [
            {
                column: None if (value := getattr(each, name)) is None else convert(value)
                for column, name, convert in columns
            }
            for each in objects
        ]
        for each in objects:
            each._state.adding = False
            each._state.db = connection.alias
        return self._statements[keyed], [json.dumps(rows, ensure_ascii=False)]

    def reserve(self, number: int) -> Callable[[], list[int]]:
        """Keys for so many objects, read as an answer of `Prepared.ask`: with a key, one can be
        referred to before it is saved.
        """
        meta = self._model._meta
        cursor = _cursor(connections[router.db_for_write(self._model)])
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [meta.db_table, meta.pk.column, number],
        )
        return lambda: [row[0] for row in cursor.fetchall()]

    def _written(self, keyed: bool, connection: Any) -> str:
        meta = self._model._meta
        quoted = connection.ops.quote_name
        key = meta.pk
        assert key  # noqa: S101  for the type checker
        fields = [key, *(field for field in meta.concrete_fields if field is not key)]
        self._columns = [(f.column, f.attname, _as_json(f)) for f in fields]
        fields = fields if keyed else fields[1:]
        columns = ", ".join(quoted(field.column) for field in fields)
        typed = ", ".join(f"{quoted(f.column)} {_column_type(f, connection)}" for f in fields)
        statement = (
            f"INSERT INTO {quoted(meta.db_table)} ({columns})"  # noqa: S608  names of the model
            f" SELECT {columns} FROM json_to_recordset(%s) AS row ({typed})"
        )
        return statement if keyed else f"{statement} RETURNING {quoted(key.column)}"


def _as_json(field: "Field[Any, Any]") -> Callable[[Any], Any]:
    """How a value of the field stands in JSON so that PostgreSQL reads it as the column's type."""
    match field.get_internal_type():
        case "DateTimeField" | "DateField":
            if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
                raise TypeError(f"{field} is filled in by Django when a row is saved")
            return lambda value: value.isoformat()
        case "UUIDField":
            return str
        case "BinaryField":
            return lambda value: "\\x" + bytes(value).hex()
    return lambda value: value


def _column_type(field: "Field[Any, Any]", connection: Any) -> str:
    """The type of the field's column without what only a column has ("varchar(30)": text)."""
    declared = field.db_type(connection) or ""
    return "text" if declared.startswith("varchar") else declared.partition(" CHECK")[0]


class Update(Generic[M]):
    """Saves these fields of an object, by a statement that PostgreSQL keeps."""

    def __init__(self, model: type[M], *fields: str) -> None:
        self._model, self._names = model, fields

    def __call__(self, each: M) -> None:
        send(self.written(each)).close()

    def written(self, each: M) -> Statement:
        """The statement that saves it."""
        meta = self._model._meta
        connection = connections[router.db_for_write(self._model)]
        quoted = connection.ops.quote_name
        fields: list[Any] = [meta.get_field(name) for name in self._names]
        values = [f.get_db_prep_save(f.pre_save(each, False), connection) for f in fields]
        changed = ", ".join(f"{quoted(field.column)} = %s" for field in fields)
        statement = (
            f"UPDATE {quoted(meta.db_table)} SET {changed} WHERE {quoted(meta.pk.column)} = %s"  # noqa: S608
        )
        return statement, [*values, each.pk]


def send(*statements: Statement) -> Any:
    """Send statements that change rows, as one; returns the cursor of the last one's rows.

    None of them sees what the others change, and keys to rows of each other are checked at the
    commit. Within `pipelined` nothing is waited for.
    """
    *first, (statement, values) = statements
    beside = ", ".join(f"beside_{place} AS ({sql})" for place, (sql, _) in enumerate(first))
    cursor = _cursor(connections[DEFAULT_DB_ALIAS])
    params = [value for _, more in first for value in more]
    cursor.execute(f"WITH {beside} {statement}" if beside else statement, [*params, *values])
    return cursor
