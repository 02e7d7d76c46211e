"""What officers play: the same streams, with nothing left of what the sender's phone had written beside them."""

import base64
import random
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from muxer_ffmpeg import find_ffmpeg

from storage import recordings
from storage.frames import aac_as_flv, bare_mp3
from storage.images import MOST_BYTES, Unsafe, kind_of
from storage.recordings import Recording, remux
from tests.storage.boxes import all_boxes, box, boxes, element, full_box, ogg_page, ogg_pages
from tests.storage.strangers import CANARIES, answers_of_a_worker, corrupted

_FIXTURES = Path(__file__).parents[1] / "fixtures" / "recordings"  # make.sh tells how each was made.
_TURNED = struct.pack(">9i", 0, 1 << 16, 0, -1 << 16, 0, 0, 48 << 16, 0, 1 << 30)
_CREATED = struct.pack(">II", 0xC0FFEE00, 0xC0FFEE01)
_XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><!-- CANARY-xmp --></x:xmpmeta>'
_COVER = b"\xff\xd8\xff\xe0CANARY-cover"


def fixture(name: str) -> bytes:
    return (_FIXTURES / name).read_bytes()


def copy_of(data: bytes) -> Recording:
    return remux(data, kind_of(data[:64]))


def refusal(data: bytes, kind: str = "") -> str:
    with pytest.raises(Unsafe) as refused:
        remux(data, kind or kind_of(data[:64]))
    return refused.value.reason


# --- MP4 and its relatives ---------------------------------------------------------------------------------------------------


def with_canaries(mp4: bytes, *, brand: bytes) -> bytes:
    """A canary in every place where phones, cameras and editors leave a word. The index comes last, so it may grow."""
    parts = dict(boxes(mp4))
    position = b"CANARY-gps +21.0285+105.8542/"
    samples = parts[b"mdat"].replace(b"x264 - core", b"CANARY-core").replace(b"x265 (build", b"CANARY-buil")
    head = box(b"ftyp", brand, bytes(4), brand, b"isom") + box(b"free", b"CANARY-free") + box(b"mdat", samples)
    shift = len(head) - len(samples) - mp4.index(parts[b"mdat"])
    before = head + box(b"mdat", position) + box(b"uuid", bytes.fromhex("be7acfcb97a942e89c71999491e3afac"), _XMP)
    gps_at = len(head) + 8
    children = [_marked(name, content, shift) for name, content in boxes(parts[b"moov"]) if name != b"udta"]
    moov = box(b"moov", *children, _gps_track(gps_at, len(position)), _udta(), _meta(), box(b"uuid", b"0123456789abcdefCANARY-uuid"))
    return before + moov + box(b"skip", b"CANARY-skip") + b"CANARY-after-the-end"


def _marked(name: bytes, content: bytes, shift: int) -> bytes:
    if name in (b"trak", b"mdia", b"minf", b"stbl"):
        extra = box(b"udta", box(b"name", b"CANARY-trackname")) + _meta() if name == b"trak" else b""
        return box(name, *(_marked(inner, inside, shift) for inner, inside in boxes(content)), extra)
    if name in (b"mvhd", b"tkhd", b"mdhd"):
        content = content[:4] + _CREATED + content[12:]
    if name == b"mdhd":
        content = content[:20] + b"\x5a\x69" + content[22:]  # Vietnamese
    if name == b"tkhd" and content[76:80] != bytes(4):  # It has a width, so it is the picture.
        content = content[:40] + _TURNED + content[76:]
    if name == b"hdlr":
        content = content[:24] + b"CANARY-handler\0"
    if name == b"stco":
        places = struct.unpack(f">{(len(content) - 8) // 4}I", content[8:])
        content = content[:8] + b"".join(struct.pack(">I", place + shift) for place in places)
    if name == b"stsd" and content[12:16] in (b"avc1", b"hvc1"):
        content = content[:58] + b"\x0aCANARY-cmp".ljust(32, b"\0") + content[90:]
        content = content.replace(b"x265 (build", b"CANARY-buil")
    return box(name, content)


