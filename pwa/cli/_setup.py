"""What `setia init` does, for `setia serve --demo` too."""

from __future__ import annotations

import os
import stat

from pwa import migrations
from pwa.push import vapid
from pwa.rewards import signing
from pwa.settings import Settings, SettingsError

PRIVATE = 0o700


def prepare(settings: Settings) -> list[str]:
    """Make what is missing; a line for each thing made. Repeating it is harmless."""
    made = []
    if stat.S_IMODE(settings.var.stat().st_mode) & 0o077:
        os.chmod(settings.var, PRIVATE)
        made.append(f"{settings.var} is now private to this account")
    key = settings.var / vapid.FILE
    if not key.exists():
        vapid.ensure(settings.var)
        made.append(f"made VAPID keys in {key}")
    if not (settings.var / signing.FILE).exists():
        made.append(f"made the key that signs vouchers in {signing.ensure(settings.var)}")
    if migrations.upgrade():
        made.append(f"the database is at revision {migrations.head()}")
    return made


def check_revision() -> None:
    """Raise SettingsError unless the database is at this code's revision."""
    at, head = migrations.current(), migrations.head()
    if at != head:
        raise SettingsError(
            f"the database is at revision {at or 'none'}, this version needs {head}: run setia init"
        )
