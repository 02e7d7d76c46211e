"""`keng key`: a new master key, and the sheet that brings the old one back."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from sqlmodel import Session

from bot.offline import with_memory
from bot.settings import Settings, SettingsError
from bot.unlocking import unlocked, ward_and_keys
from storage.master_key import KeyFile, KeyTrouble, fresh_key, masters, written
from storage.memory import Memory
from storage.queries import held_events, resealing, second_factors, zalo_tokens
from storage.queries.rewrap import HOLDERS, Stepped, rewrap_some

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


@dataclass(slots=True)
class Renewed:
    """What does not open was left as it is: cells by table, row and column. `left`: how many tips and chats the house has to do yet."""

    broken: dict[str, None] = field(default_factory=dict)  # Each once, in the order in which they were found.
    left: int = 0


def rotate(settings: Settings) -> Renewed:
    """Safe to run again after it was broken off, and beside a serving house."""
    file, renewed = _begin(settings), Renewed()

    async def rewrap(memory: Memory) -> None:
        # Until nothing is left: a serving house may have wrapped something under the old key before it saw the new one, in a
        # transaction that ends only now.
        await _one_round(memory, renewed)
        await asyncio.sleep(1)
        while await _one_round(memory, renewed):
            continue

    with_memory(settings, rewrap)
    if file is not None:
        file.write(file()[:1])
    return renewed


_RESEALED = (
    resealing.reseal_callbacks,
    resealing.reseal_appeals,
    second_factors.reseal_some,
    zalo_tokens.reseal_some,
    held_events.drop_some,
)


def renew_all(settings: Settings) -> Renewed:
    """A new master key, and after it new keys for every tip, chat, number and appeal, and for search."""
    renewed = rotate(settings)

    async def mark(memory: Memory) -> int:
        ward_id, _keys = await ward_and_keys(memory)
        await memory.write(lambda session: resealing.renew_search_key(session, ward_id))
        for table in ("tips", "chats"):
            await _step_by_step(
                memory,
                lambda session, after, table=table: resealing.mark_some(session, table, after=after),  # type: ignore[misc]
                renewed,
            )
        for reseal in _RESEALED:
            await _step_by_step(memory, lambda session, after, reseal=reseal: reseal(session, after=after), renewed)  # type: ignore[misc]
        return await memory.read(resealing.left)

    renewed.left = with_memory(settings, mark)
    return renewed


async def _step_by_step(memory: Memory, step: Callable[[Session, int], Stepped | None], renewed: Renewed) -> bool:
    """True when anything was done."""
    after, changed = -1, 0
    while (stepped := await memory.write(lambda session, after=after: step(session, after), chore=True)) is not None:  # type: ignore[misc]
        after, changed = stepped.last, changed + stepped.changed
        renewed.broken |= dict.fromkeys(stepped.broken)
    return changed > 0


async def _one_round(memory: Memory, renewed: Renewed) -> bool:
    found = False
    for holder in HOLDERS:
        step = partial(_rewrap, *holder)
        found |= await _step_by_step(memory, step, renewed)
    return found


def _rewrap(table: str, column: str, session: Session, after: int) -> Stepped | None:
    return rewrap_some(session, table, column, after=after)


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
