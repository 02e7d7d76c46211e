"""The shape of the house: arrows point down only, words exist in both languages, the locks name no address."""

import ast
import tomllib
from pathlib import Path

from bot.settings import Settings
from handlers import texts

ROOT = Path(__file__).parent.parent
FORBIDDEN = {
    "storage": {"handlers", "bot", "admin", "aiohttp"},
    "handlers": {"bot", "admin", "aiohttp"},
    "bot": {"admin"},
    "admin": {"bot"},
}


def imports_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def test_arrows_point_down_only() -> None:
    upward = [
        f"{path.relative_to(ROOT)} imports {name}"
        for room, forbidden in FORBIDDEN.items()
        for path in (ROOT / room).rglob("*.py")
        for name in imports_of(path) & forbidden
        if path != ROOT / "bot" / "runtime.py"
    ]
    assert upward == []


def test_both_languages_have_the_same_texts() -> None:
    assert texts.keys("vi") == texts.keys("en")


def test_locks_name_no_address() -> None:
    assert [lock.name for lock in ROOT.glob("*.lock") if "://" in lock.read_text()] == []


def test_what_is_read_beside_the_code_is_installed_with_it() -> None:
    """The weights of danger were left out: an installed house could not start."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    taken = project["tool"]["setuptools"]["package-data"]["*"]
    files = [path for room in FORBIDDEN for path in (ROOT / room).rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")]
    assert files and [path.name for path in files if not any(path.match(pattern) for pattern in taken)] == []


def test_every_setting_is_documented() -> None:
    documented = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert [name for name in Settings.model_fields if f"`KENG_{name.upper()}`" not in documented] == []
