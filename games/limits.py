"""How often one may play, and what looks so odd that the owner should look before it is paid."""

from collections.abc import Sequence
from typing import NamedTuple

from games.question import Question, text_in
from games.quiz import Turn, took_ms

# Adults read 238 words a minute on average (Brysbaert 2019, 190 studies); nobody reads four
# times as fast, which is about 95 characters a second.
READING_MS_PER_CHAR = 10


class Limits(NamedTuple):
    """What an owner can set for one game. None is no limit."""

    member_day: int | None = None  # plays of one member in a program day
    device_day: int | None = None  # plays from one device, whoever holds it
    device_members: int = 5  # more members than this on one device in a week look like a farm
    fast_answers: int = 2  # more answers than this in one attempt, faster than reading, do too


def refuse_play(limits: Limits, member_plays: int, device_plays: int) -> str | None:
    """Why there can be no further play today: "member_limit" or "device_limit"; None if it can."""
    if limits.member_day is not None and member_plays >= limits.member_day:
        return "member_limit"
    if limits.device_day is not None and device_plays >= limits.device_day:
        return "device_limit"
    return None


def refuse_ticket(bought_today: int, daily_cap: int, held_points: int, price: int) -> str | None:
    """Why a ticket can't be had for `price` points now: "ticket_cap" or "not_enough_points"."""
    if bought_today >= daily_cap:
        return "ticket_cap"
    return "not_enough_points" if held_points < price else None


def suspicions(limits: Limits, device_members: int, fast_answers: int = 0) -> tuple[str, ...]:
    """Why the prize of a play waits for the owner; empty when it is paid at once.

    `device_members` are the members who played on this device in the last seven days.
    """
    odd = {
        "crowded_device": device_members > limits.device_members,
        "fast_answers": fast_answers > limits.fast_answers,
    }
    return tuple(name for name, is_odd in odd.items() if is_odd)


def fast_answers(questions: Sequence[Question], turns: Sequence[Turn], lang: str) -> int:
    """How many answers of an attempt came faster than anybody reads the question."""
    known = {question.code: question for question in questions}
    return sum(_is_fast(known[turn.question], turn, lang) for turn in turns)


def reading_ms(question: Question, lang: str) -> int:
    """The least time, in milliseconds, in which the question and its options can be read."""
    texts = [question.text, *(option.text for option in question.options)]
    return READING_MS_PER_CHAR * sum(len(text_in(text, lang)) for text in texts)


def _is_fast(question: Question, turn: Turn, lang: str) -> bool:
    took = took_ms(turn)
    return bool(turn.answer) and took is not None and took < reading_ms(question, lang)
