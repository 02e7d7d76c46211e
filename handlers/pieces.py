"""Long texts in pieces that a platform takes."""


def cut(text: str, most_units: int) -> list[str]:
    """At the last blank or line end before the limit; a word longer than that is cut inside."""
    pieces = []
    while units(text) > most_units:
        end = most_units
        while units(text[:end]) > most_units:
            end -= 1
        at = max(text.rfind("\n", 0, end), text.rfind(" ", 0, end))
        at = at if at > end // 2 else end
        pieces.append(text[:at].rstrip())
        text = text[at:].lstrip()
    return [*pieces, text] if text else pieces


def units(text: str) -> int:
    """As UTF-16 counts them: never fewer than letters."""
    return len(text.encode("utf-16-le")) // 2
