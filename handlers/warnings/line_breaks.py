"""Where a sentence on a picture goes on in the next line: few lines, about equally long, and broken where it reads well.

A number stays with its unit and with the word that says what it is ("5 triệu", "tổ 7", "gọi 113"), the groups of a phone number stay
together, and no word stands alone in the last line where that can be had. A word wider than the room is cut, as the last way out.
"""

import itertools
import re
from collections.abc import Callable
from functools import lru_cache

Measure = Callable[[str], float]
_NUMBER = re.compile(r"\d[\d.,/:–-]*")
_UNITS = """
    giờ phút giây ngày tuần tháng năm tuổi lần người đồng đ nghìn ngàn triệu tỷ tỉ % km m mét cm kg lít độ xe vụ tin tổ hộ nhà cuộc
"""
_NAMES_A_NUMBER = """
    tổ số ngày lúc điều khu ngõ hẻm ngách phố quận phường tầng gọi từ đến tới trước sau hơn dưới trên thứ lớp mã mồng
"""
# Two syllables that are one word to the eye. A line may end between them, but another place is better.
_PAIRS = """
    công an, chuyển tiền, chuyển khoản, tài khoản, ngân hàng, mật khẩu, đường dẫn, ứng dụng, gọi điện, gọi video, điện thoại, trực ban,
    lừa đảo, người lạ, người thân, người nhà, người khác, trẻ em, bà con, bắt cóc, giấy tờ, căn cước, hình ảnh, tin nhắn, trộm cắp,
    cướp giật, xe máy, khóa cửa, mở cửa, cho vay, vay nặng, nặng lãi, lãi suất, đầu tư, việc làm, việc nhẹ, lương cao, cộng tác,
    tác viên, ma túy, cờ bạc, cá độ, pháo nổ, vũ khí, cháy nổ, chữa cháy, bình gas, thoát hiểm, giao thông, mũ bảo, bảo hiểm, rượu bia,
    nồng độ, học sinh, phụ huynh, nhà trường, cảnh báo, giả danh, đe dọa, làm quen, mạng xã, xã hội, thông tin, cung cấp, kiểm tra,
    tổ dân, dân phố, phường xã, nguy hiểm, cấp cứu, bảo vệ, đi vắng, trúng thưởng, nhận quà, quà tặng, bưu kiện, hoàn tiền, đặt cọc,
    hiện trường, cảnh giác, hướng dẫn, cài đặt, quét mã
"""
_KNOWN_UNITS, _NAMING = frozenset(_UNITS.split()), frozenset(_NAMES_A_NUMBER.split())
_KNOWN_PAIRS = frozenset(tuple(pair.split()) for pair in _PAIRS.split(","))
_MARKS = ".,;:!?…)”"
_TIE = "\u00a0"


def in_lines(text: str, width: float, measure: Measure) -> tuple[str, ...]:
    """The lines of a text in a room of this width."""
    pieces = [piece for whole in tied(text).split(" ") if whole for piece in _that_fit(whole, width, measure)]
    if not pieces:
        return ()
    widths, blank = [measure(piece) for piece in pieces], measure(" ")
    return tuple(" ".join(line).replace(_TIE, " ") for line in _shared_out(pieces, widths, blank, width))


def parts_a_word(rows: tuple[str, ...]) -> bool:
    """Whether a line ends within what the eye takes for one word ("bắt" and "cóc")."""
    ends = ((above.split(" ")[-1].lower(), below.split(" ")[0].rstrip(_MARKS).lower()) for above, below in itertools.pairwise(rows))
    return any(pair in _KNOWN_PAIRS for pair in ends)


@lru_cache(maxsize=512)
def tied(text: str) -> str:
    """With blanks that do not break where a number stands beside its unit."""
    words = text.replace(_TIE, " ").split()
    made = words[:1]
    for before, word in itertools.pairwise(words):
        made.append((_TIE if _belongs(before, word) else " ") + word)
    return "".join(made)


def _belongs(before: str, word: str) -> bool:
    bare = word.rstrip(_MARKS).lower()
    if before[-1] in ".,;:!?…":
        return False
    if _NUMBER.fullmatch(before.lstrip('(“"')):
        return bare in _KNOWN_UNITS or _NUMBER.fullmatch(bare) is not None
    return before.lstrip('(“"').lower() in _NAMING and _NUMBER.match(bare) is not None


def _that_fit(piece: str, width: float, measure: Measure) -> list[str]:
    """What belongs together, but is wider than a line, is parted at its blanks, and a word at its marks or anywhere."""
    if measure(piece) <= width:
        return [piece]
    if _TIE in piece:
        return [one for part in piece.split(_TIE) for one in _that_fit(part, width, measure)]
    end = len(piece) - 1
    while end > 1 and measure(piece[:end]) > width:
        end -= 1
    at = max((place.end() for place in re.finditer(r"[-./_@]", piece[:end])), default=0)
    at = at if at > end // 2 else end
    return [piece[:at], *_that_fit(piece[at:], width, measure)]


def _shared_out(pieces: list[str], widths: list[float], blank: float, width: float) -> list[list[str]]:
    """Of all ways with the fewest lines the one with the least unevenness, counted from the end."""
    count = len(pieces)
    best: list[tuple[int, float, int]] = [(0, 0.0, count)] * (count + 1)  # (lines, cost, where the next line begins)
    for start in range(count - 1, -1, -1):
        found: tuple[int, float, int] | None = None
        room = width + blank
        for end in range(start + 1, count + 1):
            room -= widths[end - 1] + blank
            if room < 0:
                break
            lines, cost, _next = best[end]
            candidate = (lines + 1, cost + (room / width) ** 2 + _ugliness(pieces, start, end), end)
            found = min(found or candidate, candidate)
        assert found is not None, "every piece fits a line by itself"
        best[start] = found
    made, at = [], 0
    while at < count:
        made.append(pieces[at : best[at][2]])
        at = best[at][2]
    return made


def _ugliness(pieces: list[str], start: int, end: int) -> float:
    if end == len(pieces):
        is_lone = end - start == 1 and start > 0 and _TIE not in pieces[start]
        return 0.6 if is_lone else 0.0
    before, after = pieces[end - 1].lower(), pieces[end].rstrip(_MARKS).lower()
    if before[-1] in ".,;:!?":
        return -0.1
    return 0.14 if (before, after) in _KNOWN_PAIRS else 0.0
