"""Sentences a ward says in its own way: which there are, and what must be so before one is taken.

A sentence may sound like the ward; it may not lose a fact, promise, frighten, ask for what nobody of us asks for, or tell a
locked screen what it is about. Facts and forbidden words stand in `handlers/data/fixed.toml`, subjects in `sentences.toml`.
"""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from fluent.syntax import FluentParser, ast

from handlers.texts import as_message, entries, files_of, say, say_as
from handlers.ward_book import WardBook
from storage.search import fold

_DATA = Path(__file__).parent / "data"
MOST_SIGNS = 3000  # Of anything typed here; the limits that are meant count syllables.
LABEL, OTHER_LABEL = 30, 60  # Signs on a button; in a heading, a hint, a command's line.
_USUAL, _LONG, _START = 60, 90, 120  # Syllables, all of them "under": words.md.
_LONG_KEYS = ("receipt*", "review*", "about-choice*")
_START_PARTS = ("start-hello", "start-urgent", "duty-line", "start-never-asked", "start-tell")
_LOCKED = 40  # So many signs may lie on a locked screen.
_EMOJI_ALLOWED = {"🔴", "✋"}
_TELLS = {"code", "story", "place", "what", "question", "about"}
_EMERGENCY = ("111", "113", "114", "115")
_SITE_ENDS = "com|vn|net|org|info|xyz|top|io|me|app|site|online|club|shop|link|ly|gl|cc|tk|ga|ml|cn|ru|co|biz|dev|vip|page|asia|gg|to"
_PHONE = re.compile(r"(?<![\w-])\+?\d(?:[ .-]?\d){7,}(?![\w-])")
# Read from the beginning of a name alone, and eight dots at most: a long row of signs must not be gone through from each of them.
_NAMES = r"(?<![a-z0-9-])(?:\b|(?=-))[a-z0-9-]+(?:\.[a-z0-9-]+){0,8}"
_LINK = re.compile(rf"https?:|www\.|{_NAMES}\.(?:{_SITE_ENDS})\b|\b\d{{1,3}}(?:\.\d{{1,3}}){{3}}\b")


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    keys: tuple[str, ...]


@cache
def groups() -> tuple[Group, ...]:
    """Every sentence residents read, each in the first group that takes it."""
    data = _data("sentences.toml")
    left = [key for key in _keys_to_residents(data) if not _is_any(key, data["never"])]
    found = []
    for one in data["group"]:
        taken = [key for key in left if _is_any(key, one["keys"]) and key not in one.get("not", ())]
        taken.sort(key=lambda key, wanted=one["keys"]: next(n for n, pattern in enumerate(wanted) if fnmatchcase(key, pattern)))  # type: ignore[misc]
        left = [key for key in left if key not in taken]
        if taken:
            found.append(Group(one["name"], tuple(taken)))
    return tuple(found)


def _keys_to_residents(data: dict[str, Any]) -> list[str]:
    files = files_of("vi")
    return [key for key, file in files.items() if not key.startswith("-") and (file in data["files"] or key in data["also"])]


def is_to_residents(key: str) -> bool:
    return any(key in group.keys for group in groups())


def when_said(key: str, language: str) -> str:
    """In plain words, for who changes it. What is only a word on a button shares one sentence with its like."""
    known = entries(language)
    shared = next((f"when-any-{kind}" for kind in ("button", "command", "page") if key.startswith(f"{kind}-")), "when-any")
    return say(f"when-{key}" if f"when-{key}" in known else shared, language)


def is_fixed(key: str) -> bool:
    """Whether facts of it must stay, beside what every sentence has to keep."""
    return key in _data("fixed.toml")


def facts_of(key: str, language: str) -> tuple[str, ...]:
    return tuple(_data("fixed.toml").get(key, {}).get(language, ()))


def ours(key: str, language: str) -> str:
    """Our sentence as somebody would type it: variables in braces, terms spelled out."""
    return _typed(_ours(key, language))


