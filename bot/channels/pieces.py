"""How the doors cut long texts: as whoever shows beforehand what will be sent does, and so the one rule stands with the handlers."""

from handlers.pieces import cut, units

__all__ = ["cut", "units"]
