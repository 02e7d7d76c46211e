"""Voices as AMR, made playable: the same sound and length, bounded, and whatever could be read of a damaged one."""

import random
import subprocess
import sys
import time
from pathlib import Path

import av
import pytest

from storage import amr as frames
from storage import recordings, voices
from storage.images import MOST_BYTES, Unsafe, kind_of
from storage.recordings import Recording, remux
from tests.storage.spoken import LOST_WIDE, NARROW, NO_DATA, PAUSE, WIDE, amr, amr_wide, heard, pitch_of
from tests.storage.strangers import CANARIES, answers_of_a_worker, corrupted

_ROOT = Path(__file__).parents[2]
_LATE = 0.15  # What an encoder puts before and behind the sound.


def copy_of(data: bytes) -> Recording:
    return remux(data, kind_of(data[:64]))


def refusal(data: bytes) -> str:
    with pytest.raises(Unsafe) as refused:
        copy_of(data)
    return refused.value.reason


@pytest.mark.parametrize("bits", [4_750, 5_150, 5_900, 6_700, 7_400, 7_950, 10_200, 12_200])
def test_a_voice_sounds_as_it_was_spoken(bits: int) -> None:
    copy = copy_of(amr(2, hertz=400, bits=bits))
    seconds, rate, heights = heard(copy.content)

    assert (copy.mime, copy.is_whole, rate) == ("audio/mpeg", True, 16_000)
    assert 2 <= seconds < 2 + _LATE
    assert pitch_of(heights, rate) == pytest.approx(400, rel=0.02) and max(heights) > 3000


@pytest.mark.parametrize("kind", range(9))
def test_a_voice_in_wide_band_has_its_length(kind: int) -> None:
    copy = copy_of(amr_wide(100, kind=kind))
    seconds, rate, heights = heard(copy.content)

    assert (copy.mime, copy.is_whole, rate) == ("audio/mpeg", True, 16_000)
    assert 2 <= seconds < 2 + _LATE and max(heights) > 100


@pytest.mark.parametrize("voice", [amr(1) + PAUSE + NO_DATA * 99, amr_wide(50) + LOST_WIDE + NO_DATA * 99], ids=["narrow", "wide"])
def test_pauses_last_as_long_as_they_did(voice: bytes) -> None:
    copy = copy_of(voice)
    seconds, _rate, _heights = heard(copy.content)

    assert copy.is_whole and 3 <= seconds < 3 + _LATE


def test_a_voice_in_3gp_is_heard_too() -> None:
    original = amr(2, hertz=300, container="3gp")
    copy = copy_of(original)
    seconds, rate, heights = heard(copy.content)

    assert kind_of(original[:64]) == "3gp"
    assert (copy.mime, copy.is_whole) == ("audio/mpeg", True)
    assert 2 <= seconds < 2 + _LATE and pitch_of(heights, rate) == pytest.approx(300, rel=0.02)


@pytest.mark.parametrize("picture", ["h263", "libx264"])
def test_a_video_is_not_passed_off_as_a_voice(picture: str) -> None:
    assert refusal(amr(1, container="3gp", picture=picture)) == "no_copy"


def test_p4_nothing_but_the_sound_goes_through() -> None:
    voice = amr(2)
    half = len(NARROW) + 32 * 50
    copy = copy_of(voice[:half] + b"CANARY\xff" * 20 + voice[half:] + b"\xffTAGCANARY")

    assert [canary for canary in CANARIES if canary in copy.content] == []
    assert not copy.is_whole and 2 <= heard(copy.content)[0] < 2 + _LATE + 0.2
    assert copy.content[:2] == b"\xff\xf3" and not [tag for tag in (b"ID3", b"TAG", b"Xing", b"Info", b"Lav") if tag in copy.content]


def test_of_a_file_that_breaks_off_what_came_is_heard() -> None:
    copy = copy_of(amr(3)[: len(NARROW) + 32 * 75 + 10])

    assert not copy.is_whole and 1.5 <= heard(copy.content)[0] < 1.5 + _LATE


def test_a_download_that_was_never_filled_ends_where_its_zeros_begin() -> None:
    copy = copy_of(amr(1) + bytes(50_000))

    assert not copy.is_whole and 1 <= heard(copy.content)[0] < 1 + _LATE


