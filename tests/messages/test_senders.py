"""What goes out over SMTP and the WhatsApp Cloud API, read by small servers of our own."""

from __future__ import annotations

import json
import logging
import socketserver
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from pwa.messages.message import Message
from pwa.messages.senders import Console, Smtp, Undelivered, WhatsApp, chosen
from pwa.settings import SettingsError, read

CODE = Message(
    kind="code",
    phone="+6281210000001",
    email="sari@contoh.id",
    language="id",
    subject="Kode dari Kopi Kawan",
    text="123456 adalah kodemu untuk Kopi Kawan. Berlaku 10 menit.",
    code="123456",
)
NOTICE = Message("notice", "+6281210000001", "", "jv", "Kabar", "Nomor kartumu diganti.")


class MailHandler(socketserver.StreamRequestHandler):
    """As much of SMTP (RFC 5321) as one message takes."""

    def handle(self) -> None:
        self.say("220 ready")
        while line := self.rfile.readline().decode().strip():
            word = line[:4].upper()
            if word == "RCPT" and self.server.refuses:  # type: ignore[attr-defined]
                self.say("550 nobody here")
            elif word == "DATA":
                self.say("354 go on")
                self.take()
                self.say("250 taken")
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 fine")

    def take(self) -> None:
        lines = []
        while (line := self.rfile.readline().decode()) != ".\r\n":
            lines.append(line)
        self.server.mails.append("".join(lines))  # type: ignore[attr-defined]

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


@pytest.fixture
def mail_server() -> Iterator[Any]:
    server: Any = socketserver.ThreadingTCPServer(("127.0.0.1", 0), MailHandler)
    server.daemon_threads, server.mails, server.refuses = True, [], False
    yield from _running(server)


class ApiHandler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = json.loads(self.rfile.read(length))
        self.server.calls.append((self.path, self.headers["Authorization"], body))  # type: ignore[attr-defined]
        self.send_response(self.server.status)  # type: ignore[attr-defined]
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *args: object) -> None:
        return None


@pytest.fixture
def api() -> Iterator[Any]:
    server: Any = HTTPServer(("127.0.0.1", 0), ApiHandler)
    server.calls, server.status = [], 200
    yield from _running(server)


def _running(server: Any) -> Iterator[Any]:
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def smtp(server: Any) -> Smtp:
    return Smtp(f"smtp://127.0.0.1:{server.server_address[1]}", "Kopi Kawan <kartu@contoh.id>")


def whatsapp(server: Any, notice: str = "") -> WhatsApp:
    url = f"http://127.0.0.1:{server.server_address[1]}/v23.0"
    return WhatsApp("token-x", "1055", "setia_code", notice, url)


def test_an_email_carries_the_words_and_says_that_a_machine_wrote_it(mail_server: Any) -> None:
    smtp(mail_server).send(CODE)
    mail = mail_server.mails[0]
    assert "To: sari@contoh.id" in mail
    assert "From: Kopi Kawan <kartu@contoh.id>" in mail
    assert "Subject: Kode dari Kopi Kawan" in mail
    assert "Auto-Submitted: auto-generated" in mail
    assert "123456 adalah kodemu" in mail


def test_email_reaches_only_who_has_one() -> None:
    assert Smtp("smtp://x", "a@b").reaches(CODE)
    assert not Smtp("smtp://x", "a@b").reaches(NOTICE)


def test_a_refused_address_is_not_tried_again_and_a_dead_server_is(mail_server: Any) -> None:
    mail_server.refuses = True
    with pytest.raises(Undelivered) as refused:
        smtp(mail_server).send(CODE)
    assert refused.value.is_final
    with pytest.raises(Undelivered) as dead:
        Smtp("smtp://127.0.0.1:1", "a@b.id").send(CODE)
    assert not dead.value.is_final


