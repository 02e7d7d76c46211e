"""Copies of documents for download: what is on the pages, without what programs and people have noted beside it.

Which kind a document is, its content says, never its name. Old .doc, OpenDocument, plain ZIP and whatever else have no copy.
"""

import warnings
import zipfile
from dataclasses import dataclass

from storage.images import MOST_BYTES, Unsafe, kind_of

_OFFICE = "application/vnd.openxmlformats-officedocument."
_MIME = {
    "pdf": "application/pdf",
    "docx": f"{_OFFICE}wordprocessingml.document",
    "xlsx": f"{_OFFICE}spreadsheetml.sheet",
    "pptx": f"{_OFFICE}presentationml.presentation",
}
DOCUMENT_KINDS = frozenset(_MIME)
EXTENSIONS = {mime: kind for kind, mime in _MIME.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    content: bytes
    mime: str


def document_kind(content: bytes) -> str:
    """pdf, docx, xlsx, pptx, or what `kind_of` says of anything else."""
    kind = kind_of(content[:64])
    if kind != "zip":
        return kind
    from storage.office import office_kind

    return office_kind(content) or "zip"


def clean(content: bytes, kind: str) -> Document:
    """`kind` as one of the two above names it: a "zip" is looked into."""
    if not content:
        raise Unsafe("empty")
    if len(content) > MOST_BYTES:
        raise Unsafe("too_big")
    try:
        if kind == "zip":
            kind = document_kind(content)
        if kind not in DOCUMENT_KINDS:
            raise Unsafe("no_copy")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Remarks about odd files; what matters becomes an error below.
            return Document(content=_cleaned(content, kind), mime=_MIME[kind])
    except (Unsafe, MemoryError):
        raise
    except Exception as error:
        # Readers of documents meet every kind of broken file with every kind of error; for us they are all the same.
        raise Unsafe("broken") from error


def _cleaned(content: bytes, kind: str) -> bytes:
    """The libraries are loaded once somebody sends such a document."""
    if kind == "pdf":
        from storage.pdfs import clean_pdf

        return clean_pdf(content)
    from storage.office import clean_office

    try:
        return clean_office(content, kind)
    except zipfile.BadZipFile as error:
        raise Unsafe("broken") from error
