"""What an officer had written when their sign-in ended: shown back to the browser it came from, so that nothing has to be thought of twice.

Nothing of it is stored, but for what a page had not sent yet when the desk locked: that waits sealed for its own officer, a day at most
(`storage/queries/typed_words.py`). Where a passphrase or a name may stand in the form, it is not shown.
"""

import re
from collections.abc import Mapping

from aiohttp import BodyPartReader, web
from markupsafe import escape

_MOST = 128 * 1024
_MOST_LEFT = 20_000
_PAGE = re.compile(r"/admin(?:/[\w-]+){0,4}", re.ASCII)
_WRITTEN = ("words", "done", "result", "reason", "summary", "headline", "text", "line1", "line2", "line3")
# The same, and what is short, in forms of one tip and of letters.
_TYPED = (*_WRITTEN, "unit", "agency", "contact", "receiver", "number", "typed")
_NEVER = ("/admin/niem-phong", "/admin/dang-nhap", "/admin/khoi-dau")
_SENT_AGAIN = ("/admin/tin/", "/admin/canh-bao/")  # Forms of these hold nothing but words; others are only shown, to be copied.


async def form_of(request: web.Request) -> dict[str, str]:
    """The typed fields of a form from somebody who is not signed in: no more than an officer writes, and never a file."""
    if request.method != "POST" or request.path.startswith(_NEVER):
        return {}
    if request.content_type != "multipart/form-data":
        if (request.content_length or _MOST) >= _MOST:
            return {}
        return {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    found: dict[str, str] = {}
    left = _MOST
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.filename is not None or not part.name:
            break
        typed = bytearray()
        while (chunk := await part.read_chunk()) and left > 0:
            typed += chunk
            left -= len(chunk)
        if left <= 0:
            break
        found[part.name] = typed.decode("utf-8", "replace")
    return found


def left(form: dict[str, str]) -> tuple[str, str]:
    """The words a page had not sent when the desk locked, and the page itself; nothing where a name or a passphrase may stand in it."""
    page, words = form.get("page", ""), form.get("left", "").strip()
    is_ours = _PAGE.fullmatch(page) is not None and not page.startswith(_NEVER) and form.get("field") in _WRITTEN
    return (words[:_MOST_LEFT], page) if is_ours else ("", "")


def written(form: dict[str, str]) -> list[str]:
    return [form[name] for name in _WRITTEN if form.get(name, "").strip()]


def unsent(page: web.Response, given: Mapping[str, str]) -> tuple[str, ...]:
    """What was typed and refused, and stands nowhere on the page that says so: somebody else was first, and the form is none any more."""
    if page.status != 422:
        return ()
    typed = (given[name] for name in _TYPED if given.get(name, "").strip())
    return tuple(words for words in typed if str(escape(words)) not in str(page.text))


def again(path: str, form: dict[str, str]) -> dict[str, str]:
    """What one press sends once more, after a new sign-in."""
    return {name: value for name, value in form.items() if name != "csrf"} if path.startswith(_SENT_AGAIN) else {}
