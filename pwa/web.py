"""Page or fragment from one context, and the one place where refusals become answers."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from flask import Flask, Response, jsonify, make_response, render_template, request
from flask.templating import Environment as FlaskEnvironment
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from pwa import compress, outbox
from pwa.db import only_reads
from pwa.errors import LoyaltyError, NotFound
from pwa.kept import KeepingTemplate
from pwa.settings import Settings

CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self' blob:",  # qr-scanner reads camera frames in a worker made of a blob
        "media-src 'self' blob:",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
# A kilobyte of headers on every file is felt on a slow network: only what runs gets all of them.
FILE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
}
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=()",
}
YEAR_S = 365 * 24 * 3600


class Environment(FlaskEnvironment):
    """Jinja as Flask sets it up, with every template's globals in one plain dictionary.

    Each `{% from ... import ... %}` compares the globals of two templates; as chained maps that
    took a twentieth of Home. Globals are all set before the first template is loaded.
    """

    template_class = KeepingTemplate

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}


def wants_fragment() -> bool:
    """Whether htmx will swap the answer into a part of the page."""
    htmx = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def wants_json() -> bool:
    """Whether a script of ours (or an API client) asked for JSON."""
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == (
        "application/json"
    )


def show(page: str, fragment: str | None = None, status: int = 200, **context: Any) -> Response:
    """Answer a browser with `page`, an htmx swap with `fragment`, from one context."""
    chosen = fragment if fragment and wants_fragment() else page
    html = render_template(chosen, fragment=fragment, **context)
    response = make_response(html, status)
    response.vary.add("HX-Request")  # or a cache hands a fragment to a browser
    return response


def init(app: Flask, settings: Settings) -> None:
    """Wire read/write units of work, security headers and the error handlers."""

    @app.before_request
    def choose_unit_of_work() -> None:
        only_reads(request.method in ("GET", "HEAD", "OPTIONS"))

    @app.after_request
    def harden(response: Response) -> Response:
        wanted = HEADERS if response.mimetype == "text/html" else FILE_HEADERS
        for name, value in wanted.items():
            response.headers.setdefault(name, value)
        if settings.is_production:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR_S}")
        if "Cache-Control" not in response.headers:
            # The back button on a shared phone must not show another member's page.
            response.headers["Cache-Control"] = "private, no-store"
        return response

    app.after_request_funcs.setdefault(None, []).insert(0, compress.compress)  # runs last
    app.register_error_handler(LoyaltyError, refuse)
    app.register_error_handler(CSRFError, lambda error: _stale())
    app.register_error_handler(RateLimitExceeded, lambda error: refuse(TooOften()))
    app.register_error_handler(404, lambda error: refuse(NotFound()))
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(500, _broken)


def refuse(error: LoyaltyError) -> Response:
    """Roll back, and say why and what to do next, in the form the caller reads."""
    outbox.rollback()
    only_reads()
    if wants_json():
        answer = jsonify(code=error.code, title=error.title, advice=error.advice)
        answer.status_code = error.status
        return answer
    return show("errors/refusal.html", "errors/_refusal.html", status=error.status, refusal=error)


def _stale() -> Response:
    """A form from before its session ended. htmx loads the page anew: a second try would only
    fail again.
    """
    return (
        make_response("", 204, {"HX-Refresh": "true"}) if wants_fragment() else refuse(StaleForm())
    )


class StaleForm(LoyaltyError):
    code = "stale_form"
    status = 400
    words = _l("Halaman ini sudah terlalu lama terbuka.")
    todo = _l("Muat ulang, lalu kirim lagi. Belum ada yang berubah.")


class TooOften(LoyaltyError):
    code = "too_often"
    status = 429
    words = _l("Terlalu sering dicoba.")
    todo = _l("Tunggu satu menit, lalu coba lagi.")


class Broken(LoyaltyError):
    code = "broken"
    status = 500
    words = _l("Ada yang rusak di pihak kami.")
    todo = _l("Tidak ada poin yang terpotong. Coba lagi sebentar lagi.")


def _http_error(error: HTTPException) -> Response:
    refusal = LoyaltyError()
    refusal.status = error.code or 500
    refusal.code = (error.name or "error").lower().replace(" ", "_")
    refusal.words = _("Permintaan ini tidak bisa dijalankan.")
    refusal.todo = _("Kembali, lalu coba lagi.")
    return refuse(refusal)


def _broken(error: Exception) -> Response:
    return refuse(Broken())
