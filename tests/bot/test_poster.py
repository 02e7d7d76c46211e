"""`keng poster`: what it takes from where, and what it says when something is missing."""

import asyncio
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.poster import write_poster
from bot.runtime import running
from bot.settings import SettingsError
from tests.conftest import house_settings
from tests.fakes.telegram import FakeTelegram
from tests.handlers.test_poster import words_of


def test_the_settings_alone_are_enough(tmp_path: Path) -> None:
    settings = house_settings(
        tmp_path / "data", ward_name="Hồng Bàng", public_url="https://a.vn/", ward_address="12 Lê Lợi", poster_zalo="Công an Hồng Bàng"
    )
    told = write_poster(settings, tmp_path / "a.pdf", is_a5=True)
    words = words_of((tmp_path / "a.pdf").read_bytes())

    assert told == [f"Print {tmp_path / 'a.pdf'} on A5, at its own size."]
    assert all(part in words for part in ("phường Hồng Bàng", "a.vn", "12 Lê Lợi", "Công an Hồng Bàng"))
    assert not (tmp_path / "data").exists()


async def test_what_the_set_up_page_was_told_is_taken_too(tmp_path: Path) -> None:
    async with running(house_settings(tmp_path / "data", ward_name="Hồng Bàng")):
        told = await asyncio.to_thread(write_poster, house_settings(tmp_path / "data"), tmp_path / "a.pdf", is_a5=False)

    assert "KENG_PUBLIC_URL" in told[0] and "0225 3123 456" in words_of((tmp_path / "a.pdf").read_bytes())


def test_without_a_number_to_ring_there_is_no_poster(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="KENG_DUTY_PHONE"):
        write_poster(house_settings(tmp_path / "data", duty_phone=""), tmp_path / "a.pdf", is_a5=False)
    assert not (tmp_path / "a.pdf").exists()


async def test_telegram_is_named_last_and_only_where_it_answers(tmp_path: Path, fake_telegram: FakeTelegram) -> None:
    here = {"ward_name": "Hồng Bàng", "public_url": "https://a.vn", "telegram_token": SecretStr(fake_telegram.token)}
    there = house_settings(tmp_path, telegram_api=fake_telegram.address, **here)
    away = house_settings(tmp_path, telegram_api="http://127.0.0.1:9", **here)
    told = [await asyncio.to_thread(write_poster, settings, tmp_path / name, is_a5=False) for settings, name in ((there, "a"), (away, "b"))]
    words = [words_of((tmp_path / name).read_bytes()) for name in "ab"]

    assert f"t.me/{fake_telegram.username}" in words[0] and "t.me" not in words[1]
    assert [len(lines) for lines in told] == [1, 2] and "Telegram" in told[1][0]
