"""What officers download: the pages, and nothing of who wrote them, where, when and with what."""

import io
import random
import zipfile
from collections.abc import Callable

import pikepdf
import pytest
from lxml import etree
from pikepdf import Pdf
from PIL import Image

from storage.documents import EXTENSIONS, Document, clean, document_kind
from storage.images import MOST_BYTES, Unsafe
from tests.storage import papers
from tests.storage.papers import everything_in, zipped
from tests.storage.strangers import CANARIES, answers_of_a_worker, corrupted

_OFFICE = "application/vnd.openxmlformats-officedocument."
_WITH_CANARIES: dict[str, Callable[[], bytes]] = {
    "pdf": papers.pdf_with_canaries,
    "docx": papers.docx,
    "xlsx": papers.xlsx,
    "pptx": papers.pptx,
}
_MIME = {
    "pdf": "application/pdf",
    "docx": f"{_OFFICE}wordprocessingml.document",
    "xlsx": f"{_OFFICE}spreadsheetml.sheet",
    "pptx": f"{_OFFICE}presentationml.presentation",
}


def copy_of(data: bytes) -> Document:
    return clean(data, document_kind(data))


def refusal(data: bytes, kind: str = "") -> str:
    with pytest.raises(Unsafe) as refused:
        clean(data, kind or document_kind(data))
    return refused.value.reason


def member(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def names_in(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return sorted(archive.namelist())


@pytest.mark.parametrize("kind", _WITH_CANARIES)
def test_p4_nothing_of_who_wrote_a_document_is_left(kind: str) -> None:
    original = _WITH_CANARIES[kind]()
    assert everything_in(original).count(b"CANARY") > 20
    copy = copy_of(original)
    inside = everything_in(copy.content)
    assert [canary for canary in CANARIES if canary in inside] == []
    assert (copy.mime, EXTENSIONS[copy.mime]) == (_MIME[kind], kind)
    for word in (b"rsid", b"2026-", b"xmpmeta", b"Exif", b"ICC_PROFILE", b"8BIM", b"JavaScript"):
        assert word not in inside


@pytest.mark.parametrize("kind", ["docx", "xlsx", "pptx"])
def test_p4_what_was_written_is_kept(kind: str) -> None:
    assert "Nội dung được giữ".encode() in everything_in(copy_of(_WITH_CANARIES[kind]()).content)


def test_p4_the_entries_of_an_office_copy_have_no_dates_and_no_remarks() -> None:
    with zipfile.ZipFile(io.BytesIO(copy_of(papers.docx()).content)) as archive:
        assert archive.comment == b""
        assert {(entry.date_time, entry.extra, entry.comment) for entry in archive.infolist()} == {((1980, 1, 1, 0, 0, 0), b"", b"")}


def test_a_word_copy_holds_only_the_parts_that_make_its_pages() -> None:
    copy = copy_of(papers.docx()).content
    assert names_in(copy) == [
        *("[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels", "word/comments.xml", "word/document.xml"),
        *("word/media/picture1.jpeg", "word/media/picture2.png", "word/settings.xml"),
    ]
    text = member(copy, "word/document.xml").decode()
    assert all(word in text for word in ("thêm vào", "bỏ đi", "một liên kết", " PAGE "))
    assert 'w:author="Author"' in text and "INCLUDEPICTURE" not in text and "altChunk" not in text and "OLEObject" not in text


def test_every_relation_and_every_type_of_an_office_copy_leads_to_a_part() -> None:
    for make in (papers.docx, papers.xlsx, papers.pptx):
        copy = copy_of(make()).content
        names = set(names_in(copy))
        for name in names:
            root = etree.fromstring(member(copy, name)) if name.endswith((".rels", ".xml", ".vml")) else etree.Element("x")
            for item in root.iter():
                target = item.get("Target") or item.get("PartName")
                assert target is None or target.removeprefix("/") in names
                assert item.get("TargetMode") is None
            used = {value for item in root.iter() for key, value in item.attrib.items() if "officeDocument/2006/relationships}" in str(key)}
            folder, _, file = name.rpartition("/")
            beside = f"{folder}/_rels/{file}.rels"
            assert used <= ({item.get("Id") for item in etree.fromstring(member(copy, beside))} if beside in names else set())


def test_a_document_with_macros_becomes_one_without() -> None:
    copy = copy_of(papers.docx(main_type="application/vnd.ms-word.document.macroEnabled.main+xml"))
    assert EXTENSIONS[copy.mime] == "docx" and b"macroEnabled" not in member(copy.content, "[Content_Types].xml")


def test_pictures_in_a_document_keep_their_size_and_their_see_through_parts() -> None:
    photo = Image.open(io.BytesIO(member(copy_of(papers.docx()).content, "word/media/picture1.jpeg")))
    drawn = Image.open(io.BytesIO(member(copy_of(papers.pptx()).content, "ppt/media/picture1.png")))
    assert (photo.format, photo.size) == ("JPEG", (200, 150))
    assert (drawn.format, drawn.size, drawn.getpixel((1, 1))) == ("PNG", (30, 20), (200, 0, 0, 128))


def test_a_comment_keeps_its_words_and_loses_its_author() -> None:
    comments = member(copy_of(papers.xlsx()).content, "xl/comments1.xml").decode()
    assert "xem lại" in comments and "<author>Author</author>" in comments


# --- PDF ---------------------------------------------------------------------------------------------------------------------


def test_p4_a_pdf_copy_has_no_properties_no_own_id_and_one_version() -> None:
    original = papers.pdf_with_canaries()
    copies = [copy_of(original).content for _ in range(2)]
    assert copies[0] == copies[1]
    assert copies[0].count(b"%%EOF") == copies[0].count(b"startxref") == 1
    with Pdf.open(io.BytesIO(copies[0])) as pdf:
        assert set(pdf.Root.keys()) <= {"/Type", "/Pages", "/AcroForm", "/Names", "/Version"}
        assert "/Info" not in pdf.trailer
        other = Pdf.new()
        other.add_blank_page()
        out = io.BytesIO()
        other.save(out)
        with Pdf.open(io.BytesIO(copy_of(out.getvalue()).content)) as second:
            assert bytes(second.trailer.ID[0]) == bytes(pdf.trailer.ID[0])


def test_the_pages_of_a_pdf_are_kept() -> None:
    with Pdf.open(io.BytesIO(copy_of(papers.pdf_with_canaries()).content)) as pdf:
        [page] = pdf.pages
        assert b"(Noi dung duoc giu) Tj" in page.Contents.read_bytes()
        first = page.Resources.XObject.Im1
        assert isinstance(first, pikepdf.Stream)
        picture = pikepdf.PdfImage(first)
        assert picture.as_pil_image().size == (200, 150)
        packed = Image.open(io.BytesIO(page.Resources.XObject.Im2.read_raw_bytes()))
        assert packed.size == (20, 10) and page.Resources.XObject.Im2.Filter == "/DCTDecode"
        notes = [item.get("/Contents") for item in page.Annots]
        assert str(notes[0]) == "loi binh"
        assert [str(item.get("/T", "")) for item in page.Annots] == ["", "", "", "", "chu_ky"]


def test_a_pdf_that_asks_for_a_password_is_locked() -> None:
    assert refusal(encrypted(user="mua xuan")) == "locked"


def test_a_pdf_that_anybody_may_read_is_copied_without_its_lock() -> None:
    with Pdf.open(io.BytesIO(copy_of(encrypted(user="")).content)) as pdf:
        assert not pdf.is_encrypted


def encrypted(*, user: str) -> bytes:
    out = io.BytesIO()
    with Pdf.open(io.BytesIO(papers.pdf_with_canaries())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="chu nhan", user=user))
    return out.getvalue()


# --- What has no copy --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}),
        zipped({"a.txt": "a"}),
        zipped({"[Content_Types].xml": "<Types/>", "_rels/.rels": "<x/>"}),
        papers.docx(main_type="application/vnd.ms-excel.sheet.binary.macroEnabled.main"),
        b"{\\rtf1}",
    ],
    ids=["doc", "odt", "zip", "no main part", "xlsb", "rtf"],
)
def test_other_documents_have_no_copy(data: bytes) -> None:
    assert refusal(data) == "no_copy"


