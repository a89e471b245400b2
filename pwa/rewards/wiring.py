"""Has each reward's settings checked by its kind when a program file is read."""

from __future__ import annotations

from flask import Flask

from pwa.program import schema
from pwa.rewards import kinds


def init(app: Flask) -> None:
    if kinds.check not in schema.REWARD_CHECKS:
        schema.REWARD_CHECKS.append(kinds.check)
