"""What the forms of rewards send."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping

from pwa.web import StaleForm

KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")


def new_key() -> str:
    """A key for one form on one page: sent twice, it counts once."""
    return secrets.token_hex(8)


def key_of(form: Mapping[str, str]) -> str:
    """The form's own key. Raises StaleForm without one."""
    key = form.get("key", "")
    if not KEY.fullmatch(key):
        raise StaleForm()
    return key
