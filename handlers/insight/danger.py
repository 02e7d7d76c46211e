"""Whether a message sounds as if somebody were in danger now. Decides nothing else: what is said then stands in the flows.

The word lists are data (handlers/data/danger.toml); this engine only adds up. It hears phrases, leaves out what harmless phrases
cover and what is denied, adds the weights of the signals and takes away those of frames such as news or long ago. A card shown for
nothing costs a tap; a cry not heard may cost a life: so doubts count as danger where no frame speaks against it.
"""

import bisect
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from handlers.insight import leaning
from handlers.insight.phrases import Found, Lists
from handlers.insight.words import Text, Vocabulary

_T = TypeVar("_T")

KINDS = ("danger", "fire", "child", "self_harm", "cheated")
_DATA = Path(__file__).parent.parent / "data" / "danger.toml"
_ENOUGH = 5.0
_AGAIN = 1.5  # What one more place adds where signals are heard again.
_NARROWER = 6.0
_CLEAR, _CLEAR_AND_SHORT, _SHORT, _TOLD, _FEW_WORDS = -1.0, -2.5, 1.5, 2.0, 8
_WINDOW = 60  # Words that are weighed together; a long story is looked at piece by piece, each beginning within the one before.
_STEP = 30
_HARMLESS = "~"  # Before the name of a list that covers, and of a frame: no concept has it (phrases.QUIET).
_FRAME = "@"
_OF_OTHERS = frozenset({"@story", "@drill"})


@dataclass(frozen=True, slots=True)
class Danger:
    kind: str  # The one that was heard most clearly.
    kinds: frozenset[str]
    heard: tuple[str, ...]  # As typed, in the order of the text.


@dataclass(frozen=True, slots=True)
class _Signal:
    kind: str
    weight: float
    cue: bool
    chains: tuple[tuple[str, ...], ...]
    gap: int
    needs: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Frame:
    name: str
    weight: float
    unless_present: bool
    spares: frozenset[str]


class _Hit(NamedTuple):
    """A signal over the words start..end-1, with the concepts it was made of."""

    signal: int
    start: int
    end: int
    concepts: tuple[str, ...]


@dataclass(slots=True)
class _Rules:
    signals: list[_Signal]
    frames: dict[str, _Frame]
    lists: Lists
    vocabulary: Vocabulary
    starts: dict[str, list[tuple[int, tuple[str, ...]]]] = field(default_factory=dict)  # First concept: the chains it begins.


def hear(text: str) -> Danger | None:
    """The rules and what was learnt decide together: either alone hears too little of what nobody foresaw, or too much."""
    sound = _listen(text)
    if sound is None:
        return None
    clear = {kind: score for kind, (score, _hits) in sound.best.items() if score >= _ENOUGH}
    is_short = len(leaning.once_each(sound.read.words)) < _FEW_WORDS
    if sound.read.is_foreign:  # Learnt from Vietnamese alone.
        if not clear:
            return None
    elif leaning.lean(sound.pieces) <= _needed(sound, is_clear=bool(clear), is_short=is_short):
        return None
    if not clear:
        kind = leaning.likeliest(sound.pieces)
        return Danger(kind, frozenset((kind,)), ())
    # A child beaten is danger too; the narrower word says more about what to do.
    kind = max(clear, key=lambda each: clear[each] - (_NARROWER if each == "danger" else 0.0))
    return Danger(kind, frozenset(clear), _as_typed(sound.read, sound.best[kind][1]))


def _needed(sound: "_Sound", *, is_clear: bool, is_short: bool) -> float:
    """How far words must lean. Few words are mostly an answer to a question of ours, or a cry: of both the rules know more. Of a film
    or a drill they do too."""
    if is_clear:
        return _CLEAR_AND_SHORT if is_short and not sound.is_told else _CLEAR
    return _TOLD if sound.is_told else _SHORT if is_short else 0.0


def prepare() -> None:
    """Reads the lists and weights, which takes a moment: better before the first message than during it."""
    hear("sẵn sàng")


def signs(text: str) -> list[set[str]]:
    """What the learning sees of a text (`tests/insight/learn.py`)."""
    sound = _listen(text)
    return sound.pieces if sound else []


@dataclass(slots=True)
class _Sound:
    read: Text
    best: dict[str, tuple[float, list[_Hit]]]
    pieces: list[set[str]]
    is_told: bool  # Of a film, a game, a drill.


