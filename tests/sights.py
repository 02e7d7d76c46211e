"""Sights for tests of queries: who may read what is tested in tests/promises/test_access.py."""

from storage.queries.sight import Sight


def all_of(ward_id: int) -> Sight:
    """Whoever reads all that is not fenced, as the chief does."""
    return Sight(ward_id=ward_id, kinds=frozenset({"", "chief"}), sees_stubs=True)