def _udta() -> bytes:
    def words(name: bytes, text: bytes) -> bytes:
        return box(name, struct.pack(">HH", len(text), 0x15C7), text)

    chapter = struct.pack(">QB", 0, 14) + b"CANARY-chapter"
    return box(
        b"udta",
        words(b"\xa9xyz", b"+21.0285+105.8542/CANARY-place"),
        words(b"\xa9mak", b"CANARY-make"),
        words(b"\xa9too", "CANARY-tool".encode("utf-16-be")),
        full_box(b"loci", 0, b"\x15\xc7CANARY-loci\0\0", struct.pack(">III", 105 << 16, 21 << 16, 0), b"earth\0\0"),
        full_box(b"chpl", 1, b"\0\0\0\0\1", chapter),
        box(b"XMP_", _XMP),
        full_box(b"meta", 0, full_box(b"hdlr", 0, b"\0\0\0\0mdirappl", b"\0" * 9), _ilst()),
    )


def _ilst() -> bytes:
    def value(kind: int, content: bytes) -> bytes:
        return box(b"data", struct.pack(">II", kind, 0), content)

    freeform = full_box(b"mean", 0, b"com.apple.iTunes") + full_box(b"name", 0, b"CANARY-name") + value(1, b"CANARY-freeform")
    return box(b"ilst", box(b"\xa9nam", value(1, b"CANARY-title")), box(b"covr", value(13, _COVER)), box(b"----", freeform))


def _meta() -> bytes:
    """As iPhones write it."""
    keys = (b"com.apple.quicktime.location.ISO6709", b"com.apple.quicktime.model")
    named = b"".join(struct.pack(">I4s", 8 + len(key), b"mdta") + key for key in keys)
    values = (box(struct.pack(">I", n), box(b"data", struct.pack(">II", 1, 0), b"CANARY-key")) for n in (1, 2))
    handler = full_box(b"hdlr", 0, b"\0\0\0\0mdta", b"\0" * 13)
    return box(b"meta", handler, full_box(b"keys", 0, struct.pack(">I", 2), named), box(b"ilst", *values))


def _gps_track(at: int, size: int) -> bytes:
    """As action cameras and newer phones note where they are, in time with the picture."""
    table = box(
        b"stbl",
        full_box(b"stsd", 0, struct.pack(">I", 1), box(b"mett", b"\0" * 6, b"\0\1", b"\0CANARY-mett\0")),
        full_box(b"stts", 0, struct.pack(">III", 1, 1, 1000)),
        full_box(b"stsc", 0, struct.pack(">IIII", 1, 1, 1, 1)),
        full_box(b"stsz", 0, struct.pack(">III", 0, 1, size)),
        full_box(b"stco", 0, struct.pack(">II", 1, at)),
    )
    found = box(b"dinf", full_box(b"dref", 0, struct.pack(">I", 1), b"\0\0\0\x0curl \0\0\0\1"))
    media = box(
        b"mdia",
        full_box(b"mdhd", 0, _CREATED, struct.pack(">IIHH", 1000, 1000, 0x55C4, 0)),
        full_box(b"hdlr", 0, b"\0\0\0\0meta", b"\0" * 12, b"CANARY-gpshandler\0"),
        box(b"minf", full_box(b"nmhd", 0), found, table),
    )
    return box(b"trak", full_box(b"tkhd", 0, _CREATED, struct.pack(">III", 9, 0, 1000), bytes(60)), media)


def test_the_canaries_in_an_mp4_are_where_readers_of_metadata_look(tmp_path: Path) -> None:
    """Otherwise the promise below would be proved on files that nobody sends: FFmpeg itself, asked to keep it all, finds them."""
    kept = kept_by_ffmpeg(with_canaries(fixture("h264-aac.mp4"), brand=b"isom"), tmp_path)
    for place in ("loci", "make", "title", "freeform", "key", "chapter", "handler", "trackname", "cmp", "gpshandler", "core"):
        assert f"CANARY-{place}".encode() in kept


def kept_by_ffmpeg(data: bytes, place: Path) -> bytes:
    (place / "original").write_bytes(data)
    options = ["-map", "0:V", "-c", "copy", "-movflags", "use_metadata_tags", "-f", "mov"]
    done = subprocess.run([str(find_ffmpeg()), "-i", place / "original", *options, place / "kept"], check=True, stderr=subprocess.PIPE)
    return done.stderr + (place / "kept").read_bytes()


# --- Ogg ---------------------------------------------------------------------------------------------------------------------


