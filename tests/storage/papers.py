"""Documents by hand, with a canary wherever programs leave a word about people, places and machines."""

import io
import zipfile
import zlib
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import Image, PngImagePlugin

from tests.storage.test_images import jpeg_with_canaries, with_segments

_MAIN = "http://schemas.openxmlformats.org"
_R = f"{_MAIN}/officeDocument/2006/relationships"
_W = f'xmlns:w="{_MAIN}/wordprocessingml/2006/main" xmlns:r="{_R}"'
_S = f'xmlns="{_MAIN}/spreadsheetml/2006/main" xmlns:r="{_R}"'
_P = f'xmlns:p="{_MAIN}/presentationml/2006/main" xmlns:a="{_MAIN}/drawingml/2006/main" xmlns:r="{_R}"'
_OFFICE = "application/vnd.openxmlformats-officedocument."


def png_with_canaries() -> bytes:
    notes, out = PngImagePlugin.PngInfo(), io.BytesIO()
    notes.add_text("Comment", "CANARY-png")
    Image.new("RGBA", (30, 20), (200, 0, 0, 128)).save(out, "PNG", pnginfo=notes)
    return out.getvalue() + b"CANARY-tail"


# --- Office ------------------------------------------------------------------------------------------------------------------


def package(parts: dict[str, str | bytes], *, main: str, main_type: str, types: dict[str, str] | None = None) -> bytes:
    listed = {"/" + main: main_type, **(types or {})}
    overrides = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in listed.items())
    usual = "".join(f'<Default Extension="{e}" ContentType="{t}"/>' for e, t in (("xml", "application/xml"), ("jpg", "image/jpeg")))
    properties = f"{_MAIN}/package/2006/relationships/metadata"
    top = [(f"{_R}/officeDocument", main), (f"{properties}/core-properties", "docProps/core.xml")]
    top += [(f"{_R}/extended-properties", "docProps/app.xml"), (f"{properties}/thumbnail", "docProps/thumbnail.jpeg")]
    whole: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{_MAIN}/package/2006/content-types">{usual}{overrides}</Types>',
        "_rels/.rels": relations(*top),
        "docProps/core.xml": f'<c:p xmlns:c="{_MAIN}/package/2006/metadata/core-properties"><c:creator>CANARY</c:creator></c:p>',
        "docProps/app.xml": "<Properties><Company>CANARY-company</Company></Properties>",
        "docProps/custom.xml": "<Properties><x>CANARY-custom</x></Properties>",
        "docProps/thumbnail.jpeg": b"CANARY-thumbnail",
        "customXml/item1.xml": "<x>CANARY-customxml</x>",
        **parts,
    }
    return zipped(whole)


