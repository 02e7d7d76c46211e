"""Very many chats from one network: the next ones are marked, never refused."""

from bot.channels.webchat.crowd import MOST_CHATS, Crowd


class Salted:
    """Hashes of one day."""

    async def hash(self, *parts: str) -> str:
        return "/".join(parts)


async def test_only_chats_beyond_the_crowd_are_marked_and_only_of_that_network() -> None:
    crowd = Crowd(Salted())  # type: ignore[arg-type]  # The brakes' one method.
    first = [await crowd.is_busy("203.0.113.5", f"chat {n}") for n in range(MOST_CHATS)]
    late = await crowd.is_busy("203.0.113.5", "one more")
    early_again = await crowd.is_busy("203.0.113.5", "chat 0")
    elsewhere = await crowd.is_busy("198.51.100.7", "one more")

    assert (any(first), late, early_again, elsewhere) == (False, True, False, False)
