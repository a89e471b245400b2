"""Reward kinds, one module each, found by name: kind "free-product" is free_product.py.

A kind says what its settings are (`Settings`, a pydantic model: it is the owner's form too)
and may say:

    check(settings, program) -> None    raise ValueError: the program file names what isn't there
    issue(settings, voucher_id) -> Issued   what it adds to a voucher as it is issued
    worth(settings, amount_rupiah) -> int   what it takes off a purchase, in whole rupiah
    charge(settings) -> int             what the till charges for it, in whole rupiah
    fulfil(use) -> None                 what happens when the till accepts the voucher
    cancel(use) -> None                 the opposite, when the use is undone
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from types import ModuleType
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from pwa.program.schema import Program, Reward


class KindSettings(BaseModel):
    """What each kind's own settings are built on: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Issued(NamedTuple):
    """What a kind adds to a voucher as it is issued."""

    extra: Mapping[str, str] = {}  # shown to the member: a partner's code, a seat
    is_done: bool = False  # nothing is left for a till to do
    expires_at: datetime | None = None  # no later than this


class Use(NamedTuple):
    """One voucher at one till, as a kind sees it."""

    settings: Any  # the kind's own Settings
    reward_code: str
    voucher_code: str
    member_id: int
    outlet_code: str
    amount_rupiah: int | None  # of the purchase it is used with, if the till knows


@cache
def names() -> tuple[str, ...]:
    """Every kind, as the program file writes it."""
    return tuple(info.name.replace("_", "-") for info in pkgutil.iter_modules(__path__))


@cache
def kind(name: str) -> ModuleType:
    """The module of a kind. Raises ValueError for one that doesn't exist."""
    if name not in names():
        raise ValueError(f"kind {name!r} does not exist; there are: {', '.join(names())}")
    return importlib.import_module(f"{__name__}.{name.replace('-', '_')}")


def settings(kind_name: str, given: dict[str, Any]) -> Any:
    """A reward's own settings, checked by its kind. Raises ValueError."""
    return kind(kind_name).Settings.model_validate(given)


def check(reward: Reward, program: Program) -> None:
    """Refuse a reward whose settings its kind can't use. Raises ValueError."""
    try:
        checked = settings(reward.kind, dict(reward.settings))
        if more := getattr(kind(reward.kind), "check", None):
            more(checked, program)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"reward {reward.code}: settings.{key}: {first['msg']}") from error
    except ValueError as error:
        raise ValueError(f"reward {reward.code} {error}") from error


def issue(kind_name: str, checked: Any, voucher_id: int) -> Issued | None:
    act = getattr(kind(kind_name), "issue", None)
    return act(checked, voucher_id) if act else None


def worth(kind_name: str, checked: Any, amount_rupiah: int) -> int:
    """What the reward takes off a purchase of `amount_rupiah`; 0 for what takes nothing off."""
    act = getattr(kind(kind_name), "worth", None)
    taken: int = act(checked, amount_rupiah) if act else 0
    return taken


def charge(kind_name: str, checked: Any) -> int:
    """What the till charges for the reward instead of its shelf price; 0 for most."""
    act = getattr(kind(kind_name), "charge", None)
    asked: int = act(checked) if act else 0
    return asked


def fulfil(kind_name: str, use: Use) -> None:
    if act := getattr(kind(kind_name), "fulfil", None):
        act(use)


def cancel(kind_name: str, use: Use) -> None:
    if act := getattr(kind(kind_name), "cancel", None):
        act(use)
