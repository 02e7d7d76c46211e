"""What people type, made safe to keep and show: every blank stays a blank, and nothing turns the direction of what follows."""

_JOINERS = "\u200d\ufe0f"  # They hold an emoji together.


def clean(text: str) -> str:
    """Without NULs, half characters and invisible signs; odd blanks become plain ones, odd line ends become line ends."""
    text = text.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n")
    return "".join(_plain(sign) for sign in text).strip()


def _plain(sign: str) -> str:
    if sign in "\r\u2028\u2029\u0085\v\f":
        return "\n"
    if sign == "\n" or sign in _JOINERS or sign.isprintable():
        return sign
    return " " if sign.isspace() else ""
