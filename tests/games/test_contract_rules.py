"""What every game keeps, found by name; and the scratch card, which proves it is enough."""

from collections import Counter
from pathlib import Path

import pytest

import games
from games import scratch
from games.prize import Prize

PRIZES = [
    {"code": "lima", "kind": "points", "points": 5, "weight": 3},
    {"code": "kopi", "kind": "voucher", "reward": "kopi", "weight": 1},
    {"code": "nihil", "weight": 6},
]
OPTIONS = [{"code": "a", "text": {"id": "A"}}, {"code": "b", "text": {"id": "B"}}]
PLAIN = {
    "wheel": {"slices": PRIZES, "consolation": "nihil"},
    "scratch": {"prizes": PRIZES, "consolation": "nihil"},
    "quiz": {
        "questions": [
            {"code": "q", "kind": "single", "text": {"id": "?"}, "options": OPTIONS, "right": ["a"]}
        ],
        "asked": 1,
        "steps": [{"min_score": 1, "prize": PRIZES[0]}],
    },
}
GAMES = games.discover()


def test_every_game_is_found_and_has_a_sample_here():
    assert set(GAMES) == set(PLAIN)


@pytest.fixture(params=sorted(GAMES))
def game(request):
    return GAMES[request.param]


def test_a_game_is_called_as_its_file_is(game):
    assert game.__name__ == f"games.{game.NAME}"


def test_its_sample_is_sound(game):
    assert game.problems(game.load(PLAIN[game.NAME])) == ()


def test_every_roll_gives_one_of_its_prizes_or_kind_words_and_always_the_same(game):
    config = game.load(PLAIN[game.NAME])
    for roll in range(game.total(config)):
        outcome = game.play(config, roll)
        assert outcome == game.play(config, roll)
        assert outcome.raw in (*game.prizes(config), Prize("nothing"))


def test_games_import_the_standard_library_and_each_other_only():
    import sys

    for file in Path(games.__file__).parent.glob("*.py"):
        lines = file.read_text(encoding="utf-8").splitlines()
        roots = {x.split()[1].split(".")[0] for x in lines if x.startswith(("import ", "from "))}
        assert roots <= {"games", *sys.stdlib_module_names}, file.name
        assert not roots & {"random", "secrets", "time", "sqlite3", "socket"}, file.name


# The scratch card

CARD = scratch.load(PLAIN["scratch"])


def test_over_every_roll_each_prize_wins_exactly_its_weight():
    won = Counter(scratch.play(CARD, roll).raw for roll in range(scratch.total(CARD)))
    assert won == {prize: prize.weight * scratch.CARDS for prize in CARD.prizes}


def test_three_alike_win_and_a_loser_never_has_three():
    for roll in range(scratch.total(CARD)):
        outcome = scratch.play(CARD, roll)
        seen = Counter(outcome.shown["fields"])
        three = [symbol for symbol, times in seen.items() if times >= 3]
        place = CARD.prizes.index(outcome.raw)
        assert len(outcome.shown["fields"]) == scratch.FIELDS
        assert three == ([] if outcome.raw.code == "nihil" else [scratch.SYMBOLS[place]])


def test_losing_cards_do_not_all_look_the_same():
    losers = {scratch.play(CARD, roll).shown["fields"] for roll in range(4_000, 5_000)}
    assert len(losers) > 900


@pytest.mark.parametrize(
    ("card", "problem"),
    [
        (scratch.Card((), "x"), "prizes"),
        (scratch.Card(tuple(Prize(str(n)) for n in range(9)), "1"), "prizes"),
        (scratch.Card((Prize("a"), Prize("a")), "a"), "code_twice"),
        (scratch.Card((Prize("a"),), "b"), "consolation_missing"),
        (scratch.Card((Prize("a", "gold"),), "a"), "a.kind"),
    ],
)
def test_an_unsound_card_is_told_why(card, problem):
    assert problem in scratch.problems(card)


def test_the_fourth_game_is_small():
    rules = Path(scratch.__file__).read_text(encoding="utf-8").splitlines()
    template = Path(scratch.__file__).parents[1] / "templates" / "play" / "scratch.html"
    shown = template.read_text(encoding="utf-8").splitlines() if template.exists() else []
    assert len(rules) + len(shown) < 150