def zipped(entries: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = b"CANARY-archive"
        for name, content in entries.items():
            entry = zipfile.ZipInfo(name, (2026, 5, 4, 3, 2, 2))
            entry.comment, entry.extra = b"CANARY-entry", b"\xfe\xca\x06\0CANARY"
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return out.getvalue()


def relations(*kinds: tuple[str, str], outside: tuple[tuple[str, str], ...] = ()) -> str:
    inside = [f'<Relationship Id="rId{n}" Type="{kind}" Target="{target}"/>' for n, (kind, target) in enumerate(kinds, 1)]
    outer = [
        f'<Relationship Id="rIdX{n}" Type="{kind}" Target="{target}" TargetMode="External"/>' for n, (kind, target) in enumerate(outside, 1)
    ]
    return f'<Relationships xmlns="{_MAIN}/package/2006/relationships">{"".join(inside + outer)}</Relationships>'


def docx(*, main_type: str = f"{_OFFICE}wordprocessingml.document.main+xml") -> bytes:
    picture = (
        '<w:drawing><wp:inline xmlns:wp="wp"><wp:docPr id="1" name="CANARY-name.jpg" descr="C:\\Users\\CANARY\\a.jpg"/>'
        '<a:blip xmlns:a="a" r:embed="rId3" r:link="rIdX2"/></wp:inline></w:drawing>'
    )
    body = f"""<w:document {_W} xmlns:w14="w14"><!-- CANARY-comment --><?canary CANARY-instruction?><w:body>
        <w:p w:rsidR="00CANARY" w14:paraId="CANARY1"><w:r><w:t>Nội dung được giữ</w:t></w:r></w:p>
        <w:p><w:ins w:id="1" w:author="CANARY-inserted" w:date="2026-05-04T03:02:01Z"><w:r><w:t>thêm vào</w:t></w:r></w:ins>
        <w:del w:id="2" w:author="CANARY-deleted" w:date="2026-05-04T03:02:01Z"><w:r><w:delText>bỏ đi</w:delText></w:r></w:del></w:p>
        <w:p><w:r>{picture}</w:r><w:hyperlink r:id="rIdX1"><w:r><w:t>một liên kết</w:t></w:r></w:hyperlink></w:p>
        <w:p><w:r><w:instrText> INCLUDEPICTURE "http://CANARY/" </w:instrText></w:r><w:r><w:instrText> PAGE </w:instrText></w:r></w:p>
        <w:p><w:r><w:object><o:OLEObject xmlns:o="o" ProgID="CANARY" r:id="rId7"/></w:object></w:r></w:p>
        <w:altChunk r:id="rId8"/></w:body></w:document>"""
    comment = '<w:comment w:id="1" w:author="CANARY-author" w:initials="CANARY" w:date="2026-01-01T00:00:00Z">'
    parts: dict[str, str | bytes] = {
        "word/document.xml": body,
        "word/_rels/document.xml.rels": relations(
            (f"{_R}/settings", "settings.xml"),
            (f"{_R}/comments", "comments.xml"),
            (f"{_R}/image", "media/CANARY-photo.jpg"),
            (f"{_R}/customXml", "../customXml/item1.xml"),
            ("http://schemas.microsoft.com/office/2011/relationships/people", "people.xml"),
            ("http://schemas.microsoft.com/office/2006/relationships/vbaProject", "vbaProject.bin"),
            (f"{_R}/oleObject", "embeddings/oleObject1.bin"),
            (f"{_R}/aFChunk", "chunk.html"),
            (f"{_R}/image", "/word/media/drawing.emf"),
            outside=((f"{_R}/hyperlink", "https://CANARY/link"), (f"{_R}/image", "https://CANARY/picture.png")),
        ),
        "word/settings.xml": f'<w:settings {_W}><w:rsids><w:rsid w:val="CANARY"/></w:rsids><w:attachedTemplate r:id="rIdX1"/>'
        '<w:docVars><w:docVar w:name="CANARY" w:val="CANARY"/></w:docVars></w:settings>',
        "word/_rels/settings.xml.rels": relations(outside=((f"{_R}/attachedTemplate", "file:///C:/CANARY.dotm"),)),
        "word/comments.xml": f"<w:comments {_W}>{comment}<w:p><w:r><w:t>lời bình</w:t></w:r></w:p></w:comment></w:comments>",
        "word/people.xml": "<x>CANARY-people</x>",
        "word/vbaProject.bin": b"CANARY-macro",
        "word/embeddings/oleObject1.bin": b"CANARY-object",
        "word/chunk.html": "<html>CANARY-chunk</html>",
        "word/media/CANARY-photo.jpg": jpeg_with_canaries(),
        "word/media/drawing.emf": b"CANARY-emf",
    }
    return package(parts, main="word/document.xml", main_type=main_type)


def xlsx() -> bytes:
    comments = f"<comments {_S}><authors><author>CANARY-Bình</author></authors><commentList><comment ref='A1' authorId='0'><text><r>"
    comments += "<t>CANARY-Bình:</t></r><r><t> xem lại</t></r></text></comment></commentList></comments>"
    parts: dict[str, str | bytes] = {
        "xl/workbook.xml": f'<workbook {_S} xmlns:x15ac="x15ac"><fileSharing userName="CANARY-user"/><workbookPr codeName="CANARY"/>'
        '<x15ac:absPath url="C:\\Users\\CANARY\\"/><sheets><sheet name="Tờ 1" sheetId="1" r:id="rId1"/></sheets><externalReferences>'
        '<externalReference r:id="rId4"/></externalReferences><definedNames><definedName name="x">[1]CANARY!$A$1</definedName>'
        "</definedNames></workbook>",
        "xl/_rels/workbook.xml.rels": relations(
            (f"{_R}/worksheet", "worksheets/sheet1.xml"),
            (f"{_R}/sharedStrings", "sharedStrings.xml"),
            (f"{_R}/connections", "connections.xml"),
            (f"{_R}/externalLink", "externalLinks/externalLink1.xml"),
        ),
        "xl/worksheets/sheet1.xml": f'<worksheet {_S} xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision"'
        ' xr:uid="{CANARY}"><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><f>[1]CANARY!A1+WEBSERVICE("x")</f><v>7</v></c>'
        '</row></sheetData><pageSetup orientation="portrait" r:id="rId1"/><legacyDrawing r:id="rId3"/></worksheet>',
        "xl/worksheets/_rels/sheet1.xml.rels": relations(
            (f"{_R}/printerSettings", "../printerSettings/p.bin"), (f"{_R}/comments", "../comments1.xml"), (f"{_R}/vmlDrawing", "../d.vml")
        ),
        "xl/sharedStrings.xml": f"<sst {_S}><si><t>Nội dung được giữ</t></si></sst>",
        "xl/comments1.xml": comments,
        "xl/d.vml": '<xml xmlns:v="v"><v:shape alt="CANARY-alt" title="CANARY">a<br></v:shape></xml>',
        "xl/printerSettings/p.bin": "CANARY".encode("utf-16-le"),
        "xl/connections.xml": "<x>CANARY-connection</x>",
        "xl/externalLinks/externalLink1.xml": "<x>CANARY-external</x>",
    }
    return package(parts, main="xl/workbook.xml", main_type=f"{_OFFICE}spreadsheetml.sheet.main+xml")


def pptx() -> bytes:
    slide = '<p:pic><p:nvPicPr><p:cNvPr id="4" name="CANARY.jpg" descr="CANARY"><a:hlinkClick r:id="rIdX1"/></p:cNvPr></p:nvPicPr>'
    slide += '<a:videoFile r:link="rIdX2"/><p:blipFill><a:blip r:embed="rId1"/></p:blipFill></p:pic>'
    later = "http://schemas.microsoft.com/office/2018/10/relationships"
    parts: dict[str, str | bytes] = {
        "ppt/presentation.xml": f'<p:presentation {_P}><p:sldIdLst><p:sldId id="256" r:id="rId1"/></p:sldIdLst></p:presentation>',
        "ppt/_rels/presentation.xml.rels": relations((f"{_R}/slide", "slides/slide1.xml"), (f"{_R}/commentAuthors", "commentAuthors.xml")),
        "ppt/slides/slide1.xml": f"<p:sld {_P}>{slide}<a:t>Nội dung được giữ</a:t></p:sld>",
        "ppt/slides/_rels/slide1.xml.rels": relations(
            (f"{_R}/image", "../media/image1.png"),
            (f"{_R}/comments", "../comments/comment1.xml"),
            (f"{later}/comments", "../comments/modern.xml"),
            (f"{_R}/tags", "../tags/tag1.xml"),
            outside=((f"{_R}/hyperlink", "https://CANARY"), (f"{_R}/video", "file:///CANARY.mp4")),
        ),
        "ppt/commentAuthors.xml": f'<p:cmAuthorLst {_P}><p:cmAuthor id="0" name="CANARY-name" initials="CANARY"/></p:cmAuthorLst>',
        "ppt/comments/comment1.xml": f'<p:cmLst {_P}><p:cm authorId="0" dt="2026-05-04"><p:text>lời bình</p:text></p:cm></p:cmLst>',
        "ppt/comments/modern.xml": "<x>CANARY-modern</x>",
        "ppt/tags/tag1.xml": "<x>CANARY-tag</x>",
        "ppt/media/image1.png": png_with_canaries(),
    }
    return package(parts, main="ppt/presentation.xml", main_type=f"{_OFFICE}presentationml.presentation.main+xml")


# --- PDF ---------------------------------------------------------------------------------------------------------------------


def pdf_with_canaries() -> bytes:
    pdf = Pdf.new()
    pdf.add_blank_page(page_size=(200, 200))
    page = pdf.pages[0].obj
    page.Contents = pdf.make_stream(b"BT /F1 12 Tf 20 100 Td (Noi dung duoc giu) Tj ET q 50 0 0 40 0 0 cm /Im1 Do Q")
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    colours = Array([Name.ICCBased, pdf.make_stream(b"CANARY-profile", {"/N": 3})])
    page.Resources = Dictionary(Font=Dictionary(F1=font), XObject=Dictionary(Im1=_picture(pdf, colours), Im2=_packed_picture(pdf)))
    page.PieceInfo = Dictionary(CANARY=Dictionary(LastModified=String("CANARY"), Private=String("CANARY-piece")))
    page.LastModified, page.Thumb = String("CANARY-time"), pdf.make_stream(b"CANARY-thumb")
    page.Metadata, page["/CanaryKey"] = pdf.make_stream(b"CANARY-pagexmp"), String("CANARY-own-key")
    page.AA = Dictionary(O=_script())
    page.Annots = Array([pdf.make_indirect(item) for item in _annotations(pdf)])
    _mark_catalog(pdf)
    pdf.docinfo["/Author"], pdf.docinfo["/Title"] = "CANARY-author ạ", "CANARY-title"
    first = io.BytesIO()
    pdf.save(first, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return _with_an_earlier_version(first.getvalue())


def _script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert('CANARY-script')"))


def _picture(pdf: Pdf, colours: Array) -> Stream:
    looks = {"/Type": Name.XObject, "/Subtype": Name.Image, "/Width": 200, "/Height": 150, "/BitsPerComponent": 8, "/ColorSpace": colours}
    picture = pdf.make_stream(jpeg_with_canaries(), {**looks, "/Filter": Name.DCTDecode, "/PTEX.FileName": String("CANARY.jpg")})
    picture.Metadata = pdf.make_stream(b"CANARY-imagexmp")
    return picture


def _packed_picture(pdf: Pdf) -> Stream:
    grey = io.BytesIO()
    Image.new("L", (20, 10), 90).save(grey, "JPEG")
    jpeg = with_segments(grey.getvalue(), b"\xff\xfe\0\x0fCANARY-packed")
    looks = {"/Subtype": Name.Image, "/Width": 20, "/Height": 10, "/BitsPerComponent": 8, "/ColorSpace": Name.DeviceGray}
    return pdf.make_stream(zlib.compress(jpeg), {**looks, "/Filter": Array([Name.FlateDecode, Name.DCTDecode])})


def _annotations(pdf: Pdf) -> Iterator[Dictionary]:
    place = Array([10, 10, 50, 50])
    file = Dictionary(Type=Name.Filespec, F=String("CANARY.txt"), EF=Dictionary(F=pdf.make_stream(b"CANARY-file")))
    signature = Dictionary(Type=Name.Sig, Name=String("CANARY-signer"), ByteRange=Array([0, 1, 2, 3]), Contents=String(b"CANARY-cert"))
    yield Dictionary(
        Type=Name.Annot, Subtype=Name.Text, Rect=place, Contents=String("loi binh"), T=String("CANARY-who"), M=String("D:2026CANARY")
    )
    yield Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=place, A=Dictionary(S=Name.URI, URI=String("https://CANARY/")))
    yield Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=place, A=Dictionary(S=Name.Launch, F=String("CANARY.exe")))
    yield Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=place, FS=pdf.make_indirect(file))
    yield Dictionary(
        Type=Name.Annot,
        Subtype=Name.Widget,
        Rect=place,
        FT=Name.Sig,
        T=String("chu_ky"),
        V=pdf.make_indirect(signature),
        AA=Dictionary(K=_script()),
    )