def ogg_with_canaries(name: str) -> bytes:
    """A new page of comments; the pages of sound follow as they are."""
    pages = list(ogg_pages(fixture(name)))
    picture = base64.b64encode(struct.pack(">II", 3, 10) + b"image/jpeg" + bytes(20) + struct.pack(">I", len(_COVER)) + _COVER)
    comments = [b"TITLE=CANARY-title", b"LOCATION=CANARY-place", b"METADATA_BLOCK_PICTURE=" + picture, "ARTIST=CANARY ạ".encode()]
    listed = b"".join(struct.pack("<I", len(comment)) + comment for comment in comments)
    said = struct.pack("<I", 13) + b"CANARY-vendor" + struct.pack("<I", len(comments)) + listed
    (first, identity), (second, content), *others = pages
    if name == "opus.ogg":
        packets = [b"OpusTags" + said + b"\1CANARY-padding"]
    else:
        setup = content[content.index(b"\5vorbis") :]
        packets = [b"\3vorbis" + said + b"\1", setup]
    rest = b"".join(head + inside for head, inside in others)
    return ogg_page(first, identity) + ogg_page(second, *packets) + rest


# --- MP3, WAV, FLAC, AAC, Matroska ------------------------------------------------------------------------------------------


def id3() -> bytes:
    def frame(name: bytes, content: bytes) -> bytes:
        return name + struct.pack(">IH", len(content), 0) + content

    frames = frame(b"TIT2", b"\1" + "CANARY".encode("utf-16")) + frame(b"TXXX", b"\0place\0CANARY-place")
    frames += frame(b"APIC", b"\0image/jpeg\0\3\0" + _COVER) + frame(b"PRIV", b"XMP\0" + _XMP) + frame(b"GEOB", b"\0\0\0\0CANARY-object")
    size = len(frames)
    return b"ID3\3\0\0" + bytes([size >> 21 & 127, size >> 14 & 127, size >> 7 & 127, size & 127]) + frames


def ape() -> bytes:
    item = struct.pack("<II", 10, 0) + b"Title\0CANARY-ape"
    ends = [b"APETAGEX" + struct.pack("<IIII", 2000, len(item) + 32, 1, flags) + bytes(8) for flags in (0xA0000000, 0x80000000)]
    return ends[0] + item + ends[1]


def id3v1() -> bytes:
    return b"TAG" + b"CANARY-old".ljust(125, b"\0")


def mp3_with_canaries() -> bytes:
    lyrics = b"LYRICSBEGININD0000210EAL00006CANARY000021LYRICS200"
    return id3() + fixture("lame.mp3") + ape() + lyrics + id3v1()


def aac_with_canaries() -> bytes:
    sound = fixture("aac.aac")
    second = sound.index(sound[:3], 7)
    return sound[:second] + b"CANARY-between" + sound[second:] + ape() + id3v1()


def wav_with_canaries() -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)

    info = b"INFO" + chunk(b"INAM", b"CANARY-name") + chunk(b"ICRD", b"CANARY-date") + chunk(b"ISFT", b"CANARY-software")
    bext = b"CANARY-description".ljust(256, b"\0") + b"CANARY-originator".ljust(346, b"\0")
    sound = b"".join(struct.pack("<h", (i * 997) % 9000 - 4500) for i in range(4000))
    chunks = [
        chunk(b"bext", bext),
        chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, 8000, 16000, 2, 16)),
        chunk(b"LIST", info),
        chunk(b"data", sound),
        chunk(b"LIST", b"adtl" + chunk(b"labl", b"\1\0\0\0CANARY-label")),
        *(chunk(name, b"CANARY-chunk") for name in (b"id3 ", b"iXML", b"_PMX", b"axml", b"cue ", b"JUNK")),
        id3v1(),
    ]
    return b"RIFF" + struct.pack("<I", 4 + sum(map(len, chunks))) + b"WAVE" + b"".join(chunks)


def flac_with_canaries() -> bytes:
    sound = fixture("tone.flac")
    assert sound[4] & 0x80 == 0
    said = struct.pack("<I", 13) + b"CANARY-vendor" + struct.pack("<II", 1, 12) + b"TITLE=CANARY"
    picture = struct.pack(">II", 3, 10) + b"image/jpeg" + bytes(20) + struct.pack(">I", len(_COVER)) + _COVER
    blocks = b"".join(bytes([kind]) + len(b).to_bytes(3, "big") + b for kind, b in ((4, said), (6, picture), (2, b"CANARY-application")))
    return sound[:42] + blocks + sound[42:] + ape() + id3v1()


