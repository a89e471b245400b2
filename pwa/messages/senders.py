"""The ways to reach one person. A sender says whom it reaches, and sends or raises Undelivered."""

from __future__ import annotations

import json
import logging
import smtplib
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import unquote, urlsplit

from flask import Flask, current_app

from pwa.messages.message import Message
from pwa.settings import Settings

log = logging.getLogger(__name__)
TIMEOUT_S = 10
KEY = "setia.senders"
# Meta's language codes; it has none for Javanese or Sundanese.
WHATSAPP_LANGUAGES = {"id": "id", "en": "en"}


class Undelivered(Exception):
    """It did not go out. `is_final`: another try won't help. Its text is safe to log."""

    def __init__(self, why: str, is_final: bool = False) -> None:
        super().__init__(why)
        self.is_final = is_final


class Sender(Protocol):
    """One way to reach people."""

    @property
    def name(self) -> str: ...

    def reaches(self, message: Message) -> bool: ...

    def send(self, message: Message) -> None: ...


@dataclass(frozen=True)
class Console:
    """Onto the log of a developer's machine. Never in production: it shows codes."""

    name: str = "console"

    def reaches(self, message: Message) -> bool:
        return True

    def send(self, message: Message) -> None:
        to = message.phone or message.email
        log.warning("message to %s (%s): %s", to, message.kind, message.text)


@dataclass(frozen=True)
class Smtp:
    """By e-mail, over `url`: smtp://user:password@host:587 (STARTTLS) or smtps://...:465."""

    url: str
    mail_from: str
    name: str = "smtp"

    def reaches(self, message: Message) -> bool:
        return bool(message.email)

    def send(self, message: Message) -> None:
        mail = EmailMessage()
        mail["From"], mail["To"] = self.mail_from, message.email
        mail["Subject"], mail["Auto-Submitted"] = message.subject, "auto-generated"
        mail["Content-Language"] = message.language
        mail.set_content(message.text)
        try:
            with self._connect() as server:
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            raise Undelivered("the recipient is refused", is_final=True) from error
        except (OSError, smtplib.SMTPException) as error:
            raise Undelivered(type(error).__name__) from error

    def _connect(self) -> smtplib.SMTP:
        parts = urlsplit(self.url)
        host, secure = parts.hostname or "", parts.scheme == "smtps"
        context = ssl.create_default_context()
        if secure:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, parts.port or 465, timeout=TIMEOUT_S, context=context
            )
        else:
            server = smtplib.SMTP(host, parts.port or 587, timeout=TIMEOUT_S)
            if host not in ("localhost", "127.0.0.1"):  # a relay of this machine's own
                server.starttls(context=context)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        return server


@dataclass(frozen=True)
class WhatsApp:
    """By the WhatsApp Cloud API. Outside a chat it takes only templates that Meta approved."""

    token: str
    phone_id: str
    code_template: str  # of the category "authentication": one body variable, one copy button
    notice_template: str  # of the category "utility": one body variable; "" to send none
    url: str
    name: str = "whatsapp"

    def reaches(self, message: Message) -> bool:
        return bool(message.phone and self._template(message))

    def send(self, message: Message) -> None:
        request = urllib.request.Request(  # noqa: S310 - the operator's own setting
            f"{self.url}/{self.phone_id}/messages",
            data=json.dumps(self._body(message)).encode(),
            headers={
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
            },
        )
        try:
            with _opener.open(request, timeout=TIMEOUT_S) as answer:
                answer.read()
        except urllib.error.HTTPError as error:
            error.close()
            is_final = 400 <= error.code < 500 and error.code != 429
            raise Undelivered(f"WhatsApp answers {error.code}", is_final) from error
        except OSError as error:
            raise Undelivered(type(error).__name__) from error

    def _template(self, message: Message) -> str:
        return self.code_template if message.kind == "code" else self.notice_template

    def _body(self, message: Message) -> dict[str, object]:
        said = [{"type": "text", "text": message.code or message.text}]
        parts: list[dict[str, object]] = [{"type": "body", "parameters": said}]
        if message.kind == "code":
            parts.append({"type": "button", "sub_type": "url", "index": "0", "parameters": said})
        language = WHATSAPP_LANGUAGES.get(message.language, "id")
        return {
            "messaging_product": "whatsapp",
            "to": message.phone.removeprefix("+"),
            "type": "template",
            "template": {
                "name": self._template(message),
                "language": {"code": language},
                "components": parts,
            },
        }


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the token to another host."""

    def redirect_request(self, *args: object) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirects)


def chosen(settings: Settings) -> list[Sender]:
    """The senders that the settings name, the surest first."""
    found: list[Sender] = []
    if settings.whatsapp_token:
        found.append(
            WhatsApp(
                settings.whatsapp_token,
                settings.whatsapp_phone_id,
                settings.whatsapp_code_template,
                settings.whatsapp_notice_template,
                settings.whatsapp_url,
            )
        )
    if settings.smtp_url:
        found.append(Smtp(settings.smtp_url, settings.mail_from))
    if not found and settings.is_development:
        found.append(Console())
    return found


def current() -> list[Sender]:
    """The senders of this application."""
    found: list[Sender] = current_app.extensions[KEY]
    return found


def init(app: Flask) -> None:
    app.extensions[KEY] = chosen(app.config["SETIA"])
