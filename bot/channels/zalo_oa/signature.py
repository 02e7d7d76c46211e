"""How Zalo signs what it posts: a plain SHA-256 over app id, raw bytes, timestamp and the OA's secret, in this order."""

import hashlib
import json
import re
import secrets
from dataclasses import dataclass

_MAC = re.compile(r"(?:mac=)?([0-9a-fA-F]{64})")
_TIMESTAMP = re.compile(r"[0-9]{1,20}")


@dataclass(frozen=True, slots=True)
class Signed:
    """What came, as far as the signature is about it."""

    raw: bytes
    signature: str  # X-ZEvent-Signature
    timestamp: str  # X-ZEvent-Timestamp, where it was sent


def mac(app_id: str, raw: bytes, timestamp: str, secret: str) -> str:
    return hashlib.sha256(app_id.encode() + raw + timestamp.encode() + secret.encode()).hexdigest()


def is_ours(came: Signed, *, app_id: str, secret: str) -> bool:
    """With the timestamp of the body or of the header: sources disagree which of them counts."""
    given = _MAC.fullmatch(came.signature.strip())
    if given is None or not app_id or not secret:
        return False
    told = given[1].lower()
    return any(secrets.compare_digest(told, mac(app_id, came.raw, stamp, secret)) for stamp in _timestamps(came))


def _timestamps(came: Signed) -> list[str]:
    try:
        body = json.loads(came.raw)
    except (ValueError, RecursionError):
        return []
    inside = body.get("timestamp") if isinstance(body, dict) else None
    return [stamp for stamp in (str(inside), came.timestamp.strip()) if _TIMESTAMP.fullmatch(stamp)]
