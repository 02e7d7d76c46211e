"""PDF as a download without its history: every object is read, and the whole is written anew.

Gone are title, author, programs and dates, XMP at every object, earlier versions of the pages, embedded files, signatures (they
name people, and would not be valid any more), scripts and every action except a jump inside the document, the names and dates of
those who commented, the notes of programs (PieceInfo and the like), thumbnails, file names and ids, and what stands beside the
pixels of embedded JPEGs. Colour profiles become the common one.

What is on the pages stays, seen or not: text under black bars, hidden layers, values of forms, words of comments, alternative
texts, and remarks that a program may have written into the drawing instructions or into an embedded font.
"""

import io
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream
from PIL import ImageCms

from storage.bare_images import without_boxes, without_segments
from storage.images import Unsafe


def _keys(text: str) -> frozenset[str]:
    return frozenset(f"/{name}" for name in text.split())


_KEPT_IN_CATALOG = _keys(
    "Type Version Pages PageLabels Names Dests ViewerPreferences PageLayout PageMode Outlines AcroForm StructTreeRoot MarkInfo Lang"
    " OCProperties"
)
_KEPT_IN_PAGE = _keys(
    "Type Parent Resources MediaBox CropBox BleedBox TrimBox ArtBox Contents Rotate Group Annots StructParents Tabs UserUnit"
)
_KEPT_IN_STREAM = _keys("Type Subtype Name Filter DecodeParms Length StructParent StructParents OC")
_KEPT_IN_IMAGE = _KEPT_IN_STREAM | _keys(
    "Width Height ColorSpace BitsPerComponent Intent ImageMask Mask Decode Interpolate SMask SMaskInData Matte"
)
_KEPT_IN_FORM = _KEPT_IN_STREAM | _keys("FormType BBox Matrix Resources Group")
_DROPPED_EVERYWHERE = _keys(
    "Metadata PieceInfo LastModified Thumb AF EF FS XFA CreatorInfo OPI SeparationInfo AA OpenAction JavaScript JS PA Movie Sound"
    " RichMediaContent RichMediaSettings 3DD Author Creator Producer CreationDate ModDate"
)
_DROPPED_IN_ANNOTATION = _keys("T M NM RC CreationDate")
_DROPPED_IN_FIELD = _keys("M NM RC")  # The /T of a form's field is its name.
_PICTURES = _keys("DCTDecode DCT JPXDecode")
_FILTERS = _PICTURES | _keys(
    "FlateDecode LZWDecode ASCII85Decode ASCIIHexDecode RunLengthDecode CCITTFaxDecode JBIG2Decode Fl LZW A85 AHx RL CCF"
)
_ACTIONS = _keys(
    "GoToR GoToE GoToDp Launch Thread URI Sound Movie Hide Named SubmitForm ResetForm ImportData JavaScript SetOCGState Rendition Trans"
    " GoTo3DView RichMediaExecute"
)


def clean_pdf(content: bytes) -> bytes:
    try:
        with Pdf.open(io.BytesIO(content)) as pdf:
            if not len(pdf.pages):
                raise Unsafe("broken")
            for item in pdf.objects:
                _clean(pdf, item)
            _clean_catalog(pdf)
            for key in ("/Info", "/ID"):
                if key in pdf.trailer:
                    del pdf.trailer[key]
            out = io.BytesIO()
            # A given id, because one made from the contents would tell two copies of the same file.
            pdf.save(out, static_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate, compress_streams=True)
            return out.getvalue()
    except pikepdf.PasswordError:
        raise Unsafe("locked") from None


def _clean_catalog(pdf: Pdf) -> None:
    _keep(pdf.Root, _KEPT_IN_CATALOG)
    if "/Names" in pdf.Root:
        _keep(pdf.Root.Names, frozenset({"/Dests"}))
    for page in pdf.pages:
        _keep(page.obj, _KEPT_IN_PAGE)


