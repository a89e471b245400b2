"""What members' templates ask of members."""

from __future__ import annotations

from flask import Flask

from pwa.members import passkeys


def init(app: Flask) -> None:
    app.jinja_env.globals.update(passkey_host=passkeys.rp_id)
