"""Keyed hashes of what we must recognise again but not keep: numbers, codes, sessions."""

from __future__ import annotations

import hashlib
import hmac

from flask import current_app


def of(label: str, *parts: str) -> str:
    """HMAC-SHA256 of `parts` under a key of its own for each `label`, hex.

    Keyed, since a bare hash of a phone number or of six digits is undone by trying them all.
    A new SETIA_SECRET_KEY makes every fingerprint a stranger's.
    """
    secret = str(current_app.config["SECRET_KEY"]).encode()
    key = hmac.digest(secret, f"setia/{label}".encode(), "sha256")
    return hmac.new(key, "\x1f".join(parts).encode(), hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether two fingerprints are the same, in constant time."""
    return hmac.compare_digest(one, other)
