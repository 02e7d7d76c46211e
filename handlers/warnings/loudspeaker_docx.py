"""The loudspeaker's text as a Word file, in large letters with much air: read standing, under a lamp, in one breath a line."""

import io
from typing import TYPE_CHECKING

from handlers.warnings.loudspeaker import Script
from storage import moments

if TYPE_CHECKING:
    from docx.styles.style import ParagraphStyle

_FONT = "Times New Roman"  # What offices have, and what administrative papers are written in.


def docx(script: Script, *, author: str, at: int) -> bytes:
    """`author` and `at` are what the file says about itself: the ward, never a person, and the moment of release."""
    # Only whoever prints a script needs it, and it would cost a sixth of a second of every start.
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt

    paper = Document()
    page = paper.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin, page.right_margin, page.top_margin, page.bottom_margin = Mm(30), Mm(20), Mm(20), Mm(20)
    style = paper.styles["Normal"]
    _letters(style, 20)
    style.paragraph_format.line_spacing = 1.5
    style.paragraph_format.space_after = Pt(12)
    title = paper.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.add_run(script.title).bold = True
    title.paragraph_format.space_after = Pt(4)
    for text in (script.reading, script.about):
        note = paper.add_paragraph()
        note.alignment = WD_ALIGN_PARAGRAPH.CENTER
        note.add_run(text).font.size = Pt(13)
        note.paragraph_format.line_spacing, note.paragraph_format.space_after = 1.15, Pt(4)
    for number, text in enumerate(script.paragraphs):
        spoken = paper.add_paragraph(text)
        spoken.paragraph_format.space_before = Pt(18 if number == 0 else 0)
        spoken.paragraph_format.widow_control = spoken.paragraph_format.keep_together = True
    about = paper.core_properties
    about.title, about.comments, about.language = script.title[:200], "", "vi-VN"
    about.author = about.last_modified_by = author[:200]
    about.created = about.modified = moments.local(at).replace(tzinfo=None)
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def _letters(style: "ParagraphStyle", points: int) -> None:
    """Word keeps four fonts in a style, one for each kind of writing, and asks another than one thinks."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    style.font.name, style.font.size = _FONT, Pt(points)
    wanted = style.element.get_or_add_rPr()
    fonts = wanted.get_or_add_rFonts()
    for kind in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(kind), _FONT)
    for kind in ("w:asciiTheme", "w:hAnsiTheme", "w:cstheme", "w:eastAsiaTheme"):
        fonts.attrib.pop(qn(kind), None)
    language = wanted.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        wanted.append(language)
    language.set(qn("w:val"), "vi-VN")
