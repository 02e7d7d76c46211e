"""What a page's form sends: read no further than may be, without what nobody types, and with the token of the page it stood on."""

import asyncio
import secrets

from aiohttp import BodyPartReader, web

from admin.refusals import Sorry

MOST_UPLOAD = 10 * 1024 * 1024  # As much as Telegram takes for a photo.
_MOST_READ = MOST_UPLOAD + 15 * 1024 * 1024  # Beyond that nothing is read on: what was typed goes with it.
UPLOAD_SECS = 120
_FORM, _FILE = web.RequestKey("form", dict[str, str]), web.RequestKey("file", bytes)


def masked(token: str) -> str:
    """Another in each answer: of words that stand again and again in what is compressed, the length of it would tell."""
    secret = bytes.fromhex(token)
    mask = secrets.token_bytes(len(secret))
    return mask.hex() + bytes(one ^ other for one, other in zip(secret, mask, strict=True)).hex()


def unmasked(given: str) -> str:
    """Whatever is no token of ours stays as it is, and is none."""
    half = len(given) // 2
    try:
        mask, rest = bytes.fromhex(given[:half]), bytes.fromhex(given[half:])
        return bytes(one ^ other for one, other in zip(mask, rest, strict=True)).hex()
    except ValueError:
        return given


def number_in(request: web.Request, name: str, *, sorry: str = "desk-no-tip") -> int:
    """A row's id from the address, if it can be one. Thousands of digits are no number for Python either."""
    digits = request.match_info[name]
    if len(digits) > 19 or int(digits) >= 2**63:
        raise Sorry(404, sorry)
    return int(digits)


async def read_parts(request: web.Request) -> None:
    """A form with a file: aiohttp would put the file on the disk in clear, so it is read here, into memory and no further than may be."""
    if request.content_type != "multipart/form-data":
        return
    form: dict[str, str] = {}
    content, size = bytearray(), 0
    try:
        async with asyncio.timeout(UPLOAD_SECS):
            async for part in await request.multipart():
                if not isinstance(part, BodyPartReader) or size > _MOST_READ:
                    raise Sorry(413, "desk-file-big")
                is_file = part.name == "file"
                typed = bytearray()
                while chunk := await part.read_chunk(64 * 1024):
                    size += len(chunk)
                    if size > _MOST_READ:
                        raise Sorry(413, "desk-file-big")
                    if is_file and len(content) <= MOST_UPLOAD:
                        content += chunk
                    elif not is_file:
                        typed += chunk
                if part.name and not is_file:
                    form[part.name] = without_nuls(typed.decode("utf-8", "replace"))
    except (TimeoutError, ValueError, AssertionError, LookupError, RuntimeError):
        raise Sorry(400, "desk-unreadable") from None
    request[_FORM], request[_FILE] = form, bytes(content)


def file_in(request: web.Request) -> bytes:
    """What was attached; longer than `MOST_UPLOAD` where it was more than that."""
    content: bytes = request.get(_FILE, b"")
    return content


def without_nuls(typed: str) -> str:
    """Nobody types one, and PostgreSQL takes none, be it to look for a login."""
    return typed.replace("\x00", "")


async def read_form(request: web.Request) -> dict[str, str]:
    if _FORM in request:
        return request[_FORM]
    try:
        return {name: without_nuls(value) for name, value in (await request.post()).items() if isinstance(value, str)}
    except (ValueError, LookupError, RuntimeError):
        raise Sorry(400, "desk-unreadable") from None
