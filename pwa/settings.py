"""What the operator decides, read once from the environment.

A bad value stops the boot with one clear line: `SettingsError`.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENTS = ("development", "production", "test")
PUSH_HOSTS = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "*.push.apple.com",
    "*.notify.windows.com",
)
SECRET_MIN_CHARS = 32
WHATSAPP_URL = "https://graph.facebook.com/v23.0"


class SettingsError(Exception):
    """A setting that we can't start with. Its text names the setting and the way out."""


@dataclass(frozen=True)
class Settings:
    """Every setting, checked. docs/settings.md describes each for operators."""

    env: str
    var: Path  # data, keys and logs; private to the account that runs Setia
    database_url: str
    redis_url: str | None
    secret_key: str
    public_url: str  # scheme and host, no trailing slash
    push_hosts: tuple[str, ...]
    host: str
    port: int
    proxies: int  # reverse proxies in front of us whose X-Forwarded-* we believe
    smtp_url: str | None = field(repr=False, default=None)  # holds a password
    mail_from: str = ""
    whatsapp_token: str | None = field(repr=False, default=None)
    whatsapp_phone_id: str = ""
    whatsapp_code_template: str = ""
    whatsapp_notice_template: str = ""
    whatsapp_url: str = WHATSAPP_URL

    @property
    def is_production(self) -> bool:
        return self.env == "production"

    @property
    def is_development(self) -> bool:
        return self.env == "development"


def read(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read and check every `SETIA_*` setting. Raises SettingsError."""
    env = _one_of("SETIA_ENV", environ.get("SETIA_ENV", "development"), ENVIRONMENTS)
    var = Path(environ.get("SETIA_VAR") or ROOT / "var").expanduser().absolute()
    port = _whole("SETIA_PORT", environ.get("SETIA_PORT", "8000"), 1, 65535)
    settings = Settings(
        env=env,
        var=var,
        database_url=_database_url(environ.get("SETIA_DATABASE_URL"), var),
        redis_url=_redis_url(environ.get("SETIA_REDIS_URL")),
        secret_key=_secret(environ, env, var),
        public_url=_public_url(environ.get("SETIA_PUBLIC_URL"), port),
        push_hosts=_hosts(environ.get("SETIA_PUSH_HOSTS")),
        host=environ.get("SETIA_HOST", "127.0.0.1"),
        port=port,
        proxies=_whole("SETIA_PROXIES", environ.get("SETIA_PROXIES", "0"), 0, 5),
        **_mail(environ),
        **_whatsapp(environ),
    )
    if settings.is_production and not settings.public_url.startswith("https://"):
        raise SettingsError(
            "SETIA_PUBLIC_URL must start with https:// in production; push and passkeys need it"
        )
    return settings


def secret_file(var: Path) -> Path:
    """Where `setia init` keeps the secret it made for a machine without one."""
    return var / "secret_key"


def write_private(path: Path, text: str) -> None:
    """Write `text` so that only our account can read it (mode 0600 from the first byte)."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)


def _secret(environ: Mapping[str, str], env: str, var: Path) -> str:
    given = environ.get("SETIA_SECRET_KEY", "")
    if path := environ.get("SETIA_SECRET_KEY_FILE"):
        try:
            given = Path(path).read_text().strip()
        except OSError as error:
            raise SettingsError(f"SETIA_SECRET_KEY_FILE: {error.strerror}: {path}") from error
    generated = _generated_secret(var)
    if env == "production" and (not given or given == generated):
        raise SettingsError(
            "SETIA_SECRET_KEY must be set in production (not the one made for the demo): "
            "openssl rand -hex 32"
        )
    if given and len(given) < SECRET_MIN_CHARS:
        raise SettingsError(f"SETIA_SECRET_KEY is shorter than {SECRET_MIN_CHARS} characters")
    return given or generated or _generate_secret(var)


def _generated_secret(var: Path) -> str:
    try:
        return secret_file(var).read_text().strip()
    except OSError:
        return ""


def _generate_secret(var: Path) -> str:
    secret = secrets.token_hex(32)
    try:
        write_private(secret_file(var), secret + "\n")
    except FileExistsError:  # another process of ours was first
        return _generated_secret(var)
    except OSError as error:
        raise SettingsError(f"SETIA_VAR: can't write {var}: {error.strerror}") from error
    return secret


def _database_url(given: str | None, var: Path) -> str:
    if not given:
        return f"sqlite:///{var / 'setia.db'}"
    if given.startswith("postgres://"):
        given = "postgresql://" + given.removeprefix("postgres://")
    if not given.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise SettingsError("SETIA_DATABASE_URL must start with sqlite:/// or postgresql://")
    return given


def _redis_url(given: str | None) -> str | None:
    if given and not given.startswith(("redis://", "rediss://", "unix://")):
        raise SettingsError("SETIA_REDIS_URL must start with redis://, rediss:// or unix://")
    return given or None


def _public_url(given: str | None, port: int) -> str:
    url = (given or f"http://127.0.0.1:{port}").rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path:
        raise SettingsError("SETIA_PUBLIC_URL must be like https://kartu.example.id, with no path")
    return url


def _mail(environ: Mapping[str, str]) -> dict[str, Any]:
    url = environ.get("SETIA_SMTP_URL") or None
    if url is None:
        return {}
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise SettingsError("SETIA_SMTP_URL must be like smtp://user:password@mail.example.id:587")
    mail_from = environ.get("SETIA_MAIL_FROM", "")
    if "@" not in mail_from or "\n" in mail_from:
        raise SettingsError("SETIA_MAIL_FROM must be the address that our e-mails come from")
    return {"smtp_url": url, "mail_from": mail_from}


def _whatsapp(environ: Mapping[str, str]) -> dict[str, Any]:
    token = environ.get("SETIA_WHATSAPP_TOKEN", "")
    if not token:
        return {}
    phone_id = environ.get("SETIA_WHATSAPP_PHONE_ID", "")
    if not phone_id.isdigit():
        raise SettingsError("SETIA_WHATSAPP_PHONE_ID must be the number's id (digits) from Meta")
    url = environ.get("SETIA_WHATSAPP_URL", WHATSAPP_URL).rstrip("/")
    if urlsplit(url).scheme != "https" and urlsplit(url).hostname != "127.0.0.1":
        raise SettingsError("SETIA_WHATSAPP_URL must start with https://")
    return {
        "whatsapp_token": token,
        "whatsapp_phone_id": phone_id,
        "whatsapp_code_template": environ.get("SETIA_WHATSAPP_CODE_TEMPLATE", "setia_code"),
        "whatsapp_notice_template": environ.get("SETIA_WHATSAPP_NOTICE_TEMPLATE", ""),
        "whatsapp_url": url,
    }


def _hosts(given: str | None) -> tuple[str, ...]:
    if not given:
        return PUSH_HOSTS
    hosts = tuple(host.strip().lower() for host in given.split(",") if host.strip())
    if bad := [host for host in hosts if "/" in host or " " in host]:
        raise SettingsError(f"SETIA_PUSH_HOSTS takes host names with commas between, not {bad[0]}")
    return hosts


def _whole(name: str, given: str, least: int, most: int) -> int:
    if not given.isdigit() or not least <= int(given) <= most:
        raise SettingsError(f"{name} must be a whole number from {least} to {most}, not {given!r}")
    return int(given)


def _one_of(name: str, given: str, allowed: tuple[str, ...]) -> str:
    if given not in allowed:
        raise SettingsError(f"{name} must be one of {', '.join(allowed)}, not {given!r}")
    return given
