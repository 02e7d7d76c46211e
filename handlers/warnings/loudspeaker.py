"""The text of a warning for the ward's loudspeakers: 60 to 90 seconds, said twice, in words that are read without stopping to think.

How long it takes is reckoned, not measured: Vietnamese is one syllable a word between blanks, and a loudspeaker that is understood goes at
two and a half of them a second, pauses included. What is too long is first repeated less, then not at all; then the script says that it is.
Codes and addresses are not spelled: nobody writes them down from a loudspeaker.
"""

import re
from dataclasses import dataclass

from handlers.messages import Ward
from handlers.texts import say
from handlers.warnings.content import Content, Posted
from handlers.warnings.face import plain
from handlers.warnings.spoken import digit_by_digit, in_day, spoken
from storage import moments

SHORTEST_SECS, LONGEST_SECS = 60, 90
_A_SECOND = 2.45  # Syllables: 150 of them in a minute.
_NUMBERED = ("speaker-first", "speaker-second", "speaker-third")
_VOWELS = re.compile(r"[aeiouyàáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]+")
_PHONE_LIKE = re.compile(r"[\d+][\d .+-]{2,}\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    title: str
    reading: str  # How, and how long: for whoever reads it, not to be read aloud.
    about: str  # Code, day and end, likewise.
    paragraphs: tuple[str, ...]
    syllables: int

    @property
    def seconds(self) -> int:
        return _seconds(self.paragraphs)

    @property
    def is_long(self) -> bool:
        return self.seconds > LONGEST_SECS

    def as_text(self) -> str:
        """For a page that is printed, and for whoever copies it."""
        return "\n\n".join((f"{self.title}\n{self.reading}\n{self.about}", *self.paragraphs)) + "\n"


def script(content: Content, posted: Posted, ward: Ward) -> Script:
    headline = _sentence(say(f"speaker-{content.kind}", "vi", headline=_read(content.headline)))
    body = " ".join(_sentence(_read(part)) for part in content.body.split("\n") if part)
    if content.source:
        body = f"{body} {say('speaker-source', 'vi', source=_read(content.source))}".strip()
    to_do = _to_do(content.lines)
    first, again = [_opening(content, posted, ward), headline, body, *to_do], say("speaker-again", "vi")
    repeats: tuple[list[str], ...] = ([headline, body, *to_do], [headline, *to_do], [headline], [])
    for repeated in repeats:
        said = [*first, *([again, *repeated] if repeated else [])]
        if _seconds(made := _all(said, _closing(ward))) <= LONGEST_SECS:
            break
    for more in (False, True):  # What is short says until when it holds, and the number twice.
        if _seconds(made) < SHORTEST_SECS:
            made = _all([*said, _until(posted)], _closing(ward, is_twice=more))
    syllables, seconds = _syllables(made), str(_seconds(made))
    key = "speaker-reading-long" if _seconds(made) > LONGEST_SECS else "speaker-reading"
    return Script(
        title=f"{say('speaker-title', 'vi')}: {plain(content.headline)}",
        reading=say(key, "vi", seconds=seconds, syllables=str(syllables)),
        about=_about(posted),
        paragraphs=made,
        syllables=syllables,
    )


def _all(said: list[str], closing: list[str]) -> tuple[str, ...]:
    return tuple(filter(None, [*said, *closing]))


def _syllables(paragraphs: tuple[str, ...]) -> int:
    return sum(map(syllables_of, paragraphs))


def _seconds(paragraphs: tuple[str, ...]) -> int:
    return round(_syllables(paragraphs) / _A_SECOND)


def _read(text: str) -> str:
    return spoken(plain(text))


def syllables_of(text: str) -> int:
    """One a word; of a foreign word one for each group of vowels, of letters that are spelled one each."""
    return sum(map(_of_word, re.findall(r"[^\W_]+", text)))


def _of_word(word: str) -> int:
    vowels = len(_VOWELS.findall(word.lower()))
    if word.isupper() and word.isascii() and 1 < len(word) <= 5:
        return len(word)
    return vowels if word.isascii() and len(word) > 6 and vowels > 1 else 1


def _about(posted: Posted) -> str:
    day, expires = moments.short_date(posted.at), moments.short_date(posted.expires_at)
    return say("speaker-about", "vi", code=posted.code, day=day, expires=expires)


def _until(posted: Posted) -> str:
    return say("speaker-until", "vi", day=_day(posted.expires_at))


def _day(moment: int) -> str:
    when = moments.local(moment)
    return in_day(when.day, when.month, when.year)


def _opening(content: Content, posted: Posted, ward: Ward) -> str:
    if content.kind == "correction":
        return say("speaker-opening-correction", "vi", ward=_name(ward), day=_day(posted.corrects_at or posted.at))
    return say("speaker-opening", "vi", ward=_name(ward))


def _name(ward: Ward) -> str:
    return f" {_read(ward.called)}" if ward.called else ""


def _to_do(lines: tuple[str, ...]) -> list[str]:
    said = [_sentence(_read(line)) for line in lines]
    if len(said) == 1:
        return [say("speaker-one", "vi", line=said[0])]
    return [say(key, "vi", line=_small(line)) for key, line in zip(_NUMBERED, said, strict=False)]


def _closing(ward: Ward, *, is_twice: bool = False) -> list[str]:
    said = [say("speaker-danger", "vi")]
    if ward.duty_phone:
        number = spoken(_PHONE_LIKE.sub(lambda found: digit_by_digit(found[0]), plain(ward.duty_phone)))
        said.append(say("speaker-duty", "vi", number=number))
        said += [say("speaker-number-again", "vi", number=number)] if is_twice else []
        said.append(say("speaker-differs", "vi"))
    return [" ".join(said), say("speaker-closing", "vi")]


def _sentence(text: str) -> str:
    text = text.rstrip()
    return text if not text or text[-1] in ".!?…" else f"{text.rstrip(',;:')}."


def _small(line: str) -> str:
    """After a colon, unless it begins with a name."""
    words = line.split(" ", 1)
    return line if (len(words) > 1 and words[1][:1].isupper()) or words[0][1:].lower() != words[0][1:] else line[:1].lower() + line[1:]