def _mark_catalog(pdf: Pdf) -> None:
    root = pdf.Root
    root.Metadata = pdf.make_stream("<x:xmpmeta>CANARY-xmp</x:xmpmeta>".encode("utf-16-be"))
    root.OpenAction, root.AA = _script(), Dictionary(WC=_script())
    root["/CanaryKey"], root.PieceInfo = String("CANARY-root"), Dictionary(X=Dictionary(Private=String("CANARY")))
    root.AcroForm = Dictionary(Fields=Array([pdf.pages[0].obj.Annots[4]]), XFA=pdf.make_stream(b"CANARY-xfa"))
    root.Names = Dictionary(
        JavaScript=Dictionary(Names=Array([String("CANARY"), _script()])),
        EmbeddedFiles=Dictionary(Names=Array([String("CANARY-embedded"), Dictionary(Type=Name.Filespec, UF=String("CANARY"))])),
    )
    root.OutputIntents = Array([Dictionary(S=Name.GTS_PDFA1, Info=String("CANARY-intent"))])


def _with_an_earlier_version(whole: bytes) -> bytes:
    """As programs save a change: the old object stays where it was, and a new table says that it is no longer meant."""
    with Pdf.open(io.BytesIO(whole)) as pdf:
        number = len(pdf.objects) + 1
    old = len(whole) + 1
    added = b"\n%d 0 obj\n(CANARY-earlier)\nendobj\n" % number
    table = len(whole) + len(added)
    start = whole[whole.rindex(b"startxref") + 10 :].split()[0]
    trailer = whole[whole.rindex(b"trailer") : whole.rindex(b"startxref")].rstrip()
    trailer = trailer[: trailer.rindex(b">>")] + b"/Prev " + start + b" >>"
    return whole + added + b"xref\n%d 1\n%010d 00000 n \n" % (number, old) + trailer + b"\nstartxref\n%d\n%%%%EOF\nCANARY-tail" % table


def everything_in(content: bytes) -> bytes:
    """Raw, and as it is once unpacked: members of archives with their names, objects and streams of PDF."""
    found = [content]
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist():
                found += [entry.filename.encode(), archive.read(entry)]
    if content.startswith(b"%PDF"):
        with Pdf.open(io.BytesIO(content)) as pdf:
            for item in [pdf.trailer, *pdf.objects]:
                found.append(item.unparse(resolved=True))
                found += _bytes_of(item)
    return b"\n".join(found)


def _bytes_of(item: pikepdf.Object) -> Iterator[bytes]:
    if isinstance(item, Stream):
        yield item.read_raw_bytes()
        try:
            yield item.read_bytes()
        except pikepdf.PdfError:
            yield b""  # A picture: raw is all there is.
    elif isinstance(item, String):
        yield bytes(item)
    elif isinstance(item, Dictionary):
        for _key, inner in item.items():
            if isinstance(inner, pikepdf.Object) and not inner.is_indirect:
                yield from _bytes_of(inner)
    elif isinstance(item, Array):
        for inner in item:
            if isinstance(inner, pikepdf.Object) and not inner.is_indirect:
                yield from _bytes_of(inner)