def _clean(pdf: Pdf, item: Object) -> None:
    """An object and what lies directly in it; what it only refers to comes by itself."""
    waiting = [item]
    while waiting:
        current = waiting.pop()
        if isinstance(current, Stream):
            _clean_dictionary(current)
            _clean_stream(pdf, current)
            waiting += _directly_in(current.stream_dict)
        elif isinstance(current, Dictionary):
            _clean_dictionary(current)
            waiting += _directly_in(current)
        elif isinstance(current, Array):
            _clean_colours(current)
            waiting += [inner for inner in current if _is_inside(inner)]


def _directly_in(dictionary: Object) -> Iterator[Object]:
    return (inner for _key, inner in dictionary.items() if _is_inside(inner))


def _is_inside(inner: object) -> bool:
    return isinstance(inner, (Dictionary, Array)) and not inner.is_indirect


def _clean_dictionary(item: Object) -> None:
    if item.get("/Type") == "/Filespec" or _is_signature(item) or _is_action(item):
        _keep(item, frozenset())
        return
    dropped = _DROPPED_EVERYWHERE
    if "/Subtype" in item and "/Rect" in item:
        dropped |= _DROPPED_IN_FIELD if item.get("/Subtype") == "/Widget" else _DROPPED_IN_ANNOTATION
    for key in list(item.keys()):
        if key in dropped or key.startswith("/PTEX") or (key == "/A" and _is_action(item[key])):
            del item[key]
    if item.get("/S") == "/GoTo" and "/Next" in item:
        del item["/Next"]


def _is_signature(item: Object) -> bool:
    return "/ByteRange" in item or item.get("/Type") in ("/Sig", "/DocTimeStamp")


def _is_action(item: object) -> bool:
    return isinstance(item, Dictionary) and item.get("/Type", "/Action") == "/Action" and item.get("/S") in _ACTIONS


def _keep(item: Object, kept: frozenset[str]) -> None:
    for key in list(item.keys()):
        if key not in kept:
            del item[key]


def _clean_stream(pdf: Pdf, stream: Stream) -> None:
    if "/F" in stream:  # Bytes that would be fetched from somewhere else.
        del stream["/F"]
    if stream.get("/Subtype") == "/Form":
        _keep(stream, _KEPT_IN_FORM)
    if stream.get("/Subtype") == "/Image":
        _keep(stream, _KEPT_IN_IMAGE)
    filters = _filters(stream)
    if not _FILTERS.issuperset(filters) or (not filters and stream.read_raw_bytes().startswith(b"\xff\xd8\xff")):
        stream.write(b"")  # No reader can show it, and we cannot know what is in it.
    elif filters and filters[-1] in _PICTURES:
        _clean_picture(pdf, stream, filters)


def _filters(stream: Stream) -> list[str]:
    found = stream.get("/Filter")
    if found is None:
        return []
    return [str(name) for name in found] if isinstance(found, Array) else [str(found)]


def _clean_picture(pdf: Pdf, stream: Stream, filters: list[str]) -> None:
    content, parameters = stream.read_raw_bytes(), stream.get("/DecodeParms")
    if isinstance(parameters, Array):
        parameters = parameters[-1] if len(parameters) else None
    if filters[:-1]:  # Packed once more around the picture: unpacked by a stream that knows of these alone.
        outer = pdf.make_stream(content)
        outer["/Filter"] = Array([Name(name) for name in filters[:-1]])
        content = outer.read_bytes()
    bare = without_boxes(content) if filters[-1] == "/JPXDecode" else without_segments(content)
    stream.write(bare, filter=Name(filters[-1]), decode_parms=parameters if isinstance(parameters, Dictionary) else None)


def _clean_colours(item: Object) -> None:
    """A profile may name a device. Three colours get the common one; for others every reader knows what to do without."""
    if len(item) != 2 or item[0] != "/ICCBased" or not isinstance(item[1], Stream):
        return
    profile, colours = item[1], int(item[1].get("/N", 3))
    _keep(profile, frozenset({"/N", "/Filter", "/DecodeParms", "/Length"}))
    profile["/Alternate"] = Name({1: "/DeviceGray", 4: "/DeviceCMYK"}.get(colours, "/DeviceRGB"))
    profile.write(_srgb() if colours == 3 else b"")


def _srgb() -> bytes:
    """The time at which it was made is in it, and is none of ours."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = bytes(12)
    return bytes(profile)
