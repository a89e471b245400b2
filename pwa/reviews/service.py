"""Reviews of purchases and answers to surveys, each once. Callers commit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from pwa import outbox
from pwa.clock import now, program_day
from pwa.db import claim, db
from pwa.errors import LoyaltyError, NotFound
from pwa.program import service as program
from pwa.program.asking import SurveyQuestion
from pwa.program.schema import Survey, Text
from pwa.reviews.models import Review, SurveyAnswer
from pwa.shop import service as shop

OPEN_DAYS = 30  # after the purchase
STARS = range(1, 6)
TEXT_MOST_CHARS = 1000
SHOWN = 50


class NoStars(LoyaltyError):
    code = "no_stars"
    words = _l("Bintangnya belum dipilih.")
    todo = _l("Pilih satu sampai lima bintang, lalu kirim.")


class NotReviewable(NotFound):
    code = "not_reviewable"
    words = _l("Belanja ini tidak bisa diulas.")
    todo = _l("Ulasan bisa ditulis sampai %(days)s hari setelah belanja.")


class SurveyUnfinished(LoyaltyError):
    code = "survey_unfinished"
    words = _l("Masih ada pertanyaan yang kosong.")
    todo = _l("Pilih satu jawaban untuk tiap pertanyaan, lalu kirim.")


class Summary(NamedTuple):
    """All reviews put together."""

    reviews: int
    tenths: int  # the mean of the stars, times ten


class Tally(NamedTuple):
    """How often each option of one question of a survey was chosen."""

    text: Text
    options: tuple[tuple[Text, int], ...]


def to_review(member_id: int) -> shop.Purchase | None:
    """The member's newest purchase that she can still review."""
    bought = shop.newest_of_member(member_id, program_day() - timedelta(days=OPEN_DAYS))
    told = select(Review.purchase_id).where(Review.purchase_id.in_([p.id for p in bought]))
    done = set(db.session.scalars(told))
    return next((purchase for purchase in bought if purchase.id not in done), None)


def reviewable(member_id: int, code: str) -> shop.Purchase:
    """Her purchase of this receipt, while it can be reviewed. Raises NotReviewable."""
    found = shop.by_code(code)
    is_late = found.on < program_day() - timedelta(days=OPEN_DAYS)
    if found.member_id != member_id or is_late:
        raise NotReviewable(days=OPEN_DAYS)
    return found


def write(member_id: int, code: str, stars: int, text: str) -> Review:
    """Keep what she says of a purchase, once; again changes nothing.

    Raises NoStars, NotReviewable.
    """
    purchase = reviewable(member_id, code)
    if stars not in STARS:
        raise NoStars()
    said = " ".join(text.split())[:TEXT_MOST_CHARS]
    row = Review(
        member_id=member_id,
        purchase_id=purchase.id,
        outlet_code=purchase.outlet_code,
        stars=stars,
        text=said,
        at=now(),
    )
    stored, is_ours = claim(row, purchase_id=purchase.id)
    if is_ours:
        outbox.tell("review.written", stored.id, member_id, stars=stars, characters=len(said))
    return stored


def of_purchase(purchase_id: int) -> Review | None:
    return db.session.scalar(select(Review).where(Review.purchase_id == purchase_id))


def newest(limit: int = SHOWN) -> Sequence[Review]:
    """The newest reviews, for the shop."""
    return db.session.scalars(select(Review).order_by(Review.id.desc()).limit(limit)).all()


def summary() -> Summary:
    count, stars = db.session.execute(select(func.count(), func.sum(Review.stars))).one()
    return Summary(count, (20 * int(stars or 0) + count) // (2 * count) if count else 0)


def open_survey(member_id: int) -> Survey | None:
    """The first survey of the program that she can answer and has not."""
    on = program_day()
    offered = [survey for survey in program.current().surveys if survey.is_open(on)]
    if not offered:
        return None
    mine = select(SurveyAnswer.survey).where(SurveyAnswer.member_id == member_id)
    done = set(db.session.scalars(mine))
    return next((survey for survey in offered if survey.code not in done), None)


def survey(code: str) -> Survey:
    """A survey that runs today. Raises NotFound."""
    found = program.current().survey(code)
    if found is None or not found.is_open(program_day()):
        raise NotFound()
    return found


def answer(member_id: int, code: str, chosen: Mapping[str, int]) -> SurveyAnswer:
    """Keep a member's answers (places of options, by question), once for each survey.

    Raises NotFound, SurveyUnfinished.
    """
    asked = survey(code)
    if not all(chosen.get(q.code, -1) in range(len(q.options)) for q in asked.questions):
        raise SurveyUnfinished()
    answers = {q.code: chosen[q.code] for q in asked.questions}
    row = SurveyAnswer(member_id=member_id, survey=code, answers=answers, at=now())
    stored, is_ours = claim(row, member_id=member_id, survey=code)
    if is_ours:
        outbox.tell("survey.answered", f"{member_id}:{code}", member_id, survey=code)
    return stored


def tallies(asked: Survey) -> tuple[Tally, ...]:
    """What members answered, for the shop: counts only."""
    given = select(SurveyAnswer.answers).where(SurveyAnswer.survey == asked.code)
    rows = list(db.session.scalars(given))
    return tuple(_tally(question, rows) for question in asked.questions)


def _tally(question: SurveyQuestion, rows: Sequence[Mapping[str, int]]) -> Tally:
    chosen = Counter(row.get(question.code) for row in rows)
    options = tuple((option, chosen[n]) for n, option in enumerate(question.options))
    return Tally(question.text, options)
