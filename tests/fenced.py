"""What must not be said to who told something that only the superior police read."""

import re

_OF_THE_WARD = re.compile(
    r"công an phường|cán bộ trực|trực ban|chỉ huy|ở phường|ward police|duty (?:officer|desk)|officer on duty|\bchief\b", re.IGNORECASE
)
_TRUE = ("không qua ai ở phường", "ở phường không ai đọc được", "past everybody in the ward")


def untrue_behind_the_fence(text: str) -> list[str]:
    """The words of a sentence that name people of the ward, but for those that say they do not read it."""
    bare = text.casefold()
    for phrase in _TRUE:
        bare = bare.replace(phrase, "")
    return _OF_THE_WARD.findall(bare)
