"""Small numbers stay unknown: drawn tables, each attacked by trying out every table that fits what is shown."""

import itertools
import random

from handlers.figure_sheet import FEW
from handlers.warnings.suppression import Shown, protect

Cells = dict[tuple[int, str], int]


def is_possible(shown: Shown, cells: Cells, place: tuple[int, str], values: range) -> bool:
    """Whether some table that agrees with all that is shown has such a value there: by trying, and nothing of how it was hidden."""
    free = sorted((one for one in cells if one not in shown.cells), key=lambda one: one != place)

    def agrees(known: Cells) -> bool:
        for sums, part in ((shown.rows, 0), (shown.columns, 1)):
            for name, many in sums.items():
                some = [known.get(one) for one in cells if one[part] == name]
                told = sum(one for one in some if one is not None)
                if told > many or (None not in some and told != many):
                    return False
        told = sum(known.values())
        return shown.total is None or (told <= shown.total and (len(known) < len(cells) or told == shown.total))

    def try_out(known: Cells, left: list[tuple[int, str]]) -> bool:
        if not agrees(known):
            return False
        if not left:
            return True
        return any(try_out({**known, left[0]: many}, left[1:]) for many in (values if left[0] == place else range(_MOST)))

    return try_out({(int(str(row)), str(column)): many for (row, column), many in shown.cells.items()}, free)


_MOST = 43


def test_what_is_few_could_be_nought_and_could_be_many() -> None:
    chance, told = random.Random(20261122), 0
    rows, columns = [1, 2, 3], ["a", "b"]
    for _ in range(60):
        cells = {place: chance.choice((0, 1, 2, 4, 5, 6, 7)) for place in itertools.product(rows, columns)}
        shown = protect(cells, rows=rows, columns=columns)
        told += len(shown.cells) + len(shown.rows) + len(shown.columns)
        assert all(cells[row, column] == many >= FEW for (row, column), many in shown.cells.items())
        for place, many in cells.items():
            if 0 < many < FEW:
                assert is_possible(shown, cells, place, range(1)), (cells, shown, place)
                assert is_possible(shown, cells, place, range(FEW, _MOST)), (cells, shown, place)
    assert told > 100


def test_a_number_that_the_others_would_tell_is_hidden_with_it() -> None:
    lone = protect({(1, "a"): 30, (2, "a"): 2, (3, "a"): 40}, rows=[1, 2, 3], columns=["a"])
    assert 2 not in lone.rows and len(lone.rows) + (lone.total is not None) < 3
    plain = protect({(row, "a"): 10 * row for row in (1, 2, 3)}, rows=[1, 2, 3], columns=["a"])
    assert (plain.total, plain.rows, plain.columns) == (60, {1: 10, 2: 20, 3: 30}, {"a": 60})


def test_a_whole_ward_is_reckoned_in_a_moment() -> None:
    chance = random.Random(7)
    themes = [str(theme) for theme in range(11)]
    cells = {(home, theme): int(chance.expovariate(0.3)) for home in range(19) for theme in themes}
    shown = protect(cells, rows=range(19), columns=themes, silent=(18,))
    assert shown.total == sum(cells.values()) and len(shown.columns) >= 8 and 18 not in shown.rows
    assert all(many >= FEW for many in (*shown.cells.values(), *shown.rows.values(), *shown.columns.values()))