def tidied(text: str) -> str:
    """What a browser sends, as it is kept."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip()


def filled(book: WardBook, key: str, language: str, *, ward_name: str = "", duty_phone: str = "") -> str:
    """The sentence as a resident may meet it one evening."""
    example = _EXAMPLE | {"ward": f" {ward_name}" if ward_name else " Hồng Bàng", "duty_phone": duty_phone or "0225 3123 456"}
    names = {name for name, _keys in _shape(_ours(key, language))}
    return say_as(book, key, language, **{name: example.get(name, "…") for name in names})


_EXAMPLE: dict[str, Any] = {
    "code": "TB-7K3M-20QX-9DAF",
    "code_tail": "9DAF",
    "time": "21:05",
    "sent_time": "20:40",
    "date": "12/3/2026",
    "story": "Hai người bẻ khóa xe ở cổng chợ",
    "place": "cổng chợ Sắt",
    "photos": 2,
    "count": 2,
    "about": "không nêu tên",
    "limit": "4.000",
    "address": "https://…",
    "hint": "456",
    "what": "tên đã niêm phong, số •••456",
    "metres": 12,
    "question": "Xe đó màu gì ạ?",
    "text": "Đã nhận ảnh, cảm ơn anh/chị.",
    "done": "Tổ tuần tra đã tới nơi, yêu cầu dừng và lập biên bản",
    "unit": "Công an phường",
    "id": "3f9a01bc",
    "days": 2,
    "later": "máy không nhắn trước được",
}


# -- what must be so -------------------------------------------------------------------------------------------------------


def complaints_about(key: str, language: str, text: str, *, book: WardBook | None = None, spoken: str = "vi") -> list[str]:
    """What stands in the way of saying `key` like this, each as a sentence for who typed it; nothing when it may be taken.

    `book` holds the ward's other sentences, beside which this one will stand.
    """

    def sorry(complaint: str, **values: Any) -> str:
        return say(f"wording-{complaint}", spoken, **values)

    text = tidied(text)
    if not is_to_residents(key):
        return [sorry("unknown")]
    if not text:
        return [sorry("empty")]
    if len(text) > MOST_SIGNS or any(unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cs") and sign != "\n" for sign in text):
        return [sorry("odd-signs", most=MOST_SIGNS)]
    pattern = _parsed(text)
    if pattern is None:
        return [sorry("braces")]
    if not _is_plain(pattern):
        return [sorry("only-variables")]
    original = _ours(key, language)
    wrong = _shape_complaints(pattern, original)
    if wrong:
        return [sorry(complaint, what=what) for complaint, what in wrong]
    flat, ours_flat = _flat(pattern), _flat(original)
    found = [sorry("fact", what=fact) for fact in _missing_facts(key, language, flat)]
    found += [sorry("number", what=number) for number in _EMERGENCY if _has(number, ours_flat) and not _has(number, flat)]
    found += [sorry("not-called", what=number) for number in _EMERGENCY if _is_held_back(number, flat)]
    found += [sorry("phone", what=number) for number in _foreign_numbers(flat, ours_flat)]
    found += [sorry("never", what=phrase) for phrase in _never_said(flat)]
    found += [sorry("secret", what=word) for word in _asked_for(flat)]
    found += [sorry("link", what=link) for link in _foreign_links(flat, ours_flat)]
    found += [sorry(complaint, **values) for complaint, values in _too_long(key, language, flat, ours_flat, book or WardBook())]
    found += [sorry("emoji")] if not _is_calm(flat) else []
    found += [sorry("same-button", what=other) for other in _same_button(key, language, flat, book or WardBook())]
    if not _is_label(key, language) and not key.startswith("page-"):
        found += [sorry("locked-screen", what=what) for what in _told_on_locked_screen(pattern, original)]
    return found


def free_complaints(text: str, *, official: str = "", spoken: str = "vi") -> list[str]:
    """What stands against words a ward wrote all by itself: no promise, no threat, no link but the State's own, no pictures."""

    def sorry(complaint: str, **values: Any) -> str:
        return say(f"wording-{complaint}", spoken, **values)

    if len(text) > MOST_SIGNS or any(unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cs") and sign != "\n" for sign in text):
        return [sorry("odd-signs", most=MOST_SIGNS)]
    found = [sorry("never", what=phrase) for phrase in _never_said(text)]
    foreign = [link for link in _foreign_links(text, "") if not (official and re.search(rf"(?:^|\.){re.escape(official)}$", link))]
    found += [sorry("link", what=link) for link in foreign if link not in ("https:", "http:")]
    return found + ([sorry("emoji")] if not _is_calm(text) else [])


def written_complaints(text: str, *, site: str, spoken: str = "vi") -> list[str]:
    """What stands against words an officer writes to a resident: no promise, no threat, no link but the ward's own site, no pictures."""

    def sorry(complaint: str, **values: Any) -> str:
        return say(f"wording-{complaint}", spoken, **values)

    bare = _without_site(text, site) if site else text
    found = [sorry("never", what=phrase) for phrase in _never_said(text)]
    links = list(dict.fromkeys(_foreign_links(bare, "")))
    found += [say("write-link", spoken, what=link) for link in [one for one in links if one not in ("https:", "http:")] or links]
    return found + ([sorry("emoji")] if not _is_calm(text) else [])


def _without_site(text: str, site: str) -> str:
    """`site`: a host name. What only begins or ends like it stays: "our-ward.vn.other.com" is somebody else's."""
    return re.sub(
        rf"(?<![\w.@/-])(?:https?://)?{re.escape(site)}(?::\d+)?(?:/[\w./?=&%-]*)?(?![\w@:-]|\.\w)", " ", text, flags=re.IGNORECASE
    )


def asked_secrets(sentence: str) -> list[str]:
    """Secrets, papers and money that these words ask for, unless a refusal stands before them."""
    return list(dict.fromkeys(_asked_for(sentence)))


def never_said_in(text: str) -> Iterator[re.Match[str]]:
    """Where promises and threats stand in these words, in small letters."""
    never, harmless = _data("fixed.toml")["never"], _data("fixed.toml")["never"]["harmless"]
    for phrase in harmless:
        text = text.replace(phrase, " " * len(phrase))
    for phrase in (*never["vi"], *never["en"]):
        yield from _anyhow(phrase).finditer(text)


def secrets_in(text: str) -> Iterator[re.Match[str]]:
    """Where secrets, papers and money stand in these words, in small letters; refused or not."""
    for word in _data("fixed.toml")["secrets"]["words"]:
        yield from _anyhow(word).finditer(text)


def is_refused(before: str) -> bool:
    """Whether the last word against it still holds where this sentence has come to."""
    data = _data("fixed.toml")["secrets"]
    refusals, turns = ("|".join(map(re.escape, data[name])) for name in ("refusals", "turns"))
    last = [one.end() for one in re.finditer(rf"(?<!\w)(?:{refusals})(?!\w)", before)]
    return bool(last) and not re.search(rf"(?<!\w)(?:{turns})(?!\w)", before[last[-1] :])


def _shape_complaints(pattern: ast.Pattern, original: ast.Pattern) -> list[tuple[str, str]]:
    own, wanted = _shape(pattern), _shape(original)
    missing, extra = wanted - own, own - wanted
    return [("missing", _named(one)) for one in missing] + [("extra", _named(one)) for one in extra]


def _missing_facts(key: str, language: str, flat: str) -> Iterator[str]:
    facts: dict[str, list[str]] = _data("fixed.toml").get(key, {}).get(language, {})
    for fact, ways in facts.items():
        if not any(_says(way, flat) for way in ways):
            yield fact


def _says(way: str, flat: str) -> bool:
    text = " ".join(flat.casefold().split())
    if " & " in way:
        return any(all(_has(part, clause) for part in way.split(" & ")) for clause in re.split(r"[,;·\n]|[.!?](?:\s|$)", text))
    pieces = [rf"(?<!\w){re.escape(piece)}(?!\w)" for piece in way.split(" … ")]
    return re.search(r"[^.!?]{0,60}?".join(pieces), text) is not None


def _has(part: str, flat: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(part)}(?!\w)", flat.casefold()) is not None


def _never_said(flat: str) -> Iterator[str]:
    data = _data("fixed.toml")["never"]
    text = flat.casefold()
    for phrase in data["harmless"]:
        text = text.replace(phrase, " ")
    for phrase in (*data["vi"], *data["en"]):
        if _anyhow(phrase).search(text):
            yield phrase


@cache
def _anyhow(phrase: str) -> re.Pattern[str]:
    """The phrase, each of its words with its marks or typed without any."""
    words = [f"(?:{re.escape(word)}|{re.escape(fold(word))})" for word in phrase.split()]
    joined = r"\W+".join(words)
    return re.compile(rf"(?<!\w){joined}(?!\w)")


def _asked_for(flat: str) -> Iterator[str]:
    """Secrets and money may be named only behind a refusal in the same sentence, and no turn may come between the two."""
    for sentence in re.split(r"[.!?;\n]", flat.casefold()):
        for word in _data("fixed.toml")["secrets"]["words"]:
            if any(not is_refused(sentence[: found.start()]) for found in _anyhow(word).finditer(sentence)):
                yield word


def _foreign_links(flat: str, ours_flat: str) -> Iterator[str]:
    for found in _LINK.finditer(flat.casefold()):
        if found[0] not in ours_flat.casefold():
            yield found[0]


def _is_held_back(number: str, flat: str) -> bool:
    """Whether somebody is told not to call it."""
    holds = r"(?:đừng|chớ|khỏi|không cần|không nên|không phải|do not|don't|no need to|never)"
    return re.search(rf"(?<!\w){holds}\s+(?:gọi|call|ring)\b[^.!?\n]{{0,20}}?(?<!\d){number}(?!\d)", flat.casefold()) is not None


def _foreign_numbers(flat: str, ours_flat: str) -> Iterator[str]:
    """The machine fills in the ward's own number; any other is somebody else's, or will be out of date one day."""
    known = re.sub(r"\D", "", ours_flat)
    for found in _PHONE.finditer(flat):
        if re.sub(r"\D", "", found[0]) not in known:
            yield found[0].strip()


def _same_button(key: str, language: str, flat: str, book: WardBook) -> Iterator[str]:
    """Typed words press a button, so two that may mean different things must not look the same."""
    if not key.startswith("button-"):
        return
    before = fold(_flat(_ours(key, language)))
    for other in entries(language):
        if other.startswith("button-") and other != key and fold(_flat(_ours(other, language))) != before:
            label = _now_said(book, other, language)
            if fold(label) == fold(flat):
                yield label
                return


def _too_long(key: str, language: str, flat: str, ours_flat: str, book: WardBook) -> Iterator[tuple[str, dict[str, Any]]]:
    if _is_label(key, language):
        most = max(LABEL if key.startswith("button-") else OTHER_LABEL, len(ours_flat) * 11 // 10)
        if "\n" in flat or len(flat) > most:
            yield "label-long", {"most": most}
        return
    limit = _LONG if _is_any(key, _LONG_KEYS) else _USUAL
    most = max(limit - 1, syllables(ours_flat) * 11 // 10)
    if syllables(flat) > most:
        yield "long", {"count": syllables(flat), "most": most}
    if key in _START_PARTS or fnmatchcase(key, "start-*-privacy"):
        yield from _start_too_long(key, language, flat, book)


def _start_too_long(key: str, language: str, flat: str, book: WardBook) -> Iterator[tuple[str, dict[str, Any]]]:
    """All parts of the start stand in one message, on each channel with its own sentence about what is known there."""
    privacies = [one for one in entries(language) if fnmatchcase(one, "start-*-privacy")]
    for privacy in [key] if key in privacies else privacies:
        parts = (*_START_PARTS, privacy)
        before = sum(syllables(_flat(_ours(part, language))) for part in parts)
        now = sum(syllables(flat if part == key else _now_said(book, part, language)) for part in parts)
        if now > max(_START - 1, before * 11 // 10):
            yield "start-long", {"count": now, "most": max(_START - 1, before * 11 // 10)}
            return


def _now_said(book: WardBook, key: str, language: str) -> str:
    own = _parsed(tidied(book.wordings[language, key])) if (language, key) in book.wordings else None
    return _flat(own if own is not None else _ours(key, language))


def syllables(flat: str) -> int:
    """Words between blanks; a dash or a bullet is none."""
    return sum(any(sign.isalnum() for sign in word) for word in flat.split())


def _is_calm(flat: str) -> bool:
    emojis = [sign for sign in flat if _is_emoji(sign)]
    return len(emojis) <= 1 and set(emojis) <= _EMOJI_ALLOWED


def _is_emoji(sign: str) -> bool:
    return ord(sign) >= 0x1F000 or (unicodedata.category(sign) == "So" and ord(sign) >= 0x2190) or 0x2600 <= ord(sign) <= 0x27BF


def _told_on_locked_screen(pattern: ast.Pattern, original: ast.Pattern) -> Iterator[str]:
    own, before = _beginning(pattern), _beginning(original)
    for name in sorted(own[1] & _TELLS - before[1]):
        yield f"{{ ${name} }}"
    for word in _data("fixed.toml")["matter"]["words"]:
        if _anyhow(word).search(own[0].casefold()) and not _anyhow(word).search(before[0].casefold()):
            yield word
    if "tb-" in own[0].casefold() and "tb-" not in before[0].casefold():
        yield "TB-"


def _beginning(pattern: ast.Pattern) -> tuple[str, set[str]]:
    """The first signs, and which variables stand among them."""
    marks: dict[str, str] = {}

    def mark(name: str) -> str:
        return marks.setdefault(name, chr(0xE000 + len(marks)))  # Each variable is one private sign.

    shown = _flat(pattern, mark)[:_LOCKED]
    return shown, {name for name, sign in marks.items() if sign in shown}


def _is_label(key: str, language: str) -> bool:
    """A word on a button, a heading or a hint: not a whole sentence."""
    if key.startswith(("button-", "command-")):
        return True
    flat = _flat(_ours(key, language))
    return "\n" not in flat and flat[-1:] not in ".?!" and not key.startswith(("start-", "receipt", "review", "about-choice"))


# -- trees -----------------------------------------------------------------------------------------------------------------


@cache
def _data(name: str) -> dict[str, Any]:
    return tomllib.loads((_DATA / name).read_text(encoding="utf-8"))


def _is_any(key: str, patterns: Any) -> bool:
    return any(fnmatchcase(key, pattern) for pattern in patterns)


def _ours(key: str, language: str) -> ast.Pattern:
    pattern = entries(language)[key].value
    assert pattern is not None
    return _spelled_out(pattern, language)


@lru_cache(maxsize=1000)
def _parsed(text: str) -> ast.Pattern | None:
    """None when it is not one sentence of Fluent, or has braces within braces without end."""
    try:
        body = FluentParser().parse(as_message("own", text)).body
    except RecursionError:
        return None
    if len(body) != 1 or not isinstance(body[0], ast.Message) or body[0].attributes:
        return None
    return body[0].value


def _spelled_out(pattern: ast.Pattern, language: str) -> ast.Pattern:
    """With terms of ours as the words they stand for."""
    elements: list[Any] = []
    for element in pattern.elements:
        expression = element.expression if isinstance(element, ast.Placeable) else None
        if isinstance(expression, ast.TermReference):
            term = entries(language)[f"-{expression.id.name}"].value
            assert term is not None
            elements += _spelled_out(term, language).elements
        else:
            elements.append(element)
    return ast.Pattern(elements)


def _is_plain(pattern: ast.Pattern) -> bool:
    """Text, variables and a choice by a variable; the signs that `as_message` had to hide are text too."""
    for element in pattern.elements:
        if not isinstance(element, ast.Placeable):
            continue
        expression = element.expression
        if isinstance(expression, ast.StringLiteral):
            if expression.value not in ("[", "*", "."):
                return False
        elif isinstance(expression, ast.SelectExpression):
            if not isinstance(expression.selector, ast.VariableReference) or not all(_is_plain(one.value) for one in expression.variants):
                return False
        elif not isinstance(expression, ast.VariableReference):
            return False
    return True


def _shape(pattern: ast.Pattern) -> Counter[tuple[str, str]]:
    """How often each variable stands there; one that chooses, together with the keys it chooses from."""
    found: Counter[tuple[str, str]] = Counter()
    for element in pattern.elements:
        expression = element.expression if isinstance(element, ast.Placeable) else None
        if isinstance(expression, ast.VariableReference):
            found[expression.id.name, ""] += 1
        elif isinstance(expression, ast.SelectExpression) and isinstance(expression.selector, ast.VariableReference):
            keys = " ".join(sorted(("*" if one.default else "") + _key_of(one) for one in expression.variants))
            found[expression.selector.id.name, keys] += 1
            for variant in expression.variants:
                found += _shape(variant.value)
    return found


def _key_of(variant: ast.Variant) -> str:
    return variant.key.name if isinstance(variant.key, ast.Identifier) else str(variant.key.value)


def _named(one: tuple[str, str]) -> str:
    name, keys = one
    return f"{{ ${name} -> {' '.join(f'[{key}]' for key in keys.split())} }}" if keys else f"{{ ${name} }}"


def _flat(pattern: ast.Pattern, show: Any = lambda _name: "x") -> str:
    """As words alone: a variable is one word, a choice its longest."""
    parts = []
    for element in pattern.elements:
        if isinstance(element, ast.TextElement):
            parts.append(element.value)
            continue
        expression = element.expression
        if isinstance(expression, ast.SelectExpression):
            parts.append(max((_flat(one.value, show) for one in expression.variants), key=syllables))
        elif isinstance(expression, ast.StringLiteral):
            parts.append(expression.parse()["value"])
        elif isinstance(expression, ast.VariableReference):
            parts.append(show(expression.id.name))
    return "".join(parts)


def _typed(pattern: ast.Pattern) -> str:
    parts = []
    for element in pattern.elements:
        if isinstance(element, ast.TextElement):
            parts.append(element.value)
            continue
        expression = element.expression
        if isinstance(expression, ast.SelectExpression):
            assert isinstance(expression.selector, ast.VariableReference)
            variants = "".join(f"\n   {'*' if one.default else ' '}[{_key_of(one)}] {_typed(one.value)}" for one in expression.variants)
            parts.append(f"{{ ${expression.selector.id.name} ->{variants}\n}}")
        elif isinstance(expression, ast.StringLiteral):
            parts.append(expression.parse()["value"])
        elif isinstance(expression, ast.VariableReference):
            parts.append(f"{{ ${expression.id.name} }}")
    return "".join(parts)