def _listen(text: str) -> _Sound | None:
    rules = _rules()
    read = rules.vocabulary.read(text)
    if not read.words:
        return None
    found = rules.lists.find(read)
    hits = _signals(rules, _not_covered(read, found))
    best: dict[str, tuple[float, list[_Hit]]] = {}
    if any(not rules.signals[hit.signal].cue for hit in hits):
        frames = [each for each in found if each.concept.startswith(_FRAME)]
        best = _weighed(rules, hits, frames, [each for each in found if each.concept == "present"])
    scores = {kind: score for kind, (score, _among) in best.items()}
    return _Sound(read, best, leaning.signs(read, found, scores), any(each.concept in _OF_OTHERS for each in found))


def _as_typed(read: Text, hits: Iterable[_Hit]) -> tuple[str, ...]:
    spans = sorted({(read.words[hit.start].start, read.words[hit.end - 1].end) for hit in hits})
    return tuple(dict.fromkeys(read.typed[start:end] for start, end in spans))


# --- What was really said ------------------------------------------------------------------------------------------------

_DENIALS = frozenset(("khong", "chua", "chang", "not", "never"))
_LINKS = frozenset(("co", "phai", "bi", "thay", "he", "con", "la", "ai", "nghe", "a", "any", "being", "been"))


def _not_covered(read: Text, found: list[Found]) -> list[Found]:
    """Concepts that neither a harmless phrase contains nor a "không" before them denies."""
    harmless = [each for each in found if each.concept.startswith(_HARMLESS)]
    reach = [0] * (len(read.words) + 1)  # From here, how far a harmless phrase that begins here or earlier covers.
    for each in harmless:
        reach[each.start] = max(reach[each.start], each.end)
    first_of = list(reach)  # How far one covers that begins exactly here.
    for at in range(1, len(reach) if harmless else 0):
        reach[at] = max(reach[at], reach[at - 1])
    said = [each for each in found if each.concept[0] not in (_HARMLESS, _FRAME) and reach[each.start] < each.end]
    # "quán cháy" ends where "cháy hàng" begins. Without marks such a meeting may be chance.
    apart = [each for each in said if read.is_bare or first_of[each.end - 1] <= each.end]
    return [each for each in apart if not _is_denied(read, each)]


def _is_denied(read: Text, each: Found) -> bool:
    """ "không có cháy", "chưa chuyển tiền"; but who "không thở được" is heard, for there the word is part of the phrase."""
    at = each.start - 1
    sentence = read.words[each.start].sentence
    for _ in range(3):
        if at < 0 or read.words[at].sentence != sentence:
            return False
        plain = read.words[at].readings[0]
        if plain.plain in _DENIALS:
            return True
        if plain.plain not in _LINKS:
            return False
        at -= 1
    return False


# --- Signals: concepts that follow one another ----------------------------------------------------------------------------


def _signals(rules: _Rules, said: list[Found]) -> list[_Hit]:
    places: dict[str, list[tuple[int, int]]] = {}
    for each in sorted(said, key=lambda one: (one.start, one.end)):
        places.setdefault(each.concept, []).append((each.start, each.end))
    hits: dict[_Hit, None] = {}
    for concept, spans in places.items():
        for number, chain in rules.starts.get(concept, ()):
            if all(step in places for step in chain):
                for start, end in spans:
                    last = _followed(places, chain[1:], end, rules.signals[number].gap)
                    if last:
                        hits[_Hit(number, start, last, chain)] = None
    return list(hits)


def _followed(places: Mapping[str, list[tuple[int, int]]], chain: tuple[str, ...], end: int, gap: int) -> int:
    """Where the chain ends when each step follows the one before closely enough; 0 when one is missing."""
    for step in chain:
        spans = places[step]
        at = bisect.bisect_left(spans, (end, 0))
        if at == len(spans) or spans[at][0] - end > gap:
            return 0
        end = spans[at][1]
    return end


# --- Weighing ---------------------------------------------------------------------------------------------------------------


