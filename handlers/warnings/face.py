"""Everything that a picture of a warning says, as plain strings. What is drawn depends on nothing else: equal faces are equal pictures."""

import unicodedata
from dataclasses import dataclass

from handlers.messages import Ward
from handlers.texts import say
from handlers.warnings import pictures
from handlers.warnings.content import Content, Kind, Posted, check_address
from storage import moments

_NOT_DRAWN, _DRAWN = ("So", "Sk", "Mn", "Me", "Cc", "Cf", "Cs", "Co", "Cn"), "°"


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    kind: Kind
    picture: str  # A name of `handlers.warnings.pictures`.
    head: str  # CẢNH BÁO
    theme: str  # Lừa đảo. Empty where it says nothing.
    ward: str
    day: str
    headline: str
    lines: tuple[str, ...]
    body: str  # Stands where there is nothing to do.
    corrects: str
    danger: str
    duty: str
    duty_phone: str
    code: str
    expires: str
    link: str  # In the square code. Empty: nobody said how the house is reached, and none is drawn.
    check: str  # The same address for eyes.


def face_of(content: Content, posted: Posted, ward: Ward) -> Face:
    is_correction = content.kind == "correction"
    theme = pictures.of_theme(content.theme)
    return Face(
        kind=content.kind,
        picture=content.kind if content.kind != "warning" else theme,
        head=say(f"warning-card-{content.kind}", "vi"),
        theme=say(f"theme-{theme}", "vi") if theme != "general" else "",
        ward=plain(say("warning-card-ward", "vi", ward=ward.called)),
        day=moments.short_date(posted.at),
        headline=plain(content.headline),
        lines=tuple(plain(line) for line in content.lines),
        body="\n".join(filter(None, map(plain, content.body.splitlines()))),
        corrects=say("warning-card-corrects", "vi", code=posted.corrects, day=moments.short_date(posted.corrects_at or posted.at))
        if is_correction and posted.corrects
        else "",
        danger=say("warning-card-danger", "vi"),
        duty=say("warning-card-duty", "vi"),
        duty_phone=plain(ward.duty_phone),
        code=posted.code,
        expires=say("warning-card-expires", "vi", day=moments.short_date(posted.expires_at)),
        link=check_link(ward, posted.code),
        check=say("warning-card-check", "vi", address=check_address(ward)) if ward.public_url else "",
    )


def check_link(ward: Ward, code: str) -> str:
    """Opens the true words of this warning."""
    return f"{ward.public_url}/tra-cuu?ma={code}" if ward.public_url else ""


def plain(text: str) -> str:
    """Letters in one piece: a mark that comes alone is drawn beside its letter where no shaper is installed. Without small pictures among
    the letters, which the font does not have, and without signs that no paper takes."""
    letters = " ".join(unicodedata.normalize("NFC", text).split())
    kept = (sign for sign in letters if unicodedata.category(sign) not in _NOT_DRAWN or sign in _DRAWN)
    return " ".join("".join(kept).split())
