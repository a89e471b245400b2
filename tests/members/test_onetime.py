"""One-time codes: their life, tries and sends are counted in SQL, however many ask at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from pwa import clock
from pwa.db import db, only_reads
from pwa.members import onetime
from pwa.members.models import CodeSends, OneTimeCode
from tests.conftest import NOON

PHONE = "+6281210000001"


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_a_code_is_six_digits_and_only_its_hash_is_kept(app: Flask) -> None:
    code = onetime.make("reset", PHONE, None)
    assert len(code) == 6
    assert code.isdecimal()
    row = db.session.scalars(select(OneTimeCode)).one()
    assert code not in row.code_hash
    assert PHONE not in row.subject
    assert PHONE.removeprefix("+62") not in row.subject


def test_the_right_code_counts_once_however_it_is_spaced(app: Flask) -> None:
    code = onetime.make("reset", PHONE, None)
    assert onetime.check("reset", PHONE, f"{code[:3]} {code[3:]}") == onetime.Checked(None)
    assert onetime.check("reset", PHONE, code) is None


def test_a_code_is_good_for_its_own_purpose_address_and_owner_only(app: Flask) -> None:
    code = onetime.make("phone", PHONE, None, owner="sari")
    assert onetime.check("reset", PHONE, code) is None
    assert onetime.check("phone", PHONE, code, owner="tono") is None
    assert onetime.check("phone", "+6281210000002", code, owner="sari") is None
    assert onetime.check("phone", PHONE, code, owner="sari") is not None


def test_a_code_lives_ten_minutes(app: Flask) -> None:
    with clock.at(NOON):
        code = onetime.make("reset", PHONE, None)
    with clock.at(NOON + timedelta(minutes=10)):
        assert onetime.check("reset", PHONE, code) is None
    with clock.at(NOON + timedelta(minutes=9, seconds=59)):
        assert onetime.check("reset", PHONE, code) is not None


def test_after_five_wrong_tries_the_right_code_is_no_use(app: Flask) -> None:
    code = onetime.make("reset", PHONE, None)
    for _ in range(5):
        assert onetime.check("reset", PHONE, wrong(code)) is None
    assert onetime.check("reset", PHONE, code) is None


def test_the_fifth_try_still_counts(app: Flask) -> None:
    code = onetime.make("reset", PHONE, None)
    for _ in range(4):
        onetime.check("reset", PHONE, wrong(code))
    assert onetime.check("reset", PHONE, code) is not None


def test_a_new_code_voids_the_one_before(app: Flask) -> None:
    first = onetime.make("reset", PHONE, None)
    second = onetime.make("reset", PHONE, None)
    if first != second:
        assert onetime.check("reset", PHONE, first) is None
    assert onetime.check("reset", PHONE, second) is not None
    assert db.session.scalar(select(func.count()).select_from(OneTimeCode)) == 1


def test_three_codes_an_hour_go_to_one_number_over_any_hour(app: Flask) -> None:
    for minute in (0, 20, 59):
        with clock.at(NOON + timedelta(minutes=minute)):
            onetime.count_send(PHONE, "10.0.0.1")
    with clock.at(NOON + timedelta(minutes=59, seconds=59)), pytest.raises(onetime.TooManyCodes):
        onetime.count_send(PHONE, "10.0.0.2")
    with clock.at(NOON + timedelta(minutes=60)):
        onetime.count_send(PHONE, "10.0.0.1")
    with clock.at(NOON + timedelta(minutes=61)), pytest.raises(onetime.TooManyCodes):
        onetime.count_send(PHONE, "10.0.0.1")


def test_one_network_can_not_ask_for_everybody(app: Flask) -> None:
    with clock.at(NOON):
        for n in range(onetime.SENDS_PER_NETWORK_HOUR):
            onetime.count_send(f"+62812100{n:05d}", "10.0.0.1")
        with pytest.raises(onetime.TooManyCodes):
            onetime.count_send("+6281299999999", "10.0.0.1")
        onetime.count_send("+6281299999998", "10.0.0.2")


def test_twenty_phones_at_once_get_five_tries_between_them(app: Flask) -> None:
    code = onetime.make("reset", PHONE, None)
    db.session.commit()

    def try_once(_: int) -> None:
        with app.app_context():
            only_reads(False)
            onetime.check("reset", PHONE, wrong(code))
            db.session.commit()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(try_once, range(20)))
    assert db.session.scalars(select(OneTimeCode)).one().tries == 5


def test_the_right_code_from_ten_phones_at_once_opens_once(app: Flask) -> None:
    code = onetime.make("reset", PHONE, None)
    db.session.commit()

    def try_once(_: int) -> bool:
        with app.app_context():
            only_reads(False)
            opened = onetime.check("reset", PHONE, code) is not None
            db.session.commit()
            return opened

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(try_once, range(10))) == 1


def test_ten_requests_at_once_send_three_codes(app: Flask) -> None:
    def send(n: int) -> bool:
        with app.app_context():
            only_reads(False)
            try:
                onetime.count_send(PHONE, f"10.0.0.{n}")
            except onetime.TooManyCodes:
                db.session.rollback()
                return False
            db.session.commit()
            return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(send, range(10))) == 3


def test_old_codes_are_forgotten_and_live_ones_stay(app: Flask) -> None:
    with clock.at(NOON):
        onetime.make("reset", PHONE, None)
        onetime.count_send(PHONE, "10.0.0.1")
    with clock.at(NOON + timedelta(hours=25)):
        onetime.make("reset", "+6281210000002", None)
        assert onetime.forget_old(clock.now(), 100) == 2
    assert db.session.scalar(select(func.count()).select_from(OneTimeCode)) == 1
    assert db.session.scalar(select(func.count()).select_from(CodeSends)) == 0