def test_after_a_damaged_place_the_voice_goes_on() -> None:
    voice = amr(2)
    copy = copy_of(voice[:800] + b"\xff" * 9 + voice[817:])

    assert not copy.is_whole and 1.9 < heard(copy.content)[0] < 2 + _LATE


def test_a_frame_that_the_decoder_refuses_is_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    """FFmpeg's own decoder knows no pauses and says so: each costs its twenty milliseconds, and not the file."""
    create = av.CodecContext.create
    monkeypatch.setattr(av.CodecContext, "create", lambda name, mode: create(name.replace("libopencore_", ""), mode))
    copy = copy_of(amr(1) + PAUSE * 50)

    assert not copy.is_whole and 2 <= heard(copy.content)[0] < 2 + _LATE


@pytest.mark.parametrize(
    "pretender",
    [
        NARROW,
        WIDE,
        NARROW + bytes(300),
        WIDE + bytes(300),
        NARROW + NO_DATA * 500,
        NARROW + PAUSE * 500,
        NARROW + b"<html><body>Not found</body></html>" * 90,
        NARROW + random.Random(1).randbytes(50_000),
        WIDE + random.Random(2).randbytes(50_000),
    ],
)
def test_a_file_that_only_pretends_is_broken(pretender: bytes) -> None:
    assert refusal(pretender) == "broken"


def test_several_channels_which_nobody_records_have_no_copy() -> None:
    assert refusal(b"#!AMR_MC1.0\n" + bytes(100)) == "no_copy"


@pytest.mark.parametrize("word", [NARROW, WIDE])
@pytest.mark.parametrize("filler", [bytes(1), NO_DATA, b"\xff", b"\x3c"])
def test_a_bomb_of_empty_frames_is_measured_before_it_is_decoded(word: bytes, filler: bytes) -> None:
    """Twenty megabytes of them would last for days."""
    voice = (amr(1) if word == NARROW else amr_wide(50)).ljust(MOST_BYTES, filler)
    before = time.process_time()
    speech = frames.speech_in(voice)

    assert 50 <= len(speech.frames) <= frames.MOST_FRAMES and not speech.is_whole
    assert time.process_time() - before < 3


def test_half_an_hour_is_heard_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    assert frames.MOST_FRAMES == 30 * 60 * 50
    monkeypatch.setattr(frames, "MOST_FRAMES", 75)
    copy = copy_of(amr(3))

    assert not copy.is_whole and 1.5 <= heard(copy.content)[0] < 1.5 + _LATE


def test_what_takes_too_long_is_heard_as_far_as_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter([0.0, 1.0, 21.0])
    with monkeypatch.context() as patch:
        patch.setattr(time, "monotonic", lambda: next(ticks))
        sound, is_whole = voices.as_mp3(frames.speech_in(amr(3)), until=20.0)

    assert not is_whole and 2 <= heard(sound)[0] < 2 + _LATE


def test_what_has_no_time_at_all_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recordings, "_PATIENCE_SECS", -1)
    assert refusal(amr(1)) == "broken"


@pytest.mark.parametrize("voice", [amr(1), amr_wide(50), amr(1, container="3gp")], ids=["narrow", "wide", "3gp"])
def test_a_damaged_voice_is_copied_or_refused_and_the_worker_lives(voice: bytes) -> None:
    dice, kind = random.Random(len(voice)), kind_of(voice[:64])
    jobs = [(kind, corrupted(voice, dice)) for _ in range(40)]
    answers = answers_of_a_worker(jobs)

    assert len(answers) == len(jobs)
    assert {answer.get("unsafe", "") for answer in answers} <= {"", "broken", "no_copy", "empty"}
    assert {answer.get("mime", "audio/mpeg") for answer in answers} == {"audio/mpeg"}


def test_decoders_are_loaded_only_where_copies_are_made_and_only_for_such_a_voice() -> None:
    script = (
        "import sys, bot.command_line, bot.runtime, bot.media, storage.copy_worker\n"
        "from storage import recordings\n"
        "recordings.remux(open('tests/fixtures/recordings/opus.ogg', 'rb').read(), 'opus')\n"
        "print([name for name in sys.modules if name == 'av' or name.startswith('av.')])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=_ROOT)

    assert (done.stdout, done.stderr) == ("[]\n", "")
