"""The set of the day, chains, audiences and what missions give beside points."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from games import daily
from pwa import clock, outbox
from pwa.db import db
from pwa.ledger import service as ledger
from pwa.members.models import Member
from pwa.missions import daily_set, service
from pwa.missions.errors import NoSwap
from pwa.play import service as play
from pwa.program import service as program
from pwa.program.playing import DailySet
from pwa.program.schema import Mission, Prize, Text
from pwa.rewards import service as rewards
from tests.conftest import NOON
from tests.missions.test_check_in import check_in, held
from tests.people import log_in

TRIGGERS = ("spin", "quiz_done", "review", "survey", "voucher_used")


def mission(code: str, trigger: str, **more: object) -> Mission:
    given = {"prize": Prize(points=1), **more}
    return Mission(code=code, trigger=trigger, name=Text(id=code), text=Text(id="x"), art="cup",
                   **given)  # type: ignore[arg-type]  # fmt: skip


def use(*missions: Mission, **changes: object) -> None:
    changed = program.current().model_copy(update={"missions": missions, **changes})
    program.apply(changed, actor="test")
    outbox.commit()
    db.session.query(outbox.Event).delete()
    db.session.commit()


@pytest.fixture
def pool(app: Flask, sari: Member, tono: Member) -> tuple[Mission, ...]:
    found = tuple(mission(f"p-{t}".replace("_", "-"), t, in_set="pool") for t in TRIGGERS)
    fixed = mission("datang", "check_in", in_set="fixed")
    with clock.at(NOON - timedelta(days=9)):  # in force well before today
        use(fixed, *found, daily=DailySet(drawn=2, bonus_points=30))
    return found


def tell(member: Member, kind: str, key: str = "1", **data: object) -> None:
    outbox.tell(kind, f"{member.id}:{key}", member.id, **data)
    outbox.commit()


KINDS = {"p-spin": "spin.made", "p-quiz-done": "quiz.done", "p-review": "review.written",
         "p-survey": "survey.answered", "p-voucher-used": "voucher.used"}  # fmt: skip


@pytest.mark.usefixtures("pool")
class TestDailySet:
    def test_everybody_can_repeat_the_draw(self, sari: Member) -> None:
        on = clock.program_day()
        mine = service.board(sari).set_codes
        codes = [f"p-{t}".replace("_", "-") for t in TRIGGERS]
        seed = daily_set.seed_of(on)
        assert mine == daily.daily_set(seed, sari.public_id, on, ["datang"], codes, 2)
        assert len(service.today(sari)) == 3

    def test_what_was_not_drawn_is_not_paid(self, sari: Member) -> None:
        before, mine = held(sari), service.board(sari).set_codes
        for code, kind in KINDS.items():
            if code not in mine:
                tell(sari, kind)
        assert held(sari) == before

    def test_all_of_the_set_done_pays_the_bonus_once(self, sari: Member) -> None:
        before = held(sari)
        for code in service.board(sari).set_codes[1:]:
            tell(sari, KINDS[code])
        assert held(sari) == before + 2
        check_in(sari)
        check_in(sari)
        assert held(sari) == before + 3 + 30

    def test_one_free_swap_a_day(self, sari: Member) -> None:
        first, second = service.board(sari).set_codes[1:]
        service.swap(sari, first)
        outbox.commit()
        changed = service.board(sari).set_codes
        assert first not in changed
        assert len(changed) == 3
        with pytest.raises(NoSwap):
            service.swap(sari, second)

    def test_a_fixed_or_finished_mission_is_not_swapped(self, sari: Member) -> None:
        drawn = service.board(sari).set_codes[1]
        tell(sari, KINDS[drawn])
        for code in ("datang", drawn):
            with pytest.raises(NoSwap):
                service.swap(sari, code)

    def test_the_page_swaps(self, client: FlaskClient, sari: Member) -> None:
        code, other = service.board(sari).set_codes[1:]
        page = log_in(client, sari).get("/missions").text
        assert f"/missions/{code}/swaps" in page
        assert "Satu misi undian boleh ditukar hari ini." in page
        assert daily_set.seed_of(clock.program_day()) in client.get("/fair").text
        assert client.post(f"/missions/{code}/swaps").status_code == 303
        assert "swaps" not in client.get("/missions").text
        assert client.post(f"/missions/{code}/swaps").status_code == 303  # tapped twice
        assert client.post(f"/missions/{other}/swaps").status_code == 422


def test_a_chain_opens_one_after_the_other(sari: Member) -> None:
    first = mission("satu", "review", window="once")
    use(first, mission("dua", "survey", window="once", after="satu"))
    tell(sari, "survey.answered", "early")
    assert [i.state for i in service.board(sari).longer] == ["todo", "locked"]
    tell(sari, "review.written")
    assert [i.state for i in service.board(sari).longer] == ["done", "todo"]
    tell(sari, "survey.answered", "again")
    assert [i.state for i in service.board(sari).longer] == ["done", "done"]


def test_a_mission_of_a_higher_tier_is_neither_shown_nor_paid(sari: Member) -> None:
    top = program.current().tiers[-1].code
    use(mission("tinggi", "review", tiers=(top,)), mission("baru", "survey", joined_within_days=3))
    before = held(sari)
    tell(sari, "review.written")
    tell(sari, "survey.answered")
    assert held(sari) == before + 1
    assert [i.code for i in service.today(sari)] == ["baru"]
    with clock.at(NOON + timedelta(days=5)):
        assert service.today(sari) == ()


def test_a_season_counts_rupiah_between_its_dates(sari: Member) -> None:
    on = clock.program_day()
    season = mission("musim", "purchase", window="season", starts_on=on, count="rupiah",
                     ends_on=on + timedelta(days=2), wanted=50_000)  # fmt: skip
    use(season)
    tell(sari, "purchase.recorded", "1", amount_rupiah=30_000, categories=[], eco=False)
    item = service.board(sari).longer[0]
    assert (item.state, item.count) == ("doing", "Rp30.000 dari Rp50.000")
    with clock.at(NOON + timedelta(days=2)):
        tell(sari, "purchase.recorded", "2", amount_rupiah=20_000, categories=[], eco=False)
        assert service.board(sari).longer[0].state == "done"
    with clock.at(NOON + timedelta(days=3)):
        assert service.board(sari).longer == ()


def test_missions_give_spins_freezes_and_vouchers(sari: Member) -> None:
    reward = program.current().rewards[0].code
    use(
        mission("putaran", "review", prize=Prize(kind="spin")),
        mission("libur", "survey", prize=Prize(kind="freeze")),
        mission("voucher", "friend_joined", prize=Prize(kind="voucher", reward=reward)),
    )
    tell(sari, "review.written")
    assert play.wheel_today(sari).tickets == 2
    tell(sari, "survey.answered")
    assert service.streak(sari).freezes == 1
    tell(sari, "friend.joined")
    assert [v.reward_code for v in rewards.active_vouchers(sari.id)] == [reward]
    assert ledger.balance(sari.id).spendable == program.current().program.welcome_points
