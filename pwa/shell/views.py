"""What is not a page of the program: manifest, worker, offline page, icons, built files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    jsonify,
    make_response,
    render_template,
    request,
)
from flask_babel import force_locale, gettext
from markupsafe import Markup

from pwa.languages import offered_languages
from pwa.program.parts import LANGUAGES
from pwa.web import CSP
from service_worker.build import build as build_worker

from . import appicon, brand
from .identity import identity
from .manifest import manifest
from .wiring import KEY, STATIC, style_css, style_sheet

bp = Blueprint("shell", __name__)

FOR_EVER = "public, max-age=31536000, immutable"
SOON = "public, max-age=3600, stale-while-revalidate=86400"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".woff2": "font/woff2",
}
OFFLINE = "/offline"
# Pages that are always there: what the worker keeps apart from them is asked for when needed.
KEPT = ("app.js", "plus-jakarta-sans-latin-wght-normal.woff2")
_BUILT = re.compile(r"[a-z0-9.-]+\.[0-9a-f]{10}\.(css|js|woff2)")


@bp.get("/static/build/<name>")
def built(name: str) -> Response:
    """A hashed file, of this version or an earlier one, compressed if the browser reads that."""
    path = STATIC / "build" / name
    if not _BUILT.fullmatch(name) or not path.exists():
        abort(404)
    squeezed = path.with_name(f"{name}.gz")
    zipped = squeezed.exists() and request.accept_encodings["gzip"] > 0
    response = _answer((squeezed if zipped else path).read_bytes(), TYPES[path.suffix], FOR_EVER)
    if zipped:
        response.content_encoding = "gzip"
    if squeezed.exists():
        response.vary.add("Accept-Encoding")
    return response


@bp.get("/style.<digest>.css")
def styles_of_now(digest: str) -> Response:
    """All styles. An old address gets those of now, and may not keep them."""
    sheet = style_sheet()
    zipped = request.accept_encodings["gzip"] > 0
    keep = FOR_EVER if digest == sheet.digest else "no-cache"
    response = _answer(sheet.gzipped if zipped else sheet.plain, TYPES[".css"], keep)
    if zipped:
        response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    return response


@bp.get("/manifest.webmanifest")
def web_manifest() -> Response:
    """What makes it an app that can be installed."""
    response = jsonify(manifest(identity(), STATIC))
    response.mimetype = "application/manifest+json"
    response.headers["Cache-Control"] = SOON
    return response


@bp.get("/icons/<name>")
def icon(name: str) -> Response:
    """The app's icons, drawn from the shop's colour and logo."""
    shop = identity()
    if name == "icon.svg":
        return _answer(appicon.vector(shop.brand, shop.logo), "image/svg+xml", SOON)
    drawn: dict[str, Callable[[], bytes]] = {
        "icon-192.png": lambda: appicon.draw(shop.brand, shop.logo, 192),
        "icon-512.png": lambda: appicon.draw(shop.brand, shop.logo, 512),
        "maskable-192.png": lambda: appicon.draw(shop.brand, shop.logo, 192, "maskable"),
        "maskable-512.png": lambda: appicon.draw(shop.brand, shop.logo, 512, "maskable"),
        "apple-touch-icon.png": lambda: appicon.draw(shop.brand, shop.logo, 180, "apple"),
        "badge-96.png": appicon.badge,
    }
    if name not in drawn:
        abort(404)
    return _answer(drawn[name](), "image/png", SOON)


@bp.get("/favicon.ico")
def favicon() -> Response:
    """For browsers that ask without being told."""
    return icon("icon-192.png")


@bp.get(OFFLINE)
def offline() -> Response:
    """The page without a signal: a static shell, the same for everybody; scripts fill it."""
    return _answer(_offline_page(), "text/html; charset=utf-8", "public, max-age=0")


@bp.get("/service-worker.js")
def service_worker() -> Response:
    """The one worker. Never cached, so that a new version is found at the next visit."""
    script = build_worker(_precache(), OFFLINE, identity().name, _news())
    response = _answer(script, TYPES[".js"], "no-cache")
    response.headers["Service-Worker-Allowed"] = "/"
    response.headers["Content-Security-Policy"] = CSP  # the worker's own governs what it fetches
    return response


def _precache() -> dict[str, str]:
    """Address to digest. Hashed names say it all; the page's digest is of its bytes."""
    built_now = current_app.extensions[KEY]
    hashed = [f"/static/build/{built_now[name].file}" for name in KEPT]
    page = hashlib.sha256(_offline_page().encode()).hexdigest()
    return {**dict.fromkeys([*hashed, style_css()], ""), OFFLINE: page}


def _news() -> dict[str, str]:
    """What a push says that can't be read, in each language: the worker has no catalogue."""
    said = {}
    for language in LANGUAGES:
        with force_locale(language):
            said[language] = str(gettext("Ada kabar baru untukmu."))
    return said


def _offline_page() -> str:
    """Rendered as for a stranger, whoever asks: the worker's version follows from these bytes,
    and what differs between people would look like a new version at each log-in.
    """
    mine, *others = dict.fromkeys((identity().lang, *offered_languages()))
    with current_app.test_request_context(OFFLINE):
        spoken = {language: _offline_in(language) for language in others}
        with force_locale(mine):
            return render_template("layouts/offline.html", others=spoken)


def _offline_in(language: str) -> dict[str, str]:
    """What the page and its scripts say, in another of the program's languages."""
    with force_locale(language):
        return {
            "as_of": gettext("per {time}"),
            "until": gettext("Sampai {time}"),
            "later": gettext("Tercatat di HP ini. Dikirim begitu ada sinyal."),
            "html": Markup(render_template("layouts/_offline.html")),  # noqa: S704 ours
        }


def _answer(body: bytes | str, kind: str, keep: str) -> Response:
    response = make_response(body)
    response.headers["Content-Type"] = kind
    response.headers["Cache-Control"] = keep
    return response


@bp.get("/_components")
def components() -> str:
    """Every component in every state. Development only."""
    return render_template("components_page/index.html", **_samples())


@bp.get("/_components/<name>")
def component_screen(name: str) -> str:
    """A whole screen made of components, for a look: home, wheel, quiz, card, till..."""
    path = Path(current_app.root_path).parent / "templates" / "components_page" / f"{name}.html"
    _samples()
    if not re.fullmatch(r"[a-z-]+", name) or not path.exists():
        abort(404)
    return render_template(f"components_page/{name}.html", **_samples())


@bp.get("/_components/brands.css")
def component_brands() -> Response:
    """Several shops' colours at once."""
    sheets = (_brand_of(name, hex_) for name, hex_ in _samples()["brands"].items())
    return _answer("".join(sheets), TYPES[".css"], "no-cache")


def _brand_of(name: str, hex_: str) -> str:
    scope = f'[data-brand="{name}"]'
    return brand.css(hex_, (scope, f"{scope} [data-theme]"))


def _samples() -> dict[str, Any]:
    if current_app.config.get("SETIA_ENV") == "production":
        abort(404)
    from .samples import samples

    return samples()
