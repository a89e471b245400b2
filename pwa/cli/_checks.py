"""What `setia doctor` looks at, in the order in which one thing needs the one before."""

from __future__ import annotations

import json
import os
import shutil
import stat
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.request import urlopen

from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from pwa import create_app, migrations
from pwa.clock import now
from pwa.db import db, only_reads
from pwa.settings import ROOT, Settings, SettingsError, read

LEAST_PYTHON = (3, 11)
LEAST_FREE_MB = 500
CLOCK_OFF_MOST_S = 60
ASK_S = 2  # how long a running Setia may take to answer
# No release of ours is older; a clock before it is a machine without a battery or the network.
BUILT = datetime(2026, 11, 1, tzinfo=UTC)


class Check(NamedTuple):
    """One thing looked at: how it is, and what to do when it is bad."""

    name: str
    ok: bool
    words: str
    mend: str = ""


def run() -> Iterator[Check]:
    """Look at everything; stops where nothing further could be seen."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield Check("python", sys.version_info >= LEAST_PYTHON, version, "install Python 3.11 or later")
    try:
        settings = read()
    except SettingsError as error:
        yield Check("settings", False, str(error), "correct that setting, see docs/settings.md")
        return
    yield Check("settings", True, f"{settings.env}, {settings.public_url}")
    yield _var(settings)
    yield _disk(settings)
    yield _keys(settings)
    yield _till_key(settings)
    yield _static()
    app = create_app(settings)
    with app.app_context():
        only_reads()
        yield from _database(app)
        only_reads(False)


def _var(settings: Settings) -> Check:
    mode = stat.S_IMODE(settings.var.stat().st_mode)
    ok = not mode & 0o077 and os.access(settings.var, os.W_OK)
    mend = f"chmod 700 {settings.var}, and give it to the account that runs Setia"
    return Check("folder", ok, f"{settings.var}, mode {mode:03o}", mend)


def _disk(settings: Settings) -> Check:
    free_mb = shutil.disk_usage(settings.var).free // 1_000_000
    mend = f"free some space: the database stops at 0, {LEAST_FREE_MB} MB is prudent"
    return Check("disk", free_mb >= LEAST_FREE_MB, f"{free_mb:,} MB free", mend)


def _keys(settings: Settings) -> Check:
    from pwa.push import vapid

    path = settings.var / vapid.FILE
    if not path.exists():
        return Check("push keys", False, f"no {path}", "setia init")
    mode = stat.S_IMODE(path.stat().st_mode)
    try:
        known = vapid.public_key(settings)
    except (ValueError, TypeError, AssertionError):
        return Check("push keys", False, f"{path} can't be read", "restore it from a backup")
    mend = f"chmod 600 {path}"
    return Check("push keys", not mode & 0o077, f"{known[:12]}..., mode {mode:03o}", mend)


def _till_key(settings: Settings) -> Check:
    """The key that signs vouchers: ours alone, whole, and the one that a running Setia uses."""
    from pwa.rewards import signing

    path = settings.var / signing.FILE
    if not path.exists():
        return Check("till key", False, f"no {path}", "setia init, or restore it from a backup")
    mode = stat.S_IMODE(path.stat().st_mode)
    try:
        known = signing.public_key_of(path)
    except (OSError, ValueError, TypeError, AssertionError):
        return Check("till key", False, f"{path} can't be read", "restore it from a backup")
    served = _served_till_key(settings)
    words = f"{known[:12]}..., mode {mode:03o}"
    if mode & 0o077:
        return Check("till key", False, words, f"chmod 600 {path}")
    mend = "restart Setia: it still signs with the key from before"
    return Check("till key", served in (None, known), words, mend)


def _served_till_key(settings: Settings) -> str | None:
    """What the Setia that runs here tells the tills; None if none answers."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
    try:
        with urlopen(f"http://{host}:{settings.port}/till/key", timeout=ASK_S) as answer:
            key = json.load(answer)["key"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return str(key)


def _static() -> Check:
    built = ROOT / "static" / "build"
    count = len(list(built.iterdir())) if built.is_dir() else 0
    mend = "start Setia once as an account that may write to static/build"
    return Check("pages", True, f"{count} built files") if count else (
        Check("pages", False, f"{built} is empty", mend)
    )  # fmt: skip


def _database(app: Flask) -> Iterator[Check]:
    where = db.engine.url.render_as_string(hide_password=True)
    mend = "start the database, or correct SETIA_DATABASE_URL"
    try:
        there = db.session.scalar(text(_NOW[db.engine.dialect.name]))
    except DBAPIError as error:
        yield Check("database", False, f"{where}: {str(error.orig).splitlines()[0]}", mend)
        return
    yield Check("database", True, where)
    yield _clock(there)
    at, head = migrations.current(), migrations.head()
    yield Check("revision", at == head, f"{at or 'none'} of {head}", "setia init")
    if at == head:
        yield _program()


_NOW = {
    "sqlite": "SELECT strftime('%s', 'now')",
    "postgresql": "SELECT extract(epoch FROM clock_timestamp())",
}


def _clock(database_s: Any) -> Check:
    """Members' days and points' expiry hang on the clock; a database server has its own."""
    off_s = abs(now().timestamp() - float(database_s))
    ok = now() >= BUILT and off_s <= CLOCK_OFF_MOST_S
    words = f"{now():%Y-%m-%d %H:%M:%S} UTC, {off_s:.0f} s from the database's"
    return Check("clock", ok, words, "switch on time synchronisation: timedatectl set-ntp true")


def _program() -> Check:
    from pwa.program import service

    try:
        identity = service.current().program
    except service.NoProgram:
        return Check("program", False, "none is in force", "setia program apply FILE")
    return Check("program", True, f"{identity.name}, {identity.zone}")
