"""The web app manifest (W3C), from the program's name, colour and logo."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .brand import palettes

SHORTCUTS = (
    ("Kartu", "/card"),
    ("Voucher", "/vouchers"),
    ("Roda", "/wheel"),
)
SCREENS = (
    ("home", "Poin, misi, dan hadiah hari ini"),
    ("wheel", "Satu putaran gratis setiap hari"),
    ("card", "Kartu yang tetap terbuka tanpa sinyal"),
)


def manifest(shop: Any, static: Path) -> dict[str, Any]:
    """The manifest's members. `id` never changes: it is how phones know it is the same app."""
    light, _ = palettes(shop.brand)
    return {
        "id": "/",
        "name": shop.name,
        "short_name": shop.short_name,
        "description": f"Kartu member {shop.name}: poin, misi, roda, dan hadiah.",
        "lang": "id",
        "dir": "ltr",
        "scope": "/",
        "start_url": "/?src=app",
        "display": "standalone",
        "orientation": "portrait",
        "launch_handler": {"client_mode": ["navigate-existing", "auto"]},
        "theme_color": light.fill,
        "background_color": light.ground,
        "categories": ["shopping", "lifestyle"],
        "icons": [_icon("icon", size, "any") for size in (192, 512)]
        + [_icon("maskable", size, "maskable") for size in (192, 512)],
        "shortcuts": [
            {"name": name, "url": f"{path}?src=shortcut", "icons": [_icon("icon", 192, "any")]}
            for name, path in SHORTCUTS
        ],
        "screenshots": [
            _screen(*screen) for screen in SCREENS if _file(static, screen[0]).exists()
        ],
    }


def _icon(stem: str, size: int, purpose: str) -> dict[str, str]:
    return {
        "src": f"/icons/{stem}-{size}.png",
        "sizes": f"{size}x{size}",
        "type": "image/png",
        "purpose": purpose,
    }


def _screen(stem: str, label: str) -> dict[str, str]:
    return {
        "src": f"/static/screens/{stem}.png",
        "sizes": "780x1688",
        "type": "image/png",
        "form_factor": "narrow",
        "label": label,
    }


def _file(static: Path, stem: str) -> Path:
    return static / "screens" / f"{stem}.png"