def _weighed(rules: _Rules, hits: list[_Hit], frames: list[Found], present: list[Found]) -> dict[str, tuple[float, list[_Hit]]]:
    """For each kind the best piece of the text and the signals heard there."""
    last = max(hit.start for hit in hits)
    by_piece = _by_piece([(hit.start, hit) for hit in hits])
    frames_by_piece = _by_piece([(frame.start, frame) for frame in frames])
    present_by_piece = _by_piece([(each.start, each) for each in present])
    best: dict[str, tuple[float, list[_Hit]]] = {}
    for piece in range(last // _STEP + 1):
        inside = by_piece.get(piece, [])
        around, now = frames_by_piece.get(piece, []), present_by_piece.get(piece, [])
        for kind, (score, among) in _scores(rules, inside, around, now).items():
            if score > best.get(kind, (0.0, []))[0]:
                best[kind] = (score, among)
    return best


def _by_piece(placed: list[tuple[int, _T]]) -> dict[int, list[_T]]:
    """A piece holds _WINDOW words and begins _STEP after the one before: so each place lies in two of them."""
    pieces: dict[int, list[_T]] = {}
    for start, each in placed:
        first = start // _STEP
        for piece in range(max(0, first - _WINDOW // _STEP + 1), first + 1):
            pieces.setdefault(piece, []).append(each)
    return pieces


def _scores(rules: _Rules, hits: list[_Hit], frames: list[Found], present: list[Found]) -> dict[str, tuple[float, list[_Hit]]]:
    concepts = {concept for hit in hits for concept in hit.concepts}
    scores: dict[str, tuple[float, list[_Hit]]] = {}
    cues = sum({hit.signal: rules.signals[hit.signal].weight for hit in hits if rules.signals[hit.signal].kind == "any"}.values())
    for kind in KINDS:
        among = [hit for hit in hits if _counts(rules.signals[hit.signal], kind, concepts)]
        weights = {hit.signal: rules.signals[hit.signal] for hit in among}
        own = sorted((signal.weight for signal in weights.values() if not signal.cue), reverse=True)[:3]
        own += [_AGAIN] * min(_places(hit for hit in among if not rules.signals[hit.signal].cue) - len(own), 2)
        if own:
            help_cues = sum(signal.weight for signal in weights.values() if signal.cue)
            against = _against(rules, frames, present, concepts, kind)
            scores[kind] = (sum(own) + min(cues + help_cues, 4.0) - against, among)
    return scores


def _places(hits: Iterable[_Hit]) -> int:
    """How many hits stand apart from one another."""
    count = reach = 0
    for start, end in sorted((hit.start, hit.end) for hit in hits):
        if start >= reach:
            count, reach = count + 1, end
    return count


def _counts(signal: _Signal, kind: str, concepts: set[str]) -> bool:
    return signal.kind == kind and (not signal.needs or bool(signal.needs & concepts))


def _against(rules: _Rules, frames: list[Found], present: list[Found], concepts: set[str], kind: str) -> float:
    total: dict[str, float] = {}
    for found in frames:
        frame = rules.frames[found.concept]
        if frame.unless_present and any(now.start >= found.end for now in present):
            continue
        if frame.spares & (concepts | {kind}):
            continue
        total[found.concept] = frame.weight
    return sum(total.values())


# --- Reading the data -------------------------------------------------------------------------------------------------------

# Words without meaning of their own here, so that a message without blanks can be taken apart.
_COMMON = """
    ai anh ba bac ban bao bay bi bo ca cac cai can cha chau chi chiec cho chu chua co con cua cung da dang day de den di do duoc em gi
    gio hai hay het hom kia khong la lai lam len lam ma mai may mi minh moi mot muon nay nen nha nhieu no noi nguoi o oi ong phai qua ra
    roi sao sap se sau sang ta tao theo thi thang toi trong tren truoc tu va vao ve vi voi vua xuong xin ngoai duong pho hem ngo so
"""


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(_DATA.read_text("utf-8"))


def spelling() -> dict[str, str]:
    """How words are written in a hurry, and what they are."""
    return dict(_data()["spelling"])


@cache
def _rules() -> _Rules:
    data = _data()
    frames = {_FRAME + name: _frame(name, values) for name, values in data["frames"].items()}
    lists: dict[str, list[str]] = {**data["concepts"]}
    lists |= {_HARMLESS + name: phrases for name, phrases in data["harmless"].items()}
    lists |= {_FRAME + name: values["phrases"] for name, values in data["frames"].items()}
    found = Lists(lists, data["groups"])
    vocabulary = Vocabulary(found.words | set(_COMMON.split()), data["spelling"])
    rules = _Rules([_signal(each) for each in data["signals"]], frames, found, vocabulary)
    for number, signal in enumerate(rules.signals):
        for chain in signal.chains:
            rules.starts.setdefault(chain[0], []).append((number, chain))
    return rules


def _signal(values: dict[str, Any]) -> _Signal:
    chains = tuple(tuple(each.split()) for each in values["any"])
    needs = frozenset(values.get("needs", ()))
    return _Signal(values["kind"], float(values["weight"]), values.get("cue", False), chains, values.get("gap", 0), needs)


def _frame(name: str, values: dict[str, Any]) -> _Frame:
    return _Frame(name, float(values["weight"]), values.get("unless_present", False), frozenset(values.get("spares", ())))
