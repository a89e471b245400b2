"""One quiz question: what the phone may know before the answer, and after it.

Before, the phone only ever gets `public(...)`: texts and pictures by place, no codes, no
answer, no explanation. It answers with places; `codes_at` turns them back. `explained(...)` is
sent after the answer is recorded.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

SINGLE = "single"
SEVERAL = "several"  # all the right ones and no other
TRUE_FALSE = "true_false"  # options "true" and "false"
PICTURE = "picture"  # options are pictures; one is right
ORDER = "order"  # put the steps in order; `right` is the whole order
EARLIEST = "earliest"  # which came first
PREFERENCE = "preference"  # no right answer
KINDS = frozenset({SINGLE, SEVERAL, TRUE_FALSE, PICTURE, ORDER, EARLIEST, PREFERENCE})

FALLBACK_LANG = "id"

Texts = Mapping[str, str]  # by language


class Option(NamedTuple):
    code: str  # stays on the server: a telling code would be an answer
    text: Texts
    picture: str = ""  # its file name should tell nothing either


class Question(NamedTuple):
    code: str
    kind: str
    text: Texts
    options: tuple[Option, ...]
    right: tuple[str, ...] = ()  # option codes; in order for ORDER; none for PREFERENCE
    explanation: Texts = MappingProxyType({})
    picture: str = ""
    limit_s: int | None = None  # overrides the quiz's
    asks: str = ""  # PREFERENCE: the profile field it fills, with consent


def public(question: Question, lang: str, order: Sequence[int]) -> dict[str, Any]:
    """The question as the phone may know it before the answer."""
    options = [question.options[place] for place in order]
    return {
        "kind": question.kind,
        "text": text_in(question.text, lang),
        "picture": question.picture,
        "options": [{"text": text_in(o.text, lang), "picture": o.picture} for o in options],
    }


def explained(question: Question, lang: str, order: Sequence[int]) -> dict[str, Any]:
    """What the phone may know once the answer is recorded: the right places and why."""
    place_of = {question.options[option].code: place for place, option in enumerate(order)}
    return {
        "right": [place_of[code] for code in question.right],
        "explanation": text_in(question.explanation, lang),
    }


def codes_at(question: Question, order: Sequence[int], places: Sequence[int]) -> tuple[str, ...]:
    """The option codes at the places a phone sent. Raises ValueError on a place there is not."""
    if len(set(places)) < len(places) or not set(places) <= set(range(len(order))):
        raise ValueError(f"no such answer: {places!r}")
    return tuple(question.options[order[place]].code for place in places)


def text_in(texts: Texts, lang: str) -> str:
    """The text in `lang`, else in Indonesian, else in whichever language there is."""
    return texts.get(lang) or texts.get(FALLBACK_LANG) or next(iter(texts.values()), "")


def is_right(question: Question, answer: Sequence[str]) -> bool:
    """Whether these option codes answer the question. A preference has no right answer."""
    if question.kind == PREFERENCE:
        return False
    if question.kind == ORDER:
        return tuple(answer) == question.right
    return len(set(answer)) == len(answer) and set(answer) == set(question.right)


def is_complete(question: Question, answer: Sequence[str]) -> bool:
    """Whether a phone may send this: one option, at least one, or every step."""
    if question.kind == ORDER:
        return sorted(answer) == sorted(o.code for o in question.options)
    return len(answer) >= 1 if question.kind == SEVERAL else len(answer) == 1


def load(data: Mapping[str, Any]) -> Question:
    """A question from plain data. Raises TypeError on unknown fields."""
    options = tuple(Option(**option) for option in data["options"])
    return Question(**{**data, "options": options, "right": tuple(data.get("right", ()))})


def problems(question: Question) -> tuple[str, ...]:
    """What is wrong with a question as an owner wrote it, as codes."""
    codes = [option.code for option in question.options]
    wrong = {
        "kind": question.kind not in KINDS,
        "options": len(codes) < 2,
        "true_false": question.kind == TRUE_FALSE and sorted(codes) != ["false", "true"],
        "option_twice": len(set(codes)) < len(codes),
        "right": not _right_makes_sense(question, codes),
        "text": not any(question.text.values()),
        "pictures": question.kind == PICTURE and not all(o.picture for o in question.options),
    }
    return tuple(f"{question.code}.{name}" for name, is_wrong in wrong.items() if is_wrong)


def _right_makes_sense(question: Question, codes: Sequence[str]) -> bool:
    right = question.right
    if len(set(right)) < len(right) or not set(right) <= set(codes):
        return False
    if question.kind == PREFERENCE:
        return not right
    if question.kind == ORDER:
        return len(right) == len(codes)
    return len(right) >= 1 if question.kind == SEVERAL else len(right) == 1
