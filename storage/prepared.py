"""Questions that are put together once and asked often.

To build a statement out of conditions takes SQLAlchemy longer than the database takes to answer it, and a page of the desk asks dozens.
So whoever asks builds it once for each shape (`functools.lru_cache`), with `bindparam` where a value changes from one time to the next,
and hands it to the driver as the text it was compiled to.
"""

from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import Session

from storage.quick import raw_of

KEPT_MOST = 512  # Shapes of one question: roles, officers who read only their own, filters.


class Prepared:
    """Columns come back as the driver has them, so for plain numbers and words only. A list is given to a parameter that expands."""

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        self._said: dict[tuple[str, ...], Any] = {}  # By engine and lengths of lists: the text, and what stands in it from then on.

    def rows(self, session: Session, **values: Any) -> list[Any]:
        lists = {name: filled(value) for name, value in values.items() if isinstance(value, list | tuple)}
        dialect = session.get_bind().dialect
        shape = (dialect.name, *(f"{name}:{len(some)}" for name, some in lists.items()))
        said = self._said.get(shape)
        if said is None:
            said = self._said[shape] = self._statement.compile(dialect=dialect).construct_expanded_state({**values, **lists})
        given = {**said.parameters, **values}
        for name, some in lists.items():
            del given[name]
            given.update(zip(said.parameter_expansion[name], some, strict=True))
        in_order = [given[name] for name in said.positiontup] if said.positiontup is not None else given
        told: list[Any] = raw_of(session).execute(said.statement, in_order).fetchall()
        return told

    def number(self, session: Session, **values: Any) -> int:
        return int(self.rows(session, **values)[0][0])


def filled(some: list[Any] | tuple[Any, ...]) -> list[Any]:
    """As long as the next power of two, the last one said again: so a list has a dozen lengths, and not a thousand."""
    return [*some, *some[-1:] * ((1 << (len(some) - 1).bit_length()) - len(some))] if some else []


class by_no_index(FunctionElement[int]):
    """A column whose comparison SQLite enters no index by: without statistics it would take one over all rows of the ward.

    PostgreSQL has statistics, and gets the column as it stands: of a sum it knows nothing, takes one row of two hundred to be the ward's,
    and joins and sorts all there is where the first page by an index would have done."""

    type = BigInteger()
    inherit_cache = True


@compiles(by_no_index)
def _as_it_stands(element: by_no_index, compiler: SQLCompiler, **how: Any) -> str:
    return compiler.process(element.clauses, **how)


@compiles(by_no_index, "sqlite")
def _as_a_sum(element: by_no_index, compiler: SQLCompiler, **how: Any) -> str:
    return f"{compiler.process(element.clauses, **how)} + 0"
