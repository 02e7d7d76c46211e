"""Which numbers of a table may be shown, so that none below `FEW` can be reckoned from the others.

A table of rows and columns with its sums is a circulation: from the grand total into the rows, through the cells into the columns, and
back. What is shown is fixed for whoever reads it, what is hidden may be anything that keeps all sums right. A hidden number can be lowered
or raised along paths of other hidden ones; how far is what a reader can find out at best. Hidden are more and more, what is missed least
first, until each that is few could as well be nought, and could as well be many; then whatever was hidden in vain is shown again.
"""

from collections import defaultdict, deque
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from handlers.figure_sheet import FEW

_TOP, _BACK = ("top",), ("back",)  # Where the grand total begins and ends.
Node = tuple[Hashable, ...]
Arc = tuple[Node, Node]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What of a table may be read; what is missing is hidden."""

    cells: Mapping[tuple[Any, Any], int]
    rows: Mapping[Hashable, int]
    columns: Mapping[Hashable, int]
    total: int | None


def protect(
    cells: Mapping[tuple[Any, Any], int],
    *,
    rows: Iterable[Hashable],
    columns: Iterable[Hashable],
    silent: Iterable[Hashable] = (),
) -> Shown:
    """`silent` rows are told to nobody, whatever they hold."""
    table = _Table.of(cells, list(rows), list(columns), frozenset(silent))
    while (bare := table.laid_bare()) is not None:
        table.hide_beside(bare)
    table.show_again()
    return table.shown()


@dataclass(slots=True)
class _Table:
    flow: dict[Arc, int]
    hidden: set[Arc]
    unsaid: frozenset[Arc]

    @classmethod
    def of(
        cls, cells: Mapping[tuple[Any, Any], int], rows: list[Hashable], columns: list[Hashable], silent: frozenset[Hashable]
    ) -> "_Table":
        flow: dict[Arc, int] = {}
        for row in rows:
            for column in columns:
                flow[_cell(row, column)] = cells.get((row, column), 0)
            flow[_row(row)] = sum(cells.get((row, column), 0) for column in columns)
        for column in columns:
            flow[_column(column)] = sum(cells.get((row, column), 0) for row in rows)
        flow[_BACK, _TOP] = sum(flow[_row(row)] for row in rows)
        unsaid = frozenset(arc for arc in flow if any(node[0] == "row" and node[1] in silent for node in arc))
        return cls(flow=flow, hidden={arc for arc, many in flow.items() if many < FEW} | unsaid, unsaid=unsaid)

    def laid_bare(self) -> Arc | None:
        """One that is few and cannot be anything from nought to many."""
        beside = self._beside()
        for arc in sorted(self.hidden, key=lambda one: (self.flow[one], str(one))):
            many = self.flow[arc]
            if not 0 < many < FEW:  # That there was nothing points at nobody.
                continue
            if self._room(beside, arc, FEW - many, lower=False) < FEW - many or self._room(beside, arc, many, lower=True) < many:
                return arc
        return None

    def hide_beside(self, arc: Arc) -> None:
        """What is missed least of all that stands in a sum with it; where there is nothing, of all."""
        open_arcs = [one for one in self.flow if one not in self.hidden]
        near = [one for one in open_arcs if set(one) & set(arc)] or open_arcs
        self.hidden.add(min(near, key=self._missed))

    def show_again(self) -> None:
        """What was hidden on the way and need not be, the most missed first."""
        few = {arc for arc, many in self.flow.items() if many < FEW} | self.unsaid
        for arc in sorted(self.hidden - few, key=self._missed, reverse=True):
            self.hidden.remove(arc)
            if self.laid_bare() is not None:
                self.hidden.add(arc)

    def _missed(self, arc: Arc) -> tuple[int, int, str]:
        """The ward's sums most, then those of a neighbourhood, then its parts."""
        start, end = arc
        kind = 3 if start == _BACK else 2 if end == _BACK else 1 if start == _TOP else 0
        return kind, self.flow[arc], str(arc)

    def _beside(self) -> dict[Node, set[Node]]:
        """Who is reached from whom by hidden numbers, either way."""
        found = defaultdict[Node, set[Node]](set)
        for start, end in self.hidden:
            found[start].add(end)
            found[end].add(start)
        return found

    def _room(self, beside: Mapping[Node, set[Node]], arc: Arc, wanted: int, *, lower: bool) -> int:
        """By how much this number could be lower (or higher), as far as it is asked: the flow that finds another way."""
        source, sink = arc if lower else (arc[1], arc[0])
        moved: dict[Arc, int] = defaultdict(int)
        found = 0
        while found < wanted and (path := self._path(beside, arc, source, sink, moved)):
            step = min([wanted - found, *(self._capacity(one, moved) for one in path)])
            for start, end in path:
                if (start, end) in self.flow:
                    moved[start, end] += step
                else:
                    moved[end, start] -= step
            found += step
        return found

    def _path(self, beside: Mapping[Node, set[Node]], without: Arc, source: Node, sink: Node, moved: Mapping[Arc, int]) -> list[Arc]:
        came: dict[Node, Node] = {source: source}
        waiting = deque([source])
        while waiting:
            node = waiting.popleft()
            for other in sorted(beside.get(node, ()), key=str):
                step = (node, other)
                if other in came or step == without or step[::-1] == without or self._capacity(step, moved) <= 0:
                    continue
                came[other] = node
                if other == sink:
                    path = [step]
                    while path[-1][0] != source:
                        path.append((came[path[-1][0]], path[-1][0]))
                    return path
                waiting.append(other)
        return []

    def _capacity(self, step: Arc, moved: Mapping[Arc, int]) -> int:
        """Along a number it may grow as it likes; against it no further than to nought."""
        if step in self.flow:
            return 1_000_000
        back = (step[1], step[0])
        return self.flow[back] + moved.get(back, 0)

    def shown(self) -> Shown:
        told = {arc: many for arc, many in self.flow.items() if arc not in self.hidden}
        return Shown(
            cells={(start[1], end[1]): many for (start, end), many in told.items() if start[0] == "row" and end[0] == "column"},
            rows={end[1]: many for (start, end), many in told.items() if start == _TOP},
            columns={start[1]: many for (start, end), many in told.items() if end == _BACK},
            total=told.get((_BACK, _TOP)),
        )


def _cell(row: Hashable, column: Hashable) -> Arc:
    return ("row", row), ("column", column)


def _row(row: Hashable) -> Arc:
    return _TOP, ("row", row)


def _column(column: Hashable) -> Arc:
    return ("column", column), _BACK
