"""Questions of every kind, and a quiz made of them."""

from datetime import UTC, datetime, timedelta

from games.prize import Prize
from games.question import (
    Option,
    Question,
)
from games.quiz import Quiz, Step, Turn

SEED = "9a" * 32
NOW = datetime(2026, 11, 11, 5, 0, tzinfo=UTC)


def question(kind: str, right: str, options: str = "abcd", **more) -> Question:
    shown = tuple(
        Option(code, {"id": f"pilihan {code}", "en": f"option {code}"}) for code in options
    )
    return Question(
        f"q-{kind}", kind, {"id": "Yang mana?", "en": "Which?"}, shown, tuple(right), **more
    )


TRUTH = Question(
    "q-truth",
    "true_false",
    {"id": "Kopi gayo dari Aceh?"},
    (Option("false", {"id": "Salah"}), Option("true", {"id": "Benar"})),
    ("true",),
)
KINDS = [
    question("single", "b"),
    question("several", "bd"),
    TRUTH,
    question("picture", "c"),
    question("order", "dbca"),
    question("earliest", "a"),
]
THREE = Prize("tiga", "points", points=3, value_rupiah=30)
TEN = Prize("sepuluh", "points", points=10, value_rupiah=100)
COFFEE = Prize("kopi", "voucher", reward="kopi", value_rupiah=8_000)
QUIZ = Quiz(tuple(KINDS), 6, (Step(3, THREE), Step(5, TEN), Step(6, COFFEE)), limit_s=20)


def turn(asked: Question, took_s: float = 1, answer: tuple[str, ...] | None = None) -> Turn:
    given = asked.right if answer is None else answer
    return Turn(asked.code, NOW, NOW + timedelta(seconds=took_s), given)
