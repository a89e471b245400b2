"""Every page in another language: no word of Indonesian is left over."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient

from pwa.cli import _demo
from pwa.push import vapid
from tests.browser.screens import SARI, STARTS
from tests.journeys.test_statements import reachable

ROOT = Path(__file__).resolve().parents[2]
WORD = re.compile(r"\b[^\W\d_]+\b")
# Words that Indonesian sentences can hardly do without, and the other languages don't have.
EVERYWHERE = set(
    WORD.findall(
        "yang dengan tidak belum sudah untuk kamu atau dari kalau juga adalah akan hanya setiap "
        "kami bukan jangan lewat saat ketika sedang masih harus boleh pernah kembali pakai tukar "
        "terakhir berikutnya kemarin besok minggu bulan tahun hari orang dan ini itu semua"
    )
)
ENGLISH_TOO = set(
    WORD.findall(
        "tanpa hadiah berlaku di bisa sampai ada lagi misi poin gratis gerai kasir belanja masuk "
        "keluar kartu kode"
    )
)
LEFT_OVER = {
    "en": EVERYWHERE | ENGLISH_TOO,
    "jv": EVERYWHERE - {"minggu", "saat"},
    "su": EVERYWHERE - {"minggu", "bulan", "tahun", "atau", "kami", "masih", "saat"},
}
# A printed poster, and the page that the worker keeps for whoever comes, speak the shop's language.
IN_THE_SHOPS_OWN = ("/till/posters/", "/offline")
SPOKEN = ("alt", "title", "aria-label", "placeholder", "aria-description")


class Words(HTMLParser):
    """What a page says: its text, and what is read out of its attributes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.lang = ""
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self.lang = given.get("lang") or ""
        if tag in ("script", "style") or (given.get("lang") and tag != "html"):
            self._silent.append(tag)
        for name, value in given.items():
            spoken = name in SPOKEN or (name.startswith("data-") and value and " " in value)
            if spoken and tag not in ("meta", "input") and value and not self._silent:
                self.said.append(value)

    def handle_endtag(self, tag: str) -> None:
        if self._silent and self._silent[-1] == tag:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.said.append(" ".join(data.split()))


def left_over(html: str, language: str) -> list[str]:
    """The sentences of a page with Indonesian in them."""
    reader = Words()
    reader.feed(html)
    return [said for said in reader.said if is_indonesian(said, language)]


def is_indonesian(said: str, language: str) -> bool:
    return bool(LEFT_OVER[language] & {word.lower() for word in WORD.findall(said)})


@pytest.mark.parametrize("language", sorted(LEFT_OVER))
def test_no_translation_is_half_indonesian(language: str) -> None:
    path = ROOT / f"pwa/translations/{language}/LC_MESSAGES/messages.po"
    with path.open("rb") as file:
        catalogue = read_po(file)
    said = [
        form
        for message in catalogue
        if message.id
        for form in ([message.string] if isinstance(message.string, str) else message.string)
    ]
    assert [form for form in said if is_indonesian(form, language)] == []


@pytest.fixture
def people(app: Flask) -> dict[str, FlaskClient]:
    vapid.ensure(app.config["SETIA"].var)
    _demo.fill()
    found = {who: app.test_client() for who in STARTS}
    found["member"].post("/login", data={"phone": SARI, "password": _demo.PASSWORD})
    for who, login in (("cashier", "budi"), ("owner", "ratna")):
        found[who].post("/till/login", data={"login": login, "password": _demo.PASSWORD})
    return found


@pytest.mark.parametrize("language", ["en", "jv", "su"])
def test_no_page_has_indonesian_left_over(
    app: Flask, people: dict[str, FlaskClient], language: str
) -> None:
    found: dict[str, list[str]] = {}
    for who, client in people.items():
        client.post("/language", data={"language": language})
        pages = [
            p for p in reachable(app, client, STARTS[who]) if not p.startswith(IN_THE_SHOPS_OWN)
        ]
        for path in [*pages, "/tidak-ada"]:
            html = client.get(path).text
            assert f'<html lang="{language}"' in html or f'lang="{language}"' in html, (who, path)
            if bad := left_over(html, language):
                found[f"{who} {path}"] = bad
    assert found == {}, "\n".join(f"{k}: {v}" for k, v in found.items())
