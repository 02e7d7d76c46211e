"""What a long command says while it works."""

import io
import time

import pytest

from bot.working import working


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_long_command_says_how_long_already_and_stops_with_its_work() -> None:
    terminal = Terminal()
    with working("Copying", to=terminal, first=0.01, every=0.01):
        time.sleep(0.1)
    told = terminal.getvalue()
    time.sleep(0.05)

    assert told == terminal.getvalue() and set(told.splitlines()) == {"Copying, 0 seconds so far…"}


def test_it_stops_when_the_work_fails() -> None:
    terminal = Terminal()
    with pytest.raises(ValueError, match="full"), working("Copying", to=terminal, first=0.01, every=0.01):
        raise ValueError("the disk is full")

    assert terminal.getvalue() == ""


def test_nothing_of_it_comes_into_a_file() -> None:
    pipe = io.StringIO()
    with working("Copying", to=pipe, first=0.001, every=0.001):
        time.sleep(0.02)

    assert pipe.getvalue() == ""
