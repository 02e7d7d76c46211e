"""What a password costs to try."""

import runpy

from argon2 import extract_parameters

from storage import passwords


def test_a_password_is_slow_to_try_and_as_slow_where_nobody_has_that_login() -> None:
    fresh = runpy.run_path(passwords.__file__)  # Not the one that tests made cheap.
    for_nobody, for_somebody = (extract_parameters(one) for one in (fresh["_NOBODY"], fresh["hash_password"]("mat khau dai")))

    assert for_nobody == for_somebody
    assert for_nobody.memory_cost >= 64 * 1024 and for_nobody.time_cost >= 3
