"""Whose shop this is, as far as the shell needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app

from pwa.errors import LoyaltyError

from .brand import DEFAULT


@dataclass(frozen=True)
class Nobody:
    """Stands in until a program is in force, so that even that refusal has a face."""

    name: str = "Setia"
    short_name: str = "Setia"
    brand: str = DEFAULT
    logo: str = "kawan"
    lang: str = "id"


def identity() -> Any:
    """name, short_name, brand (#rrggbb), logo (a drawing's name) and lang of the program."""
    try:
        return current_app.extensions["setia.program"]()
    except (KeyError, LoyaltyError):
        return Nobody()
