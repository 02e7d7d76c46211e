"""DOCX, XLSX and PPTX as downloads without their history: a new package, holding only the parts that make the pages.

Starting at the main part, we follow the relations of the kinds named below and leave everything else behind: properties, thumbnail,
custom XML, printer settings, the list of people, embedded files and fonts, macros, tags, connections, revision logs. Nothing
points outside any more, so links keep their words and lose their address. In the parts that stay, the names and dates of those who
commented and changed are replaced, marks of editing sessions and paths of the author's disk go, and pictures are encoded anew.

What was written stays, seen or not: deleted text in tracked changes, hidden text, sheets and slides, words of comments and notes.
A picture we cannot open (EMF, WMF, SVG) becomes a white square.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from lxml import etree

from storage.bare_images import encoded_anew
from storage.images import Unsafe


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MOST_ENTRIES = 4_000
_MOST_UNPACKED = 120 * 1024 * 1024
_MOST_RATIO, _SMALL = 200, 1024 * 1024
_WRITTEN_AT = (1980, 1, 1, 0, 0, 0)
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_RELATION_ATTRIBUTES = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}",
)
_OFFICE = "application/vnd.openxmlformats-officedocument."
_MAIN_TYPES = {
    "docx": f"{_OFFICE}wordprocessingml.document.main+xml",
    "xlsx": f"{_OFFICE}spreadsheetml.sheet.main+xml",
    "pptx": f"{_OFFICE}presentationml.presentation.main+xml",
}
_KEPT_RELATIONS = _words(
    "styles settings fontTable theme themeOverride numbering footnotes endnotes header footer image comments chart chartUserShapes"
    " chartStyle chartColorStyle diagramData diagramLayout diagramQuickStyle diagramColors diagramDrawing"
    " worksheet chartsheet sharedStrings sheetMetadata drawing vmlDrawing table pivotTable pivotCacheDefinition pivotCacheRecords"
    " slide slideLayout slideMaster notesMaster notesSlide handoutMaster presProps tableStyles commentAuthors"
)
# Of those that Microsoft added later, alone; another "comments" among them tells much more of people.
_KEPT_OF_LATER = _words("chartStyle chartColorStyle diagramDrawing")
_LATER = "http://schemas.microsoft.com/"
# These point to what was left behind, but say more than that: only the pointing goes.
_KEPT_WITHOUT_RELATION = frozenset({"hyperlink", "pageSetup", "blip", "imagedata", "fill", "stroke", "pivotCacheDefinition"})
_DROPPED_ELEMENTS = _words(
    "rsids attachedTemplate docVars mailMerge docId writeProtection saveThroughXslt creationId modId revisionPtr absPath"
    " fileSharing fileRecoveryPr customProperties webPublishItems webPublishing modifyVerifier custDataLst embedRegular embedBold"
    " embedItalic embedBoldItalic dateUtc dataBinding"
)
_EMPTY_WITHOUT_CONTENT = frozenset({"externalReferences", "oleObjects", "controls"})
_DROPPED_ATTRIBUTES = frozenset(
    {"paraId", "textId", "durableId", "dateUtc", "refreshedBy", "refreshedDate", "refreshedDateIso", "codeName"}
)
_PEOPLE = {"author": "Author", "initials": "A", "userName": "Author", "lastModifiedBy": "Author"}
_FIELDS = re.compile(
    r"\s*(HYPERLINK \\l|PAGE|NUMPAGES|SECTIONPAGES|TOC|REF|PAGEREF|NOTEREF|STYLEREF|SEQ|DATE|TIME|FORM\w+|=[^\"]*|\\[^\"]*)(\s|$)"
)
_FOREIGN_FORMULA = re.compile(r"\[\d+\]|WEBSERVICE\(|\|'", re.IGNORECASE)
_WORD_MARKS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}", "{http://purl.oclc.org/ooxml/wordprocessingml/main}"


@dataclass(slots=True)
class _Package:
    """What came, and what goes out under new names."""

    parts: dict[str, bytes]
    types: dict[str, str]
    names: dict[str, str] = field(default_factory=dict)  # Old to new: only pictures are renamed.
    out: dict[str, bytes] = field(default_factory=dict)
    out_types: dict[str, str] = field(default_factory=dict)


def office_kind(content: bytes) -> str:
    """Or nothing, for a ZIP that is none of the three."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if archive.getinfo("[Content_Types].xml").file_size > _SMALL:
                return ""
            main, types = _main_part(_parts(archive, only=("[Content_Types].xml", "_rels/.rels")))
    except (KeyError, zipfile.BadZipFile, etree.XMLSyntaxError, ValueError):
        return ""
    said = types.get(main, "")
    if "sheet.binary" in said:
        return ""
    families = {"docx": ("wordprocessingml", "ms-word"), "xlsx": ("spreadsheetml", "ms-excel"), "pptx": ("presentationml", "ms-powerpoint")}
    return next((kind for kind, words in families.items() if any(word in said for word in words)), "")


