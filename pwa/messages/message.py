"""A message as plain values, and as the sealed text that the queue keeps."""

from __future__ import annotations

import base64
import hmac
import json
from dataclasses import asdict, dataclass

from cryptography.fernet import Fernet
from flask import current_app


@dataclass(frozen=True)
class Message:
    """What to say to one person. `code` is apart, for senders with templates of their own."""

    kind: str  # "code" or "notice"
    phone: str  # E.164; "" if none
    email: str  # "" if none
    language: str
    subject: str
    text: str
    code: str = ""


def seal(message: Message) -> str:
    """`message` encrypted under our secret: a copy of the database tells nobody a code."""
    return _fernet().encrypt(json.dumps(asdict(message)).encode()).decode()


def unseal(sealed: str) -> Message:
    """The message in `sealed`. Raises cryptography.fernet.InvalidToken after a new secret."""
    return Message(**json.loads(_fernet().decrypt(sealed.encode())))


def _fernet() -> Fernet:
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return Fernet(base64.urlsafe_b64encode(hmac.digest(secret, b"setia/messages", "sha256")))
