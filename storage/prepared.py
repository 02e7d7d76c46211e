"""Questions that are put together once and asked often.

To build a statement out of conditions takes SQLAlchemy longer than the database takes to answer it, and a page of the desk asks dozens.
So whoever asks builds it once for each shape (`functools.lru_cache`), with `bindparam` where a value changes from one time to the next,
and hands it to the driver as the text it was compiled to.
"""

from typing import Any

from sqlmodel import Session

from storage.quick import raw_of

KEPT_MOST = 512  # Shapes of one question: roles, officers who read only their own, filters.


class Prepared:
    """Columns come back as the driver has them, so for plain numbers and words only. A list of values is part of the shape."""

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        self._said: dict[str, Any] = {}  # By engine: the text, and what stands in it from the first time on.

    def rows(self, session: Session, **values: Any) -> list[Any]:
        dialect = session.get_bind().dialect
        said = self._said.get(dialect.name)
        if said is None:
            said = self._said[dialect.name] = self._statement.compile(dialect=dialect).construct_expanded_state(values)
        given = {**said.parameters, **values}
        in_order = [given[name] for name in said.positiontup] if said.positiontup is not None else given
        told: list[Any] = raw_of(session).execute(said.statement, in_order).fetchall()
        return told

    def number(self, session: Session, **values: Any) -> int:
        return int(self.rows(session, **values)[0][0])