def clean_office(content: bytes, kind: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = _parts(archive)
    main, types = _main_part(parts)
    package = _Package(parts=parts, types=types)
    _bring(package, main)
    package.out_types[main] = _MAIN_TYPES[kind]  # A document with macros has become one without.
    return _written(package, main)


def _parts(archive: zipfile.ZipFile, *, only: tuple[str, ...] = ()) -> dict[str, bytes]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > _MOST_ENTRIES or sum(entry.file_size for entry in entries) > _MOST_UNPACKED:
        raise Unsafe("broken")
    found: dict[str, bytes] = {}
    for entry in entries:
        if entry.flag_bits & 1:
            raise Unsafe("locked")
        if entry.file_size > max(_SMALL, _MOST_RATIO * entry.compress_size):
            raise Unsafe("broken")
        if not only or entry.filename in only:
            # The size said in the index is doubted: no more than that is unpacked.
            with archive.open(entry) as file:
                found[entry.filename.lstrip("/")] = file.read(entry.file_size)
    return found


def _main_part(parts: dict[str, bytes]) -> tuple[str, dict[str, str]]:
    """Its name, and the content type of every part."""
    table = _parse(parts["[Content_Types].xml"])
    usual = {item.get("Extension", "").lower(): item.get("ContentType", "") for item in table.iter(f"{_TYPES}Default")}
    types = {name: usual.get(posixpath.splitext(name)[1][1:].lower(), "application/xml") for name in parts}
    types |= {item.get("PartName", "").lstrip("/"): item.get("ContentType", "") for item in table.iter(f"{_TYPES}Override")}
    for relation in _parse(parts["_rels/.rels"]).iter(f"{_RELATIONS}Relationship"):
        if relation.get("Type", "").endswith("/officeDocument"):
            return _resolved("", relation.get("Target", "")), types
    raise KeyError("no main part")


def _parse(content: bytes, *, forgiving: bool = False) -> etree._Element:
    """No entity is resolved and nothing is fetched; these files never need either."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True, remove_pis=True, recover=forgiving
    )
    root = etree.fromstring(content, parser)
    if root.getroottree().docinfo.doctype:
        raise ValueError("a document type, where none belongs")
    return root


def _resolved(base: str, target: str) -> str:
    target = unquote(target)
    return posixpath.normpath(target.lstrip("/") if target.startswith("/") else posixpath.join(posixpath.dirname(base), target))


def _relations_of(name: str) -> str:
    folder, file = posixpath.split(name)
    return posixpath.join(folder, "_rels", f"{file}.rels")


def _bring(package: _Package, main: str) -> None:
    """The main part and all that it needs, each once."""
    waiting = [main]
    while waiting:
        name = waiting.pop()
        if name in package.names:
            continue
        package.names[name] = name
        is_drawing = name.endswith(".vml")
        root = _parse(package.parts[name], forgiving=is_drawing)  # Excel's drawings are not always good XML.
        if is_drawing:
            _without_words(root)
        relations, dropped, needed = _kept_relations(package, name)
        _clean(root, dropped)
        package.out[name] = _serialised(root)
        package.out_types[name] = package.types[name]
        if relations:
            package.out[_relations_of(name)] = _relations_xml(relations)
        waiting += needed


def _without_words(root: etree._Element) -> None:
    """The frames of comments. Their words lie elsewhere; here only Excel's own numbers are of use."""
    for item in root.iter():
        item.tail = None
        if not isinstance(item.tag, str) or not item.tag.startswith("{urn:schemas-microsoft-com:office:excel}"):
            item.text = None


def _kept_relations(package: _Package, name: str) -> tuple[list[tuple[str, str, str]], set[str], list[str]]:
    """(id, type, target) of those that stay, the ids of those that go, and the parts to bring."""
    kept, dropped, needed = [], set(), []
    for relation in _relations(package, name):
        number, kind, target = relation.get("Id", ""), relation.get("Type", ""), _resolved(name, relation.get("Target", ""))
        family = kind.rsplit("/", 1)[-1]
        if not _is_kept(kind, family) or relation.get("TargetMode") == "External" or target not in package.parts:
            dropped.add(number)
            continue
        if family == "image" and target.lower().endswith(".svg"):  # Beside it there is always another that we can open.
            dropped.add(number)
            continue
        if family == "image":
            target = _bring_picture(package, target)
        else:
            needed.append(target)
        kept.append((number, kind, "/" + target))
    return kept, dropped, needed


def _is_kept(kind: str, family: str) -> bool:
    return family in (_KEPT_OF_LATER if kind.startswith(_LATER) else _KEPT_RELATIONS)


def _relations(package: _Package, name: str) -> Iterator[etree._Element]:
    content = package.parts.get(_relations_of(name))
    return iter(()) if content is None else _parse(content).iter(f"{_RELATIONS}Relationship")


def _bring_picture(package: _Package, old: str) -> str:
    """Under a number, since its name may be that of the sender's file."""
    if old not in package.names:
        content, extension = encoded_anew(package.parts[old])
        number = sum(kind.startswith("image/") for kind in package.out_types.values()) + 1
        new = f"{posixpath.dirname(old)}/picture{number}.{extension}"
        package.names[old], package.out[new] = new, content
        package.out_types[new] = f"image/{extension}"
    return package.names[old]


def _clean(root: etree._Element, dropped: set[str]) -> None:
    people = {person.text for person in root.iter() if _local(person) == "author" and person.text}
    for item in list(root.iter()):
        if not isinstance(item.tag, str):
            _remove(item)  # An entity that was not resolved.
            continue
        if _local(item) in _DROPPED_ELEMENTS or not _cleaned_attributes(item, dropped):
            _remove(item)
        else:
            _clean_words(item, people)
    for item in list(root.iter()):
        if _local(item) in _EMPTY_WITHOUT_CONTENT and not len(item) and not item.attrib:
            _remove(item)


def _local(item: etree._Element) -> str:
    return etree.QName(item).localname if isinstance(item.tag, str) else ""


def _remove(item: etree._Element) -> None:
    parent = item.getparent()
    if parent is not None:
        parent.remove(item)  # What lxml calls its tail goes along: white space, in these files.


def _cleaned_attributes(item: etree._Element, dropped: set[str]) -> bool:
    """False: without what it points to, the element says nothing."""
    local = _local(item)
    for key in list(item.attrib):
        space, name = (key[: key.index("}") + 1], key[key.index("}") + 1 :]) if key.startswith("{") else ("", key)
        if space in _RELATION_ATTRIBUTES and item.attrib[key] in dropped:
            if local not in _KEPT_WITHOUT_RELATION:
                return False
            del item.attrib[key]
        elif name.startswith("rsid") or name in _DROPPED_ATTRIBUTES or (name == "uid" and "/revision" in space):
            del item.attrib[key]
        elif name in _PEOPLE:
            item.attrib[key] = _PEOPLE[name]
        elif (name == "date" and space in _WORD_MARKS) or (name == "dt" and local == "cm"):
            del item.attrib[key]
    _clean_names(item, local)
    return True


def _clean_names(item: etree._Element, local: str) -> None:
    """Programs note the file a picture came from, with its path, as its name and as its description."""
    if local in ("cNvPr", "docPr"):
        for key in ("descr", "title"):
            item.attrib.pop(key, None)
        if "name" in item.attrib:
            item.attrib["name"] = f"Object {item.get('id', '')}"
    if local == "cmAuthor":
        item.attrib.update({"name": "Author", "initials": "A"})
    if local in ("imagedata", "shape", "rect", "fill"):
        for key in list(item.attrib):
            if key.rsplit("}", 1)[-1] in ("title", "alt", "href", "src", "althref"):
                del item.attrib[key]


def _clean_words(item: etree._Element, people: set[str]) -> None:
    local, text = _local(item), item.text or ""
    if local == "author" and text:
        item.text = "Author"
    elif local == "t" and (name := next((name for name in people if text.startswith(f"{name}:")), "")):
        item.text = f"Author{text[len(name) :]}"  # Excel begins a comment with the name of who wrote it.
    elif local in ("instrText", "delInstrText") and not _FIELDS.match(text):
        item.text = ""
    elif local == "fldSimple":
        for key in [key for key in item.attrib if key.endswith("instr") and not _FIELDS.match(item.attrib[key])]:
            item.attrib[key] = ""
    elif local in ("f", "definedName", "formula1", "formula2", "formula") and _FOREIGN_FORMULA.search(text):
        _remove(item)


def _serialised(root: etree._Element) -> bytes:
    content: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return content


def _relations_xml(relations: list[tuple[str, str, str]]) -> bytes:
    root = etree.Element(f"{_RELATIONS}Relationships", nsmap={None: _RELATIONS[1:-1]})
    for number, kind, target in relations:
        etree.SubElement(root, f"{_RELATIONS}Relationship", Id=number, Type=kind, Target=target)
    return _serialised(root)


def _types_xml(types: dict[str, str]) -> bytes:
    root = etree.Element(f"{_TYPES}Types", nsmap={None: _TYPES[1:-1]})
    for extension, kind in (("rels", "application/vnd.openxmlformats-package.relationships+xml"), ("xml", "application/xml")):
        etree.SubElement(root, f"{_TYPES}Default", Extension=extension, ContentType=kind)
    for name, kind in types.items():
        etree.SubElement(root, f"{_TYPES}Override", PartName=f"/{name}", ContentType=kind)
    return _serialised(root)


def _written(package: _Package, main: str) -> bytes:
    """Every entry with the same date and nothing besides."""
    relation = f"{_RELATION_ATTRIBUTES[0][1:-1]}/officeDocument"
    whole = {"[Content_Types].xml": _types_xml(package.out_types), "_rels/.rels": _relations_xml([("rId1", relation, f"/{main}")])}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**whole, **package.out}.items():
            entry = zipfile.ZipInfo(name, _WRITTEN_AT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return out.getvalue()