def test_whatsapp_sends_the_approved_template_with_the_code_in_both_places(api: Any) -> None:
    whatsapp(api).send(CODE)
    path, token, body = api.calls[0]
    assert (path, token) == ("/v23.0/1055/messages", "Bearer token-x")
    said = [{"type": "text", "text": "123456"}]
    assert body == {
        "messaging_product": "whatsapp",
        "to": "6281210000001",
        "type": "template",
        "template": {
            "name": "setia_code",
            "language": {"code": "id"},
            "components": [
                {"type": "body", "parameters": said},
                {"type": "button", "sub_type": "url", "index": "0", "parameters": said},
            ],
        },
    }


def test_whatsapp_sends_notices_only_with_a_template_for_them(api: Any) -> None:
    assert not whatsapp(api).reaches(NOTICE)
    sender = whatsapp(api, notice="setia_kabar")
    assert sender.reaches(NOTICE)
    sender.send(NOTICE)
    template = api.calls[0][2]["template"]
    assert template["name"] == "setia_kabar"
    assert template["language"] == {"code": "id"}  # Meta has no Javanese
    assert template["components"] == [
        {"type": "body", "parameters": [{"type": "text", "text": NOTICE.text}]}
    ]


@pytest.mark.parametrize(
    ("status", "is_final"), [(400, True), (401, True), (429, False), (500, False), (302, False)]
)
def test_whatsapps_refusals_say_whether_another_try_helps(
    api: Any, status: int, is_final: bool
) -> None:
    api.status = status
    with pytest.raises(Undelivered) as refused:
        whatsapp(api).send(CODE)
    assert refused.value.is_final is is_final
    assert "123456" not in str(refused.value)
    assert len(api.calls) == 1  # no redirect was followed


def settings(**given: str) -> Any:
    base = {"SETIA_ENV": "production", "SETIA_SECRET_KEY": "x" * 40,
            "SETIA_PUBLIC_URL": "https://kartu.example.id", "SETIA_VAR": "/tmp/none"}  # fmt: skip
    return read({**base, **given})


WHATSAPP = {"SETIA_WHATSAPP_TOKEN": "t", "SETIA_WHATSAPP_PHONE_ID": "1055"}
SMTP = {"SETIA_SMTP_URL": "smtp://u:geheim@mail.example.id", "SETIA_MAIL_FROM": "a@b.id"}


def test_production_sends_only_what_is_set_up_and_never_to_the_console() -> None:
    assert chosen(settings()) == []
    assert [sender.name for sender in chosen(settings(**WHATSAPP, **SMTP))] == ["whatsapp", "smtp"]
    assert [sender.name for sender in chosen(settings(**SMTP))] == ["smtp"]


def test_a_developers_console_shows_codes_and_tests_do_not(caplog: Any) -> None:
    development = read({"SETIA_ENV": "development", "SETIA_SECRET_KEY": "x" * 40})
    assert chosen(development) == [Console()]
    assert chosen(read({"SETIA_ENV": "test", "SETIA_SECRET_KEY": "x" * 40})) == []
    with caplog.at_level(logging.WARNING):
        Console().send(CODE)
    assert "123456" in caplog.text


def test_secrets_do_not_show_in_what_settings_print() -> None:
    shown = repr(settings(**WHATSAPP, **SMTP))
    assert "geheim" not in shown
    assert "whatsapp_token" not in shown


@pytest.mark.parametrize(
    ("bad", "names"),
    [
        ({"SETIA_SMTP_URL": "mail.example.id"}, "SETIA_SMTP_URL"),
        ({"SETIA_SMTP_URL": "smtp://mail.example.id"}, "SETIA_MAIL_FROM"),
        ({"SETIA_WHATSAPP_TOKEN": "t"}, "SETIA_WHATSAPP_PHONE_ID"),
        ({**WHATSAPP, "SETIA_WHATSAPP_URL": "http://evil.example"}, "SETIA_WHATSAPP_URL"),
    ],
)
def test_half_a_setting_stops_the_start_and_names_itself(bad: dict[str, str], names: str) -> None:
    with pytest.raises(SettingsError, match=names):
        settings(**bad)
