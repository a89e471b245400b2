"""Draw mode (rule 11): a permit, its dates, rules that stand still, tax beside each prize."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from pydantic import ValidationError

from pwa import clock, outbox
from pwa.members.models import Member
from pwa.play import spins, wheels
from pwa.play.errors import NoWheel
from pwa.program import service as program
from pwa.program.frozen import DrawRuns
from pwa.program.playing import Draw, check_game
from pwa.program.schema import Game, Prize, Slice, Text, Wheel
from tests.conftest import NOON
from tests.people import log_in
from tests.play.test_scratch import CONFIG

DAY = timedelta(days=1)
ON = NOON.date()
DRAW = Draw(permit="UB-17/2026", starts_on=ON + DAY, ends_on=ON + 5 * DAY)
FIVE = Slice(code="lima", label=Text(id="5"), weight=1, prize=Prize(points=5))


def tote(**more: object) -> Slice:
    given = {"value_rupiah": 90_000, "weight": 1_000_000, **more}
    prize = Prize(kind="voucher", reward=program.current().rewards[0].code)
    return Slice(code="tas", label=Text(id="Tas"), prize=prize, **given)  # type: ignore[arg-type]


def wheel(**more: object) -> Wheel:
    given = {"slices": (tote(), FIVE), "consolation": "lima", "draw": DRAW, **more}
    return Wheel(code="undian", **{"name": Text(id="Undian"), **given})  # type: ignore[arg-type]


def use(*wheels_: Wheel) -> None:
    program.apply(program.current().model_copy(update={"wheels": wheels_}), actor="test")
    outbox.commit()


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"draw": None}, "needs `draw`, a permit"),
        ({"slices": "worthless"}, "needs `value_rupiah`"),
        ({"draw": {"permit": "x", "starts_on": ON, "ends_on": ON - DAY}}, "before starts_on"),
        ({"draw": {"permit": "", "starts_on": ON, "ends_on": ON}}, "at least 1 character"),
    ],
)
def test_goods_by_lot_need_a_permit_their_value_and_dates(
    sari: Member, changes: dict, why: str
) -> None:
    if changes.get("slices"):
        changes = {"slices": (tote(value_rupiah=0), FIVE)}
    with pytest.raises(ValidationError, match=why):
        wheel(**changes)


def test_other_games_of_chance_give_points_only() -> None:
    goods = {"code": "tas", "kind": "voucher", "reward": "x", "weight": 1}
    config = {**CONFIG, "prizes": [*CONFIG["prizes"], goods]}
    with pytest.raises(ValueError, match="gives points only"):
        check_game("scratch", Game(name=Text(id="x"), text=Text(id="x"), config=config, labels={}))


def test_it_is_played_between_its_dates_only(client: FlaskClient, sari: Member) -> None:
    use(wheel())
    with pytest.raises(NoWheel):
        spins.spin(sari, "early")
    outbox.rollback()
    assert log_in(client, sari).get("/wheel").status_code == 404
    with clock.at(NOON + 2 * DAY):
        assert spins.spin(sari, "k").game == "undian"
        outbox.commit()
    with clock.at(NOON + 6 * DAY), pytest.raises(NoWheel):
        spins.spin(sari, "late")


def test_another_wheel_turns_before_and_after(sari: Member) -> None:
    daily = program.current().wheels[0]
    use(wheel(), daily)
    assert wheels.current().code == daily.code
    with clock.at(NOON + 2 * DAY):
        assert wheels.current().code == "undian"


@pytest.mark.parametrize("act", ["weight", "stock", "longer", "gone"])
def test_its_rules_stand_still_while_it_runs(sari: Member, act: str) -> None:
    use(wheel())
    longer = DRAW.model_copy(update={"ends_on": ON + 9 * DAY})
    changed = {
        "weight": (wheel(slices=(tote(weight=1), FIVE)),),
        "stock": (wheel(slices=(tote(stock_total=1), FIVE)),),
        "longer": (wheel(draw=longer),),
        "gone": (),
    }[act]
    with clock.at(NOON + 2 * DAY):
        with pytest.raises(DrawRuns) as refused:
            use(*changed)
        assert "Undian" in str(refused.value.title)
        outbox.rollback()
        program.forget_cached()
        use(wheel(name=Text(id="Undian akhir tahun")))  # a name may be put right
    with clock.at(NOON + 6 * DAY):
        use(*changed)  # it is over


def test_the_tax_of_each_prize_is_beside_its_odds_and_on_the_result(
    client: FlaskClient, sari: Member
) -> None:
    use(wheel())
    with clock.at(NOON + 2 * DAY):
        page = log_in(client, sari).get("/wheel").text
        assert "Undian berizin UB-17/2026" in page
        assert page.count("pajak Rp22.500") == 1  # a quarter of Rp90.000; points have none
        made = client.post(
            "/wheel/spins", data={"key": "k"}, headers={"Accept": "application/json"}
        )
        assert "Pajak undian 25% atas hadiah ini: Rp22.500." in made.json["html"]
        assert "Rp22.500" in client.get(made.json["url"]).text
