"""Templates of warnings as they stand in a ward: ours (`handlers/data/warnings.toml`) under its own changes, then its own. Reads only."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from sqlmodel import Session

from handlers.warnings.content import Content
from storage.queries import warning_templates as rows
from storage.queries.warning_templates import TemplateRow
from storage.search import fold, plain_tokens

_FILE = Path(__file__).parent.parent / "data" / "warnings.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    key: str
    name: str  # As it is listed, in the language of who looks.
    content: Content
    aliases: tuple[str, ...] = ()  # By what else it is looked for.
    form: int = 0  # Which of the 24 of the handbook on scams; 0: none of them.
    is_own: bool = False  # The ward's alone: none of ours stands behind it.
    is_changed: bool = False
    is_hidden: bool = False


@cache
def ours(language: str = "vi") -> tuple[Template, ...]:
    data = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return tuple(
        Template(
            key=one["key"],
            name=one["name"][language],
            aliases=(*one["names"], *(name for spoken, name in one["name"].items() if spoken != language)),
            form=one.get("form", 0),
            content=Content(
                kind=one.get("kind", "warning"),
                theme=one["theme"],
                headline=one["headline"],
                body=one["body"],
                lines=tuple(one["lines"]),
            ),
        )
        for one in data["template"]
    )


def everything(session: Session, ward_id: int, language: str = "vi") -> list[Template]:
    """For the page that changes them: ours in their order, hidden ones too, then the ward's own."""
    known, default = rows.of_ward(session, ward_id), ours(language)
    keys = {one.key for one in default}
    changed = [_with(one, known.get(one.key)) for one in default]
    return [*changed, *(_own(key, row) for key, row in known.items() if key not in keys)]


def library(session: Session, ward_id: int, language: str = "vi") -> list[Template]:
    """What is offered."""
    return [one for one in everything(session, ward_id, language) if not one.is_hidden]


def template(session: Session, ward_id: int, key: str, language: str = "vi") -> Template | None:
    return next((one for one in everything(session, ward_id, language) if one.key == key), None)


def found(templates: Iterable[Template], typed: str) -> list[Template]:
    """Those that hold every word that was typed, with or without its marks: first where they stand in a row in a name, then where they
    stand in the names at all."""
    wanted = fold(typed).split()
    if not wanted:
        return list(templates)
    hits = []
    for one in templates:
        called = fold(" | ".join((one.name, one.content.headline, *one.aliases)))
        whole = f"{called} {fold(' '.join((one.content.body, *one.content.lines)))}"
        if all(_begins(word, whole) for word in wanted):
            rank = 0 if _begins(" ".join(wanted), called) else 1 if all(_begins(word, called) for word in wanted) else 2
            hits.append((rank, one))
    return [one for _rank, one in sorted(hits, key=lambda hit: hit[0])]


def _begins(word: str, folded: str) -> bool:
    return re.search(rf"(?<![^\W_]){re.escape(word)}", folded) is not None


def common_tokens(templates: Iterable[Template]) -> frozenset[str]:
    """Words, pairs and numbers of the library: whoever uses them repeats nobody's story."""
    return frozenset(token for one in templates for token in plain_tokens((one.content.headline, one.content.body, *one.content.lines)))


def _with(one: Template, row: TemplateRow | None) -> Template:
    if row is None:
        return one
    content = Content.from_row(row.content) if row.content else one.content
    return replace(one, content=content, is_changed=bool(row.content), is_hidden=row.is_hidden, name=row.content.get("name") or one.name)


def _own(key: str, row: TemplateRow) -> Template:
    content = Content.from_row(row.content)
    return Template(key=key, name=row.content.get("name") or content.headline, content=content, is_own=True, is_hidden=row.is_hidden)
