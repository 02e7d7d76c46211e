"""`keng key`: a new master key, and the sheet that brings the old one back."""

import asyncio
from collections.abc import Callable
from datetime import date

from sqlmodel import Session

from bot.offline import with_memory
from bot.runtime import unlocked, ward_and_keys
from bot.settings import Settings, SettingsError
from storage.master_key import KeyFile, KeyTrouble, fresh_key, masters, written
from storage.memory import Memory
from storage.queries import resealing
from storage.queries.rewrap import HOLDERS, rewrap_some

_SHEET = """\
                              PHIẾU KHÔI PHỤC KHÓA CHÍNH
                         Kẻng – đường dây báo tin của phường

Ngày in: {day}          Số khóa: {number}

Khóa chính (gõ lại được bằng chữ thường, có hay không có gạch nối):

{lines}

Để làm gì
  Mọi điều Kẻng lưu đều được niêm phong bằng khóa này. Mất máy mà còn bản sao lưu
  và phiếu này thì mở lại được. Mất phiếu này và mất file khóa thì không ai mở lại
  được nữa, kể cả người làm ra Kẻng.

Giữ thế nào
  In một bản, không gửi qua mạng, không chụp ảnh. Bỏ vào phong bì, dán kín, hai
  người ký giáp lai, ghi ngày. Cất trong két, ở nhà khác với máy và bản sao lưu.
  Ai có phiếu này cùng với bản sao lưu thì đọc được mọi tin, trừ danh tính:
  danh tính nằm dưới khóa của những người giữ khóa danh tính.

Dùng thế nào
  Máy mới: KENG_MASTER_KEY=<khóa trên> ./keng restore <thư mục sao lưu>
  Phong bì bị mở mà không ai dùng: ./keng key rotate --compromised, in phiếu mới.

Người niêm phong 1: ..........................   Người niêm phong 2: ..........................
"""


def recovery_sheet(settings: Settings, *, today: date) -> str:
    """For the printer. It holds the key itself, so it goes to the terminal or to a file of one's own alone."""
    vault, _made = unlocked(settings)
    groups = written(_current(settings)).split("-")
    lines = "\n".join(f"        {'   '.join(row)}" for row in (groups[:8], groups[8:]))
    return _SHEET.format(day=f"{today.day}/{today.month}/{today.year}", number=vault.master_id.hex(), lines=lines)


def rotate(settings: Settings) -> None:
    """Safe to run again after it was broken off, and beside a serving house."""
    file = _begin(settings)

    async def rewrap(memory: Memory) -> None:
        # Until nothing is left: a serving house may have wrapped something under the old key before it saw the new one, in a
        # transaction that ends only now.
        await _one_round(memory)
        await asyncio.sleep(1)
        while await _one_round(memory):
            continue

    with_memory(settings, rewrap)
    if file is not None:
        file.write(file()[:1])


def renew_all(settings: Settings) -> int:
    """A new master key, and after it new keys for every tip, chat and number, and for search. How many are left to the house."""
    rotate(settings)

    async def mark(memory: Memory) -> int:
        ward_id, _keys = await ward_and_keys(memory)
        await memory.write(lambda session: resealing.renew_search_key(session, ward_id))
        for table in ("tips", "chats"):
            await _step_by_step(memory, lambda session, after, table=table: resealing.mark_some(session, table, after=after))  # type: ignore[misc]
        await _step_by_step(memory, lambda session, after: resealing.reseal_callbacks(session, after=after))
        return await memory.read(resealing.left)

    return with_memory(settings, mark)


async def _step_by_step(memory: Memory, step: Callable[[Session, int], int | None]) -> bool:
    """True when there was anything to do."""
    after: int | None = -1
    found = False
    while after is not None:
        after = await memory.write(lambda session, after=after: step(session, after), chore=True)  # type: ignore[misc]
        found = found or after is not None
    return found


async def _one_round(memory: Memory) -> bool:
    found = False
    for holder in HOLDERS:
        found |= await _step_by_step(memory, lambda session, after, holder=holder: rewrap_some(session, *holder, after=after))  # type: ignore[misc]
    return found


def _begin(settings: Settings) -> KeyFile | None:
    """The new key stands in front of the old one. None: the operator has put it there, and takes the old one away."""
    unlocked(settings)
    hand_out, _own = _sources(settings)
    if isinstance(hand_out, KeyFile):
        if len(hand_out()) == 1:
            try:
                hand_out.write((fresh_key(), *hand_out()))
            except OSError:
                raise SettingsError(_how_by_hand()) from None
        return hand_out
    if len(hand_out()) == 1:
        raise SettingsError(_how_by_hand())
    return None


def _how_by_hand() -> str:
    return (
        "the master key is not in a file that may be changed here; put a new one in front of it, as"
        f" {written(fresh_key())},<the present one>, restart, run this again, then take the old one away"
    )


def _current(settings: Settings) -> bytes:
    return _sources(settings)[0]()[0]


def _sources(settings: Settings) -> tuple[Callable[[], tuple[bytes, ...]], KeyFile | None]:
    try:
        return masters(given=settings.master_key.get_secret_value(), given_file=settings.master_key_file, data=settings.data)
    except KeyTrouble as trouble:
        raise SettingsError(str(trouble)) from None
