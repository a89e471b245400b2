"""Hands the templates what every page wears: assets, drawings, brand, language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from flask_babel import get_locale
from flask_login import current_user
from markupsafe import Markup

from . import assets, brand, drawings, styles, wheel
from .identity import identity

STATIC = Path(__file__).parents[2] / "static"
KEY = "setia.assets"


def init(app: Flask) -> None:
    """Build the assets and register the templates' globals. Views come with the blueprint."""
    app.extensions[KEY] = assets.build(STATIC)
    app.jinja_env.filters["attributes"] = attributes
    app.jinja_env.globals.update(
        asset=asset,
        style_css=style_css,
        svg=drawings.svg,
        theme_colours=lambda tone="ground": brand.theme_colours(identity().brand, tone),
        wheel_drawing=wheel.draw,
        wheel_landing=wheel.landing,
        ui_lang=ui_lang,
        ui_theme=ui_theme,
        member_id=member_id,
    )

    @app.context_processor
    def program() -> dict[str, Any]:
        return {"program": identity()}


def attributes(given: Mapping[str, object]) -> Markup:
    """` name="value"` for each of them; `true` gives the bare name, which `xmlattr` can't."""
    parts = [
        Markup(" {}").format(name) if value is True else Markup(' {}="{}"').format(name, value)
        for name, value in given.items()
        if value is not None and value is not False
    ]
    return Markup("").join(parts)


def asset(name: str) -> str:
    """The address of one built asset, which may be cached for ever."""
    if current_app.config.get("TEMPLATES_AUTO_RELOAD"):
        current_app.extensions[KEY] = _fresh(_last_change())
    return f"/static/build/{current_app.extensions[KEY][name].file}"


def style_css() -> str:
    """The address of all styles, the shop's colours among them."""
    return f"/style.{style_sheet().digest}.css"


def style_sheet() -> styles.Sheet:
    """The styles of now."""
    asset("app.css")  # in development: built anew after a change
    built = current_app.extensions[KEY]
    return styles.sheet(built["app.css"], built[assets.FONT], identity().brand)


def ui_lang() -> str:
    """What `<html lang>` says."""
    return str(get_locale() or identity().lang)


def ui_theme() -> str:
    """light or dark where the reader has chosen; else the device decides."""
    return str(getattr(_account(), "theme", "") or "")


def member_id() -> str:
    """The member's public id; "" for a stranger and for staff, so that a shared phone forgets."""
    return str(getattr(_account(), "public_id", "") or "")


@lru_cache(maxsize=1)
def _fresh(_changed_at: float) -> dict[str, assets.Asset]:
    return assets.build(STATIC)


def _last_change() -> float:
    folders = (STATIC / "css", STATIC / "js")
    return max(path.stat().st_mtime for folder in folders for path in folder.iterdir())


def _account() -> Any:
    return getattr(current_user, "account", None)
