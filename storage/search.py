"""What can be found in sealed words: text becomes plain tokens, plain tokens become keyed ones. No database here.

A plain token is a kind and a value: `w:lua` a word without its marks, `w:lua dao` two neighbours, `p:+84912345678` a phone,
`n:19033456789012` a run of digits, `b:29a12345` a licence plate, `h:abc.com` a site, `u:abc.com/x` a link, `@:ten` a name on
some platform, `e:a@b.vn` an e-mail address. Everything works on folded text, so that the same thing has one form however it
was typed. Only keyed tokens reach the database (`SearchKey`); the text itself is opened elsewhere, and `Query.matches` looks
at it then.
"""

import base64
import hashlib
import hmac
import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import phonenumbers

QUERY_MOST = 200  # Characters; nobody types more to find a tip.
GROUPS_MOST = 12
_TOKEN_BYTES = 10  # 80 bits: among a hundred million tokens two meet with a chance of one in 240 million.
TOKEN_CHARS = _TOKEN_BYTES * 8 // 5
_BLOCK = 64  # SHA-256's, for the length of a search key.


def fold(text: str) -> str:
    """Small letters without marks, đ as d. It makes no difference whether the text came composed or not.

    The compatibility form also brings bold, circled and full-width letters home, behind which advertisements hide, and
    invisible characters go for the same reason.
    """
    apart = _USUAL_MARKS.sub("", unicodedata.normalize("NFKD", text)).replace("đ", "d").replace("Đ", "d")
    if not apart.isascii():  # Hardly anything of what comes in Vietnamese.
        apart = "".join(sign for sign in apart if sign.isascii() or unicodedata.category(sign) not in ("Mn", "Cf"))
    return apart.lower()


_USUAL_MARKS = re.compile("[\u0300-\u036f]+")


def plain_tokens(texts: Iterable[str]) -> set[str]:
    """Everything under which a tip with these pieces can be found. Neighbours never cross from one piece to the next."""
    tokens: set[str] = set()
    for text in texts:
        readable = _readable(text)
        words = _words(readable)
        tokens.update(f"w:{word}" for word in words)
        tokens.update(_pairs(words))
        for thing in _named_things(readable):
            tokens.update((thing.token, *thing.wider))
        for groups in _NUMBER.findall(readable):
            tokens.update(_every_number(_groups(groups)))
    return tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What an officer typed: all of it must be there. A phrase of n words asks for its n-1 pairs."""

    tokens: frozenset[str]
    phrases: tuple[tuple[str, ...], ...]  # Those of three words and more: there the pairs are not yet the phrase.
    was_cut: bool  # Something behind the limits was left out; whoever shows the result should say so.

    @property
    def is_exact(self) -> bool:
        """The index alone decides; otherwise what it finds are candidates, to be opened and checked."""
        return not self.phrases

    def matches(self, texts: Iterable[str]) -> bool:
        """Whether the opened text contains the phrases. That it holds the tokens, the index has said already."""
        pieces = [f" {' '.join(_words(_readable(text)))} " for text in texts]
        return all(any(f" {' '.join(phrase)} " in piece for piece in pieces) for phrase in self.phrases)

    @classmethod
    def typed(cls, text: str) -> "Query | None":
        """None when nothing was asked."""
        groups = list(_asked(_readable(text[:QUERY_MOST])))
        kept = groups[:GROUPS_MOST]
        if not kept:
            return None
        return cls(
            tokens=frozenset(token for group in kept for token in group.tokens),
            phrases=tuple(dict.fromkeys(group.phrase for group in kept if len(group.phrase) > 2)),
            was_cut=len(text.strip()) > QUERY_MOST or len(groups) > len(kept),
        )


class SearchKey:
    """Turns plain tokens into what the index holds. Give each ward a key of its own: then no two wards share a token."""

    def __init__(self, key: bytes) -> None:
        if not 32 <= len(key) <= _BLOCK:
            raise ValueError("a search key has 32 bytes")
        self._key = key

    @property
    def id(self) -> str:
        """Names the key without telling it."""
        return hashlib.sha256(b"keng search key id|" + self._key).hexdigest()[:16]

    def seal_tokens(self, tokens: Iterable[str]) -> list[str]:
        """Sorted, so that neither order nor number of the words is told. Letters and digits that both engines leave alone."""
        key = self._key
        digests = b"".join([hmac.digest(key, token.encode("utf-8", "surrogatepass"), "sha256")[:_TOKEN_BYTES] for token in set(tokens)])
        # One call for all: ten bytes are exactly sixteen characters, so the tokens lie side by side in the answer.
        written = base64.b32encode(digests).decode("ascii").lower()
        return sorted(written[at : at + TOKEN_CHARS] for at in range(0, len(written), TOKEN_CHARS))


# --- Words ---

_WORD = re.compile(r"[^\W_]+")
_DOT_IN_DISGUISE = re.compile(r"\s?[\[({]\s?(?:\.|dot|cham)\s?[\])}]\s?")


def _readable(text: str) -> str:
    """Folded, and links that were broken on purpose whole again."""
    return _DOT_IN_DISGUISE.sub(".", fold(text)).replace("hxxp", "http")


def _words(readable: str) -> list[str]:
    return _WORD.findall(readable)


def _pairs(words: list[str]) -> list[str]:
    return [f"w:{one} {next_one}" for one, next_one in itertools.pairwise(words)]


# --- Things with a form of their own: addresses, links, names, plates ---


@dataclass(frozen=True, slots=True)
class _Thing:
    start: int
    end: int
    token: str  # What a query for this very thing asks for.
    wider: tuple[str, ...] = ()  # Under what else it is found: the site of a link.


_HOST = r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]"
_MAIL = re.compile(rf"(?<![\w.+-])[a-z0-9][\w.+-]*@{_HOST}")
_LINK = re.compile(rf"(?<![\w@.-])(?P<scheme>[a-z]+://)?(?P<host>{_HOST})(?::\d+)?(?P<path>/[^\s?#<>\"“”]*)?(?P<query>\?[^\s#<>\"“”]*)?")
_NAME = re.compile(r"(?<![\w@./])@([a-z0-9_](?:[a-z0-9_.]{1,62})[a-z0-9_])")
_PLATE = re.compile(r"(?<![0-9a-z])([1-9]\d)[ -]?([a-z]{1,2}\d?)[ .-]{0,3}(\d{3}[ .-]?\d{2}|\d{4})(?![0-9a-z])")
_SENTENCE_END = ".,;:!?)]}'…/"
# Without a scheme only these are links: people forget the blank after a full stop ("đêm qua.Sáng nay").
_USUAL_ENDINGS = """
    vn com net org info biz edu gov xyz top vip club online site shop store app link live pro asia icu cc tv me io co ly gl gg
    win bet fun cn ru us uk eu jp kr th kh hk tw sg page space website tech mobi name casino game games
