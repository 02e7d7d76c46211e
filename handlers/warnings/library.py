"""Changes of the library that warnings are written from: a template of ours changed, left out or taken back, and a ward's own.

A template is about nobody, so its words lie in clear. What would stop a warning stops a template, and nothing can be insisted on here.
"""

from sqlmodel import Session

from handlers.acts import Act, note
from handlers.cleaning import clean
from handlers.messages import Ward
from handlers.officers import Mistake
from handlers.warnings import checker
from handlers.warnings.content import Content, mistakes, tidy
from handlers.warnings.templates import Template, everything, template
from storage.queries import warning_templates as rows
from storage.queries.warning_templates import TemplateRow

MOST_OWN = 60  # A longer list helps nobody.
MOST_NAME = 60
STEPS = ("warning_template_kept", "warning_template_hidden", "warning_template_shown", "warning_template_taken_back")


class NotKept(Mistake):
    """What stands against a template's words: keys of sentences (`content.mistakes`), and places that may not stay."""

    def __init__(self, wrong: list[str], findings: tuple[checker.Finding, ...]) -> None:
        super().__init__("warning-template-refused")
        self.wrong, self.findings = wrong, findings


def complaints_about(content: Content, ward: Ward) -> tuple[list[str], tuple[checker.Finding, ...]]:
    """What keeps it out of the library: keys of sentences, and places that would stop a warning."""
    blocking = tuple(one for one in checker.check(content, ward=ward) if one.blocks)
    return mistakes(content), blocking


def keep(session: Session, act: Act, ward: Ward, *, key: str, name: str, content: Content, row_id: int) -> str:
    """Ours changed, or (without a key) one of the ward's own; its key. Raises NotKept, or Mistake where there is none, or too many."""
    content = tidy(content)
    wrong, blocking = complaints_about(content, ward)
    name = " ".join(clean(name).split())[:MOST_NAME]
    if any(one.blocks for one in checker.check(Content(headline=name), ward=ward)):
        wrong.append("warning-template-name")
    if wrong or blocking:
        raise NotKept(wrong, blocking)
    known = {one.key: one for one in everything(session, act.ward_id)}
    if key and key not in known:
        raise Mistake("warning-template-gone")
    if not key and sum(one.is_own for one in known.values()) >= MOST_OWN:
        raise Mistake("warning-template-too-many")
    kept = key or f"own-{row_id}"
    is_hidden = known[key].is_hidden if key else False
    body = {**content.as_row(), "lines": list(content.lines), "name": name}
    _keep(session, act, kept, TemplateRow(is_hidden=is_hidden, content=body), row_id=row_id)
    note(session, act, "warning_template_kept", about=kept)
    return kept


def hide(session: Session, act: Act, *, key: str, is_hidden: bool, row_id: int) -> None:
    """Offered no more, or again; its words stay. Raises Mistake."""
    one = _known(session, act, key)
    if one.is_hidden == is_hidden:
        return
    words = rows.of_ward(session, act.ward_id).get(key, TemplateRow(is_hidden=False, content={})).content
    _keep(session, act, key, TemplateRow(is_hidden=is_hidden, content=words), row_id=row_id)
    note(session, act, "warning_template_hidden" if is_hidden else "warning_template_shown", about=key)


def take_back(session: Session, act: Act, *, key: str) -> None:
    """Ours as it was and offered; the ward's own goes. Raises Mistake."""
    _known(session, act, key)
    if rows.drop(session, act.ward_id, key=key):
        note(session, act, "warning_template_taken_back", about=key)


def _known(session: Session, act: Act, key: str) -> Template:
    known = template(session, act.ward_id, key)
    if known is None:
        raise Mistake("warning-template-gone")
    return known


def _keep(session: Session, act: Act, key: str, row: TemplateRow, *, row_id: int) -> None:
    rows.keep(session, act.ward_id, row_id=row_id, key=key, row=row, officer_id=act.officer_id, now=act.now)
