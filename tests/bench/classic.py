"""The classic bot to compare with: python-telegram-bot's Application and ConversationHandler, serial as it requires, and sqlite3.

    python -m tests.bench.classic --api http://… --token 42:T --port 0 --folder DIR

It does what such bots do: the state in memory, the update acknowledged before it is handled, one tip one INSERT, the photo
fetched and written to a folder.
"""

import argparse
import asyncio
import secrets
import signal
import sqlite3
import warnings
from pathlib import Path
from typing import Any

from aiohttp import web
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, CallbackQueryHandler, ContextTypes, ConversationHandler, MessageHandler, filters
from telegram.warnings import PTBUserWarning

WORDS, CATEGORY, PHOTO, PLACE, SEND, SAFE = range(6)
CATEGORIES = ("LD", "MT", "CB", "TC", "TT", "KH")
Context = ContextTypes.DEFAULT_TYPE


class ClassicBot:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._database = sqlite3.connect(folder / "classic.db")
        self._database.execute(
            "CREATE TABLE tips (code TEXT, chat INTEGER, words TEXT, category TEXT, photo TEXT, lat REAL, lon REAL, safe TEXT)"
        )

    async def begin(self, update: Update, _context: Context) -> int:
        assert update.callback_query
        await update.callback_query.answer()
        await self._say(update, "Có chuyện gì vậy ạ? Cứ kể như nói với người quen. Nhắn nhiều lần cũng được.")
        return WORDS

    async def words(self, update: Update, context: Context) -> int:
        assert update.message and context.user_data is not None
        context.user_data["words"] = update.message.text
        buttons = [[InlineKeyboardButton(name, callback_data=f"category:{name}")] for name in CATEGORIES]
        await self._say(update, "Việc này giống loại nào ạ?", InlineKeyboardMarkup(buttons))
        return CATEGORY

    async def category(self, update: Update, context: Context) -> int:
        assert update.callback_query and context.user_data is not None
        await update.callback_query.answer()
        context.user_data["category"] = (update.callback_query.data or "").split(":")[-1]
        await self._say(update, "Có ảnh thì cứ gửi. Chuyện xảy ra ở đâu ạ?")
        return PHOTO

    async def photo(self, update: Update, context: Context) -> int:
        assert update.message and context.user_data is not None
        file = await update.message.photo[-1].get_file()
        path = self._folder / f"{secrets.token_hex(8)}.jpg"
        await file.download_to_drive(path)
        context.user_data["photo"] = path.name
        await self._say(update, "Đã nhận 1 ảnh. Gửi vị trí giúp ạ.")
        return PLACE

    async def place(self, update: Update, context: Context) -> int:
        assert update.message and update.message.location and context.user_data is not None
        context.user_data["place"] = (update.message.location.latitude, update.message.location.longitude)
        await self._say(
            update,
            "Tin này sẽ gửi không nêu tên. Bấm Gửi ngay ạ.",
            InlineKeyboardMarkup([[InlineKeyboardButton("Gửi ngay", callback_data="send")]]),
        )
        return SEND

    async def send(self, update: Update, _context: Context) -> int:
        assert update.callback_query
        await update.callback_query.answer()
        choices = [[InlineKeyboardButton(name, callback_data=f"safe:{name}")] for name in ("alone", "shared")]
        await self._say(update, "Có ai khác hay cầm máy này không ạ?", InlineKeyboardMarkup(choices))
        return SAFE

    async def safe(self, update: Update, context: Context) -> int:
        assert update.callback_query and update.effective_chat and context.user_data is not None
        await update.callback_query.answer()
        told, code = context.user_data, f"TB-{secrets.token_hex(6).upper()}"
        safe = (update.callback_query.data or "").split(":")[-1]
        row = (code, update.effective_chat.id, told["words"], told["category"], told.get("photo"), *told["place"], safe)
        with self._database:
            self._database.execute("INSERT INTO tips VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        await self._say(update, f"Đã nhận tin. Mã tin: {code}")
        return ConversationHandler.END

    async def _say(self, update: Update, text: str, markup: InlineKeyboardMarkup | None = None) -> None:
        assert update.effective_chat
        await update.effective_chat.send_message(text, reply_markup=markup)


async def serve(arguments: argparse.Namespace) -> None:
    warnings.simplefilter("ignore", PTBUserWarning)
    api, folder = arguments.api, Path(arguments.folder)
    application = Application.builder().token(arguments.token).base_url(f"{api}/bot").base_file_url(f"{api}/file/bot").updater(None).build()
    bot = ClassicBot(folder)
    states: dict[object, list[Any]] = {
        WORDS: [MessageHandler(filters.TEXT, bot.words)],
        CATEGORY: [CallbackQueryHandler(bot.category, pattern="^category:")],
        PHOTO: [MessageHandler(filters.PHOTO, bot.photo)],
        PLACE: [MessageHandler(filters.LOCATION, bot.place)],
        SEND: [CallbackQueryHandler(bot.send, pattern="^send$")],
        SAFE: [CallbackQueryHandler(bot.safe, pattern="^safe:")],
    }
    application.add_handler(ConversationHandler([CallbackQueryHandler(bot.begin, pattern="^report$")], states, []))

    async def hook(request: web.Request) -> web.Response:
        await application.update_queue.put(Update.de_json(await request.json(), application.bot))
        return web.Response()

    async def health(_request: web.Request) -> web.Response:
        return web.json_response({"waiting": application.update_queue.qsize()})

    app = web.Application()
    app.add_routes([web.post("/hooks/telegram", hook), web.get("/healthz", health)])
    runner = web.AppRunner(app, access_log=None)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with application:
        await application.start()
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", arguments.port).start()
        await stop.wait()
        await runner.cleanup()
        await application.stop()


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ("--api", "--token", "--folder"):
        parser.add_argument(name, required=True)
    parser.add_argument("--port", type=int, required=True)
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
