"""What the guides tell people to set, open and press is there."""

import re
from pathlib import Path

import pytest

from admin.routes import TABLE
from bot.settings import Settings
from handlers import texts

DOCS = Path(__file__).parent.parent / "docs"
GUIDES = ("zalo-oa.md", "zalo-bot.md", "khong-co-https.md")
_ELSEWHERE = {"/hooks/zalo-oa", "/hooks/zalo-bot", "/tra-cuu"}  # Residents' and platforms'.


def said() -> set[str]:
    """Every sentence of the desk, as it stands in the files."""
    folder = Path(texts.__file__).parent / "vi"
    lines = [line for path in folder.glob("*.ftl") for line in path.read_text(encoding="utf-8").splitlines()]
    return {line.partition(" = ")[2] for line in lines if " = " in line}


@pytest.mark.parametrize("name", GUIDES)
def test_every_setting_address_and_button_of_a_guide_exists(name: str) -> None:
    guide = (DOCS / name).read_text(encoding="utf-8")
    settings = {f"KENG_{one.upper()}" for one in Settings.model_fields}
    addresses = {one.path for one in TABLE} | _ELSEWHERE
    found = set(re.findall(r"(?:https://[^\s`/]*)?((?:/admin|/hooks|/tra-cuu)[/a-z-]*)", guide))

    assert set(re.findall(r"KENG_[A-Z_]+", guide)) - settings == set()
    assert found and found - addresses == set()
    assert set(re.findall(r"“([^”\s][^”]*)”", guide)) - said() == set()
    assert "◇" in guide or name == "khong-co-https.md"  # What was not seen live is marked.


def test_guides_lead_to_files_that_are_there_and_the_readme_to_them() -> None:
    readme = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r'src="(docs/screenshots/[^"]+)"', readme))
    kept = set((DOCS.parent / ".gitignore").read_text(encoding="utf-8").splitlines())
    assert named and {f"!/{picture}" for picture in named} <= kept  # The others are made anew and not kept.
    for name in GUIDES:
        assert f"](docs/{name})" in readme
        links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", (DOCS / name).read_text(encoding="utf-8"))
        assert [link for link in links if not (DOCS / link).is_file()] == []


def test_the_accounts_own_greeting_bears_the_numbers_to_call() -> None:
    guide = (DOCS / "zalo-oa.md").read_text(encoding="utf-8")
    greeting = "\n".join(re.findall(r"^> (.*)$", guide, re.MULTILINE))

    assert all(number in greeting for number in ("113", "114", "115", "Trực ban phường:"))
