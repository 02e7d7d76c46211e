"""The demo touches nothing but what it made, and nothing of it leads out."""

import random
from pathlib import Path

import aiohttp
import pytest
from pydantic import SecretStr

from bot.demo import folder, settled, stories, ward
from bot.runtime import running
from bot.settings import Settings, SettingsError
from handlers import gazetteer_files, ready_sentences, wordings
from handlers.insight import catalogue, danger, procedures
from storage.queries import wards
from tests.conftest import house_settings
from tests.databases import sqlite_database
from tests.fakes.telegram import FakeTelegram


def test_a_folder_that_no_demo_has_made_is_left_alone(tmp_path: Path) -> None:
    settings = folder.settings_for(Settings(_env_file=None, data=tmp_path / "ward"))
    sqlite_database(settings.data)
    before = (settings.data / "keng.db").read_bytes()

    with pytest.raises(SettingsError, match="no demo has made"):
        folder.made_in(settings.data)
    with pytest.raises(SettingsError, match="no demo has made"):
        folder.take_away(settings)
    assert (settings.data / "keng.db").read_bytes() == before

    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "letter.txt").write_text("theirs")
    with pytest.raises(SettingsError, match="no demo has made"):
        folder.made_in(tmp_path / "papers")
    assert folder.made_in(tmp_path / "nothing") is None


def test_of_a_wards_own_settings_nothing_is_taken_along() -> None:
    given = Settings(
        _env_file=None,
        database_url="postgresql://ward@db/ward",
        master_key=SecretStr("a" * 64),
        telegram_token=SecretStr("1:token"),
        alarm_command="true",
        backup_to="/copies",
        public_url="https://ward.example",
        ward_name="Hồng Bàng",
        keep_closed_months=60,
        port=9000,
    )
    taken = folder.settings_for(given)

    changed = {name for name, field in Settings.model_fields.items() if getattr(taken, name) != field.default}
    assert changed == {"data", "port", "ward_address", "superior_address"}
    assert taken.data == folder.HERE
    assert taken.kept == {}  # The desk of a demo changes what the environment does not hold.


def test_the_map_of_the_demo_can_be_brought_like_any_other() -> None:
    homes, places = (gazetteer_files.read_file(text.encode()) for text in (ward.borders(), ward.places()))

    assert len(homes) == 18 and {one.kind for one in places} == {"street", "landmark"}
    assert all(20 < (one.latitude or 0) < 20.2 and 107.4 < (one.longitude or 0) < 107.6 for one in (*homes, *places))  # Open sea.


def test_what_the_demos_ward_says_in_its_own_words_would_be_taken_at_any_desk() -> None:
    wrong = [wordings.complaints_about(key, language, text) for language, key, text in settled.OWN_WORDS]
    wrong += [ready_sentences.complaints_about(one, site="", spoken="vi") for one in settled.OWN_SENTENCES]
    wrong += [list(procedures.complaints_about(settled.OWN_ANSWER))]
    wrong += [catalogue.complaints_about({"TT": settled.OWN_QUESTIONS})]

    assert [one for one in wrong if one] == []


def test_most_of_what_is_told_calmly_is_heard_as_calm() -> None:
    told = [stories.draw(random.Random(seed)) for seed in range(150)]

    assert sum(danger.hear(story.words) is not None for story in told) < 30
    assert all(danger.hear(stories.draw(random.Random(seed), category="CN", is_now=True).words) for seed in range(5))


async def test_a_house_of_made_up_people_reaches_no_platform_and_says_what_it_is(tmp_path: Path, fake_telegram: FakeTelegram) -> None:
    """Whatever the environment holds: somebody may serve such a folder by `keng serve`, with their ward's settings beside it."""
    sqlite_database(tmp_path)
    token = {"telegram_token": SecretStr(fake_telegram.token), "telegram_api": fake_telegram.address, "alarm_command": "false"}
    async with running(house_settings(tmp_path)) as house:
        await house.memory.write(lambda session: wards.call_demo(session, house.ward().id))
    async with running(house_settings(tmp_path, **token)) as house, aiohttp.ClientSession() as http:
        said = {}
        for path in ("/", "/tra-cuu", "/admin/dang-nhap"):
            async with http.get(house.address + path) as answer:
                said[path] = "Dữ liệu mẫu" in await answer.text()
        is_off = house.telegram is None

    assert is_off and said == dict.fromkeys(said, True)
    assert fake_telegram.heard == []