@pytest.mark.parametrize("kind", _WITH_CANARIES)
def test_what_a_document_is_does_not_depend_on_what_it_is_called(kind: str) -> None:
    assert document_kind(_WITH_CANARIES[kind]()) == kind
    assert clean(_WITH_CANARIES[kind](), "pdf" if kind == "pdf" else "zip").mime == _MIME[kind]


def docx_with(document: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(papers.docx())) as archive:
        parts: dict[str, str | bytes] = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    return zipped({**parts, "word/document.xml": document})


def test_entities_are_refused_before_they_are_resolved() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><w:document xmlns:w="w">&l9;</w:document>'
    outside = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><w:document xmlns:w="w">&f;</w:document>'
    assert refusal(docx_with(bomb)) == refusal(docx_with(outside)) == "broken"


def test_an_archive_that_unpacks_to_far_too_much_is_broken() -> None:
    assert refusal(docx_with("<x>" + " " * 40_000_000 + "</x>")) == "broken"
    assert refusal(zipped({"[Content_Types].xml": " " * 5_000_000, "_rels/.rels": ""})) == "no_copy"
    many = {f"word/{number}.xml": "" for number in range(4_100)}
    with zipfile.ZipFile(io.BytesIO(papers.docx())) as archive:
        parts: dict[str, str | bytes] = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    assert refusal(zipped({**parts, **many}), "docx") == "broken"


def test_nothing_is_empty_and_too_much_is_too_big() -> None:
    assert refusal(b"", "pdf") == "empty"
    assert refusal(bytes(MOST_BYTES + 1), "pdf") == "too_big"
    assert refusal(b"%PDF-1.7\n") == "broken"


@pytest.mark.parametrize("kind", _WITH_CANARIES)
def test_a_damaged_document_is_copied_or_refused_and_the_worker_lives(kind: str) -> None:
    dice, whole = random.Random(kind), _WITH_CANARIES[kind]()
    jobs = [("pdf" if kind == "pdf" else "zip", corrupted(whole, dice)) for _ in range(60)]
    answers = answers_of_a_worker(jobs)
    assert len(answers) == len(jobs)
    assert {answer.get("unsafe", "") for answer in answers} <= {"", "broken", "no_copy", "locked"}