"""
_ENDINGS = frozenset(_USUAL_ENDINGS.split())
# "abc.com.vn" stands under "com.vn" as everybody does; that is no site.
_SHARED = frozenset({"com", "net", "org", "edu", "gov", "info", "biz", "name", "co", "ac"})


def _named_things(readable: str) -> Iterator[_Thing]:
    for match in _MAIL.finditer(readable):
        yield _Thing(match.start(), match.end(), f"e:{match.group()}")
    for match in _LINK.finditer(readable):
        if match["scheme"] or match["path"] or match["host"].rpartition(".")[2] in _ENDINGS:
            yield _link(match)
    for match in _NAME.finditer(readable):
        yield _Thing(match.start(), match.end(), f"@:{match[1]}")
    for match in _PLATE.finditer(readable):
        yield _Thing(match.start(), match.end(), "b:" + re.sub(r"[^0-9a-z]", "", match.group()))


def _link(match: re.Match[str]) -> _Thing:
    host = match["host"].removeprefix("www.")
    path = (match["path"] or "").rstrip(_SENTENCE_END)
    query = (match["query"] or "").rstrip(_SENTENCE_END)
    tokens = [f"h:{host}", *(f"h:{parent}" for parent in _parents(host))]
    if path:
        tokens.insert(0, f"u:{host}{path}")
    if path.count("/") == 1 and host in ("t.me", "telegram.me"):
        tokens.append(f"@:{path[1:]}")
    if len(query) > 1:  # Only within the whole: campaign numbers would make every forwarded link a stranger.
        tokens.insert(0, f"u:{host}{path}{query}")
    return _Thing(match.start(), match.end(), tokens[0], tuple(tokens[1:]))


def _parents(host: str) -> list[str]:
    """Of m.abc.com also abc.com, but of abc.com.vn not com.vn."""
    labels = host.split(".")
    tails = [labels[at:] for at in range(1, len(labels) - 1)]
    return [".".join(tail) for tail in tails if not (len(tail) == 2 and tail[0] in _SHARED and len(tail[1]) == 2)]


# --- Numbers: phones, accounts, cards ---

_GAP = r"[ .()–-]{1,3}"
_NUMBER = re.compile(rf"(?<!\d)\(?\+?\d+(?:{_GAP}\d+)*")
_GROUP = re.compile(r"\+?\d+")
_DIGITS_READ, _AROUND = 2_000, 60
_GROUPS_MOST = 7  # So many groups a written number has at most: 4 4 4 4 of a card, 2 by 2 by 2 of a phone, +84 before it.


def _groups(number: str) -> list[str]:
    return _GROUP.findall(number)


def _every_number(groups: list[str]) -> Iterator[str]:
    """Where a number begins and ends nobody knows ("0912 345 678 500 nghìn"): so each run of neighbouring groups is one."""
    for start in range(len(groups)):
        for end in range(start + 1, min(len(groups), start + _GROUPS_MOST) + 1):
            yield from _number_tokens(groups[start:end])


def _number_tokens(groups: list[str]) -> list[str]:
    digits = "".join(groups)
    phone = _phone(digits)
    plain = digits.replace("+", "")
    return ([f"p:{phone}"] if phone else []) + ([f"n:{plain}"] if 6 <= len(plain) <= 19 else [])


def _phone(digits: str) -> str | None:
    """One form for all writings. Only numbers that can exist: otherwise every account would be a phone too."""
    if not 8 <= len(digits) <= 16 or digits.rfind("+") > 0:
        return None
    try:
        number = phonenumbers.parse(digits, "VN")
    except phonenumbers.NumberParseException:
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)) if phonenumbers.is_valid_number(number) else None


# --- What was typed ---


@dataclass(frozen=True, slots=True)
class _Group:
    tokens: tuple[str, ...]
    phrase: tuple[str, ...] = ()


_QUOTED = re.compile(r"[\"“”„«»]([^\"“”„«»]*)[\"“”„«»]")


def _asked(readable: str) -> Iterator[_Group]:
    """The groups in the order they were typed, numbers and links of a stretch before its words."""
    at = 0
    for match in _QUOTED.finditer(readable):
        yield from _bare(readable[at : match.start()])
        yield from _quoted(match[1])
        at = match.end()
    yield from _bare(readable[at:])


def _quoted(typed: str) -> Iterator[_Group]:
    """Somebody who puts a phone number in quotes still means the number."""
    things, words = _apart(typed)
    if things and not words:
        yield from (_Group((token,)) for token in things)
    elif phrase := tuple(_words(typed)):
        yield _Group(tuple(_pairs(list(phrase))) or (f"w:{phrase[0]}",), phrase)


def _bare(typed: str) -> Iterator[_Group]:
    things, words = _apart(typed)
    for token in dict.fromkeys([*things, *(f"w:{word}" for word in words)]):
        yield _Group((token,))


def _apart(typed: str) -> tuple[list[str], list[str]]:
    """The tokens of the things in it, and the words that are no part of any."""
    things, rest = _things(typed)
    return [thing.token for thing in things], _words(rest)


def _things(readable: str) -> tuple[list[_Thing], str]:
    """And what is left of the text without them. Of numbers no more than somebody writes by hand: reading them is slow."""
    things, rest, left = [], readable, _DIGITS_READ
    for thing in _named_things(readable):
        if rest[thing.start : thing.end] == readable[thing.start : thing.end]:  # An address holds a host; it counts once.
            things.append(thing)
            rest = _blank(rest, thing.start, thing.end)
    for match in _NUMBER.finditer(rest):
        left -= len(match.group())
        if left < 0:
            break
        for token, start, end in _numbers_meant(match.group()):
            things.append(_Thing(match.start() + start, match.start() + end, token))
            rest = _blank(rest, match.start() + start, match.start() + end)
    return things, rest


@dataclass(frozen=True, slots=True)
class Thing:
    """Something in a text that a search can ask for, and the words around it, folded."""

    token: str
    told: str  # As it was written.
    site: str  # Of a link.
    before: str
    after: str


def things_in(text: str) -> list[Thing]:
    """In the order in which they stand there."""
    readable, small = _readable(text), text.lower()
    found = []
    for thing in sorted(_things(readable)[0], key=lambda one: one.start):
        told = readable[thing.start : thing.end]
        at = small.find(told) if len(small) == len(text) else -1  # Folding loses which letters of a link were large.
        found.append(
            Thing(
                token=thing.token,
                told=text[at : at + len(told)] if at >= 0 else told,
                site=next((token[2:] for token in (thing.token, *thing.wider) if token.startswith("h:")), ""),
                before=readable[max(0, thing.start - _AROUND) : thing.start],
                after=readable[thing.end : thing.end + _AROUND],
            )
        )
    return found


def _blank(text: str, start: int, end: int) -> str:
    return text[:start] + " " * (end - start) + text[end:]


def _numbers_meant(typed: str) -> list[tuple[str, int, int]]:
    """The likeliest reading: one number if it can be a phone; else the phones with a 0 or + in front; else one account."""
    found = list(_GROUP.finditer(typed))
    whole = _number_tokens([match.group() for match in found])
    if whole and whole[0].startswith("p:"):
        return [(whole[0], 0, len(typed))]
    if phones := list(_phones_within(found)):
        return phones
    if whole:
        return [(whole[0], 0, len(typed))]
    single = [(_number_tokens([match.group()]), match) for match in found]
    return [(tokens[0], match.start(), match.end()) for tokens, match in single if tokens]


def _phones_within(found: list[re.Match[str]]) -> Iterator[tuple[str, int, int]]:
    start = 0
    while start < len(found):
        for end in range(min(len(found), start + _GROUPS_MOST), start, -1):
            phone = _phone("".join(match.group() for match in found[start:end])) if found[start].group()[0] in "+0" else None
            if phone:
                yield f"p:{phone}", found[start].start(), found[end - 1].end()
                start = end - 1
                break
        start += 1
