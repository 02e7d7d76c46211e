"""From which networks very many chats are opened in one day. What comes from there is set apart and never refused: behind one
address of a mobile network there may be a whole town."""

from collections import defaultdict

from handlers.brakes import Brakes

MOST_CHATS = 20
_MOST_NETWORKS = 10_000


class Crowd:
    """In memory alone, under hashes that are salted with the key of the day; a restart forgets it."""

    def __init__(self, brakes: Brakes) -> None:
        self._brakes = brakes
        self._chats: defaultdict[str, set[str]] = defaultdict(set)

    async def is_busy(self, address: str, token: str) -> bool:
        network, chat = await self._brakes.hash("crowd", address), await self._brakes.hash("crowd", token)
        if len(self._chats) >= _MOST_NETWORKS and network not in self._chats:
            self._chats.clear()
        known = self._chats[network]
        if chat in known:
            return False  # Whoever was here before the crowd came is no part of it.
        if len(known) >= MOST_CHATS:
            return True
        known.add(chat)
        return False
