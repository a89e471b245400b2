"""Every kind of notice is worded for its reader."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from pwa import outbox
from pwa.db import db
from pwa.push import kinds, words
from pwa.push.models import Notice
from tests.conftest import NOON
from tests.people import join
from tests.push.conftest import run_due
from tests.push.service import PushService
from tests.push.telling import (
    LANGUAGES,
    member_with_phone,
    titles,
)

VOUCHER = {"name": {"id": "Kopi"}, "art": "cup", "voucher": "V", "points": 1240,
           "expires_at": NOON.isoformat()}  # fmt: skip
TIER = {"name": {"id": "Kawan"}, "art": "tier2", "until": "2026-12-31"}
SAMPLES: dict[str, dict[str, Any]] = {
    "benefit_unused": VOUCHER,
    "birthday": {},
    "campaign": {"title": "Halo {nama}", "body": "Isi", "path": "/"},
    "digest": {"count": 3},
    "double_points": {
        "stage": "now",
        "code": "x",
        "title": {"id": "Poin ganda"},
        "text": {"id": "Semua"},
        "art": "ganda",
        "percent": 200,
        "starts_at": NOON.isoformat(),
        "ends_at": NOON.isoformat(),
    },
    "gift_offered": {**VOUCHER, "until": NOON.isoformat()},
    "gift_received": {"points": 1240, "by": "Tono", "title": ""},
    "points_earned": {"points": 1240, "amount_rupiah": 48000, "outlet": {"id": "Tebet"}},
    "points_expiring": {"stage": "last", "points": 1240, "on": "2026-11-30", "member": 1},
    "redemption_receipt": VOUCHER,
    "restock": {
        "sku": "CROISSANT",
        "outlet": "tebet",
        "art": "roti",
        "name": {"id": "Croissant"},
        "where": "Tebet",
    },
    "security": {
        "what": "security.new_device",
        "label": "Chrome, Android",
        "at": NOON.isoformat(),
    },
    "set_nearly_done": {"name": {"id": "Kuis"}, "bonus": 15, "member": 1, "on": "2026-11-22"},
    "streak_ends": {"days": 12, "member": 1, "on": "2026-11-22"},
    "test": {},
    "tier_drop": {**TIER, "rupiah": 1_240_000, "orders": 3},
    "tier_up": {**TIER, "benefits": [{"id": "Gratis"}]},
    "voucher_expiring": VOUCHER,
    "voucher_issued": VOUCHER,
}


def test_every_kind_has_a_sample_here() -> None:
    assert set(SAMPLES) == set(kinds.all_kinds())


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_each_kind_is_worded_for_its_reader_in_every_language(app: Flask, name: str) -> None:
    from pwa.shell import drawings

    kind = kinds.kind(name)
    for language in LANGUAGES:
        reader = words.reader_of(1, "Sari", language, "Asia/Makassar")
        with words.speaking(language):
            made = kind.compose(reader, SAMPLES[name])
        text = made.title + " " + made.body
        assert "Sari" in text or name in ("gift_received", "campaign"), text
        assert made.title
        assert "!" not in text, text
        assert "%(" not in text, text
        assert made.path.startswith("/")
        assert len(made.actions) <= 2
        assert drawings.svg(f"art/{made.art}")
    tag = kind.tag_of(SAMPLES[name])
    assert tag is None or (len(tag) <= 32 and tag.replace("-", "").isalnum())


def test_numbers_are_in_her_format(app: Flask) -> None:
    reader = words.reader_of(1, "Sari", "id", "Asia/Jakarta")
    compose = kinds.kind("points_earned").compose
    with words.speaking("id"):
        assert compose(reader, SAMPLES["points_earned"]).title == "1.240 poin masuk"
    with words.speaking("en"):
        assert "1,240" in compose(reader, SAMPLES["points_earned"]).title


def test_an_unknown_kind_in_the_inbox_breaks_nothing(push_app: Flask, noon: datetime) -> None:
    sari = join("Sari")
    db.session.add(
        Notice(member_id=sari.id, kind="of-another-version", event_key="x", facts={},
               made_at=noon, expires_at=noon)
    )  # fmt: skip
    outbox.commit()
    assert titles(sari) == ["Kabar"]


def test_the_member_kept_in_a_closed_account_is_told_nothing(
    push_app: Flask, service: PushService, noon: datetime
) -> None:
    sari, browser = member_with_phone(service)
    outbox.tell("gift.received", "g1", sari.id, points=50, by="Tono")
    sari.closed_at = noon
    outbox.commit()
    run_due()
    assert service.to(browser) == []
