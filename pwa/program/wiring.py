"""What the program says, for every template."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from flask import Flask

from pwa.program import service


def identity() -> Any:
    """Name, colour and logo, for the shell (manifest, brand colours, layouts)."""
    found = service.current().program
    return SimpleNamespace(
        name=found.name,
        short_name=found.short_name,
        brand=found.brand,
        logo=found.logo,
        lang="id",
        tagline=found.tagline,
        card_prefix=found.card_prefix,
    )


def init(app: Flask) -> None:
    app.extensions["setia.program"] = identity