def webm_with_canaries() -> bytes:
    plain = fixture("vp8-vorbis.webm").replace(b"Xiph.Org", b"CANARY-x")
    tag = element(0x45A3, b"LOCATION") + element(0x4487, b"CANARY-place")
    tags = element(0x1254C367, element(0x7373, element(0x63C0, b"") + element(0x67C8, tag)))
    file = element(0x466E, b"CANARY-name.jpg") + element(0x4660, b"image/jpeg") + element(0x465C, _COVER) + element(0x46AE, b"\1")
    chapter = element(0x73C4, b"\1") + element(0x91, b"\0") + element(0x80, element(0x85, b"CANARY-chapter") + element(0x437C, b"vie"))
    extra = tags + element(0x1941A469, element(0x61A7, file)) + element(0x1043A770, element(0x45B9, element(0xB6, chapter)))
    extra += element(0xEC, b"CANARY-void")
    at = plain.index(b"\x18\x53\x80\x67") + 4
    size = int.from_bytes(plain[at : at + 8], "big") & ((1 << 56) - 1)
    assert at + 8 + size == len(plain)
    return plain[:at] + (1 << 56 | size + len(extra)).to_bytes(8, "big") + plain[at + 8 :] + extra


_WITH_CANARIES: dict[str, Callable[[], bytes]] = {
    "mp4": lambda: with_canaries(fixture("h264-aac.mp4"), brand=b"isom"),
    "mov": lambda: with_canaries(fixture("h264-aac.mp4"), brand=b"qt  "),
    "3gp": lambda: with_canaries(fixture("h264-aac.mp4"), brand=b"3gp5"),
    "hevc in mov": lambda: with_canaries(fixture("hevc.mp4"), brand=b"qt  "),
    "m4a": lambda: with_canaries(fixture("aac.m4a"), brand=b"M4A "),
    "opus": lambda: ogg_with_canaries("opus.ogg"),
    "ogg": lambda: ogg_with_canaries("vorbis.ogg"),
    "mp3": mp3_with_canaries,
    "aac": aac_with_canaries,
    "wav": wav_with_canaries,
    "flac": flac_with_canaries,
    "webm": webm_with_canaries,
}
_MIME = {
    **dict.fromkeys(("mp4", "mov", "3gp", "hevc in mov"), "video/mp4"),
    **dict.fromkeys(("m4a", "aac"), "audio/mp4"),
    **dict.fromkeys(("opus", "ogg"), "audio/webm"),
    **{"mp3": "audio/mpeg", "wav": "audio/wav", "flac": "audio/flac", "webm": "video/webm"},
}


@pytest.mark.parametrize("form", _WITH_CANARIES)
def test_p4_nothing_is_left_beside_the_streams_of_a_recording(form: str) -> None:
    original = _WITH_CANARIES[form]()
    assert original.count(b"CANARY") >= 3
    copy = copy_of(original)
    assert [canary for canary in CANARIES if canary in copy.content] == []
    assert b"xmpmeta" not in copy.content and b"x264" not in copy.content and b"x265" not in copy.content
    assert copy.mime == _MIME[form]


@pytest.mark.parametrize("form", ["mp4", "mov", "3gp"])
def test_p4_a_video_tells_no_times_and_no_language_and_has_two_tracks(form: str) -> None:
    copy = copy_of(_WITH_CANARIES[form]()).content
    found = list(all_boxes(copy))
    times = [content[4:12] for name, content in found if name in (b"mvhd", b"tkhd", b"mdhd")]
    assert times == [bytes(8)] * 5
    assert [content[20:22] for name, content in found if name == b"mdhd"] == [b"\x55\xc4"] * 2  # und
    assert [content[8:12] for name, content in found if name == b"hdlr"] == [b"vide", b"soun"]
    assert {name for name, _ in boxes(copy)} <= {b"ftyp", b"moov", b"mdat", b"free"}
    assert b"uuid" not in {name for name, _ in found}
    assert [content[-8:] for name, content in found if name == b"meta"] == [b"\0\0\0\x08ilst"]  # A list of nothing.


def test_a_video_taken_upright_stays_upright() -> None:
    copy = copy_of(_WITH_CANARIES["mov"]()).content
    [picture, _sound] = [content for name, content in all_boxes(copy) if name == b"tkhd"]
    assert picture[40:76][:16] == _TURNED[:16]


