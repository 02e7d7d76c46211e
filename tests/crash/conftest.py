"""Where the houses of the crash tests come from."""

from collections.abc import Iterator

import pytest

from tests.crash.house import House
from tests.crash.nursery import nursery


@pytest.fixture(scope="session", autouse=True)
def houses_are_forked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    if request.config.getoption("--long"):
        yield
        return
    with nursery(tmp_path_factory.mktemp("crash")) as House.nursery:
        yield
    House.nursery = None
