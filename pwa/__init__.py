"""Setia: a membership program that a small shop hosts itself. create_app wires, decides nothing."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Callable
from datetime import timedelta
from types import ModuleType
from typing import Any

from flask import Flask
from flask_wtf import CSRFProtect
from htmx_flask import Htmx
from werkzeug.middleware.proxy_fix import ProxyFix

from pwa import clock, languages, outbox, sessions, web
from pwa.db import db
from pwa.limits import limiter
from pwa.settings import ROOT, Settings, read

SESSION_LIFE = timedelta(days=90)
FORM_MOST_BYTES = 512 * 1024

csrf = CSRFProtect()


class App(Flask):
    """Flask without coroutines: it would look at each hook of each request whether it is one."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(settings: Settings | None = None) -> Flask:
    """The web application, for gunicorn, the CLI, the worker and tests alike."""
    settings = settings or read()
    app = App("pwa", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.config.from_mapping(
        SETIA=settings,
        SETIA_ENV=settings.env,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings),
        PERMANENT_SESSION_LIFETIME=SESSION_LIFE,
        SESSION_COOKIE_NAME="setia",
        SESSION_COOKIE_SECURE=settings.public_url.startswith("https://"),
        MAX_CONTENT_LENGTH=FORM_MOST_BYTES,
        WTF_CSRF_TIME_LIMIT=None,  # a page may lie open for days; the session is the limit
        RATELIMIT_STORAGE_URI=settings.redis_url or "memory://",
        RATELIMIT_HEADERS_ENABLED=True,
        TEMPLATES_AUTO_RELOAD=settings.is_development,
    )
    app.jinja_environment = web.Environment
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, settings.proxies, settings.proxies)  # type: ignore[method-assign]
    Htmx(app)
    db.init_app(app)
    csrf.init_app(app)
    limiter.init_app(app)
    languages.init(app)
    sessions.init(app)
    web.init(app, settings)
    _wire_features(app)
    return app


def features() -> list[str]:
    """The feature folders, by name."""
    return sorted(info.name for info in pkgutil.iter_modules(__path__) if info.ispkg)


def _wire_features(app: Flask) -> None:
    """Every feature's tables, followers and views, found by name."""
    for feature in features():
        _part(feature, "models")
        followers = _part(feature, "followers")
        for kind, follower in getattr(followers, "FOLLOWS", {}).items():
            outbox.follow(kind, follower)
        if init := getattr(_part(feature, "wiring"), "init", None):
            init(app)
    for feature in features():
        views = _part(feature, "views")
        if blueprint := getattr(views, "bp", None):
            app.register_blueprint(blueprint)
    from pwa.program import service as program

    clock.use_zones(program.zones)


def _part(feature: str, name: str) -> ModuleType | None:
    """pwa.<feature>.<name> if the feature has such a part."""
    full = f"pwa.{feature}.{name}"
    if importlib.util.find_spec(full) is None:
        return None
    return importlib.import_module(full)


def _engine_options(settings: Settings) -> dict[str, object]:
    if settings.database_url.startswith("sqlite"):
        return {}
    return {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 10}
