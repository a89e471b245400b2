"""Made-up data for /_components and its screens. Development only; nothing here is a program."""

from __future__ import annotations

from typing import Any

from pwa import errors, qr, web

from .drawings import art_names, icon_names

WHEEL = ("10 poin", "50 poin", "5 poin", "100 poin", "15 poin", "25 poin", "20 poin", "250 poin")
LONG = ("Coba lagi", "Kopi susu gratis", "10 poin", "Diskon 20%", "Kejutan", "1.000 poin",
        "Croissant mentega", "5 poin", "Voucher Rp25.000", "50 poin", "Tambah shot",
        "Jatah libur")  # fmt: skip
BRANDS = {"kopi": "#c8430f", "laras": "#7b1e63", "kuning": "#ffd23f", "toska": "#00a7a0",
          "hitam": "#161616", "merah": "#ff2d46", "nila": "#3b3ab0",
          "putih": "#ffffff"}  # fmt: skip

REFUSALS = (errors.NotAllowed(), errors.NotFound(), errors.NotEnoughPoints(missing="60"),
            web.TooOften(), web.Broken())  # fmt: skip


def samples() -> dict[str, Any]:
    """Context of every sample page."""
    return {
        "brands": BRANDS,
        "refusals": {str(one.status): one for one in REFUSALS},
        "art_names": art_names(),
        "icon_names": icon_names(),
        "wheel_labels": list(WHEEL),
        "long_labels": list(LONG),
        "odds_rows": list(
            zip(WHEEL, ("22%", "7%", "24%", "3%", "18%", "11%", "14%", "1%"), strict=True)
        ),
        "card_code": qr.svg("setia:c:KK44719035", "Kode QR kartu KK 4471 9035"),
        "voucher_code": qr.svg("setia:v:KW74F29Q", "Kode QR voucher KW74 F29Q"),
        "days_of_week": _days(17, "done done done done now next bonus"),
        "days_of_month": _days(1, _MONTH),
        "entries_today": _TODAY,
        "entries_before": _BEFORE,
        "steps": [
            {"tone": "nila", "text": "Kuis kopi hari ini", "points": 15},
            {"tone": "leaf", "text": "Pesan Kopi Pandan", "points": 45},
        ],
        "expiring": [
            {"tone": "sun", "text": "30 November", "points": 120},
            {"tone": "leaf", "text": "31 Desember", "points": 340},
            {"tone": "sky", "text": "Setelah itu", "points": 780},
        ],
        "badges": _BADGES,
        "tiers": [("Kawan", "tier1"), ("Dekat", "tier2"), ("Setia", "tier3")],
        "tier_rows": _TIER_ROWS,
    }


def _days(first: int, states: str) -> list[dict[str, Any]]:
    return [
        {"n": first + i, "state": state, "points": 50 if state == "bonus" else 0}
        for i, state in enumerate(states.split())
    ]


_MONTH = (
    "missed done done done done done done missed done done done done done done kept done done "
    "done done done now next bonus next next next next next next bonus"
)


def _entry(move: str, icon: str, tone: str, title: str, text: str, points: int) -> dict[str, Any]:
    return {
        "move": move,
        "icon": icon,
        "tone": tone,
        "title": title,
        "text": text,
        "points": points,
    }


_TODAY = [
    _entry("in", "sun", "leaf", "Mampir pagi", "Misi, 08.12", 25),
    _entry("wait", "hourglass", "sky", "Belanja Rp48.000", "Menunggu masa retur", 48),
]
_BEFORE = [
    _entry("out", "gift", "pink", "Ukuran besar", "Ditukar, voucher dipakai", -250),
    _entry("in", "loader-pinwheel", "sun", "Roda harian", "07.58", 20),
    _entry("in", "coffee", "brand", "Belanja Rp62.000", "Poin ganda, Kamis", 124),
    _entry("void", "undo-2", "calm", "Belanja Rp30.000", "Dibatalkan, barang kembali", 30),
    _entry("out", "clock", "sun", "Poin hangus", "Dari November 2024", -40),
    _entry("out", "triangle-alert", "bad", "Utang dari retur", "Dibayar poin berikutnya", -30),
]
_BADGES = [
    {"text": "7", "tone": "sun", "name": "Seminggu penuh"},
    {"art": "pagi", "tone": "sky", "name": "Anak pagi"},
    {"art": "cup", "tone": "pink", "name": "Gelas ke-50"},
    {"art": "kawan", "tone": "leaf", "name": "Kawan pertama"},
    {"text": "30", "tone": "nila", "name": "Sebulan penuh", "note": "18 hari lagi", "off": True},
    {"art": "biji", "tone": "brand", "name": "Semua menu", "note": "9 dari 14", "off": True},
]
_TIER_ROWS = [
    ("Belanja setahun", ["Rp0", "Rp500 rb", "Rp1 jt"]),
    ("Poin tiap Rp1.000", ["1", "1", "1,5"]),
    ("Jatah libur runtun", ["1", "2", "4"]),
    ("Minuman ulang tahun", [False, True, True]),
    ("Menu uji coba", [False, False, True]),
]