def test_a_video_begins_with_its_index_so_that_it_plays_before_it_is_whole() -> None:
    assert [name for name, _ in boxes(copy_of(fixture("h264-aac.mp4")).content)] == [b"ftyp", b"moov", b"free", b"mdat"]


def test_nothing_but_remarks_is_changed_inside_the_streams() -> None:
    """The pictures themselves: every other unit of H.264 is there, byte for byte."""
    [before] = [content for name, content in boxes(fixture("h264-aac.mp4")) if name == b"mdat"]
    [after] = [content for name, content in boxes(copy_of(fixture("h264-aac.mp4")).content) if name == b"mdat"]
    at = before.index(b"x264 - core")
    begin = before.rindex(b"\x06\x05", 0, at)
    end = begin + int.from_bytes(before[begin - 4 : begin], "big")
    assert after[begin + 1 : end] == b"\3\xfe" + b"\xff" * 254 + b"\3" + after[begin + 258 : end]
    assert after[:begin] + before[begin:end] + after[end:] == before


@pytest.mark.parametrize("size", [3, 4, 256, 257, 258, 259, 513, 514, 700])
def test_filler_has_any_length(size: int) -> None:
    from storage.streams import _filler, _is_harmless

    assert len(_filler(size)) == size and b"\0\0" not in _filler(size)
    assert size > 66 or _is_harmless(_filler(size))


def test_h264_in_matroska_becomes_an_mp4() -> None:
    assert copy_of(fixture("h264.mkv")).mime == "video/mp4"


@pytest.mark.parametrize("name", ["mjpeg.mov", "speex.ogg"])
def test_a_codec_that_no_browser_plays_has_no_copy(name: str) -> None:
    assert refusal(fixture(name)) == "no_copy"


@pytest.mark.parametrize("form", _WITH_CANARIES)
def test_a_stump_is_broken(form: str) -> None:
    kind = form.split()[-1]
    assert refusal(_WITH_CANARIES[form]()[:30], kind) == "broken"


def test_nothing_is_empty_and_too_much_is_too_big() -> None:
    assert refusal(b"", "mp4") == "empty"
    assert refusal(bytes(MOST_BYTES + 1), "mp4") == "too_big"
    assert refusal(b"%PDF-1.7") == "unknown_type"


def test_what_takes_too_long_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recordings, "_PATIENCE_SECS", 0)
    assert refusal(fixture("h264-aac.mp4")) == "broken"


def test_a_row_of_frames_that_is_none_is_broken() -> None:
    for prepare in (aac_as_flv, bare_mp3):
        with pytest.raises(Unsafe):
            prepare(b"\xff\xf1" + bytes(50))


def test_of_an_mp3_every_frame_is_kept_but_the_one_before_a_tag() -> None:
    plain = fixture("lame.mp3")
    sound = plain[plain.index(b"\xff", 10) :]
    assert bare_mp3(plain) == bare_mp3(id3() + sound) == sound
    assert sound.startswith(bare_mp3(sound + ape() + id3v1())) and len(sound) - len(bare_mp3(sound + id3v1())) < 200


def test_ffmpeg_is_given_no_environment_and_its_files_lie_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[list[str], dict[str, Any]]] = []
    run = subprocess.run

    def watched(arguments: list[str], **options: Any) -> Any:
        seen.append((arguments, options))
        return run(arguments, **options)

    monkeypatch.setattr(subprocess, "run", watched)
    copy_of(fixture("opus.ogg"))

    [(arguments, options)] = seen
    assert options["env"] == {} and options["stderr"] == subprocess.DEVNULL
    assert [word for word in arguments[1:] if "/" in word] == [f"/dev/fd/{number}" for number in options["pass_fds"]]


@pytest.mark.parametrize("form", _WITH_CANARIES)
def test_a_damaged_recording_is_copied_or_refused_and_the_worker_lives(form: str) -> None:
    dice, whole, kind = random.Random(form), _WITH_CANARIES[form](), form.split()[-1]
    jobs = [(kind, corrupted(whole, dice)) for _ in range(25)]
    answers = answers_of_a_worker(jobs)
    assert len(answers) == len(jobs)
    assert {answer.get("unsafe", "") for answer in answers} <= {"", "broken", "no_copy", "empty"}
