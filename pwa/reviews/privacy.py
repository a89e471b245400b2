"""What a member said of the shop, as data."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update

from pwa.db import db
from pwa.reviews.models import Review, SurveyAnswer

TITLE = _l("Ulasan dan survei")
LABELS = {
    "reviews": _l("Ulasan"),
    "surveys": _l("Survei"),
    "survey": _l("Survei"),
    "answers": _l("Jawaban"),
    "stars": _l("Bintang"),
    "text": _l("Isi"),
    "outlet": _l("Gerai"),
    "at": _l("Waktu"),
}


def export(member_id: int) -> dict[str, Any]:
    reviews = select(Review).where(Review.member_id == member_id).order_by(Review.id)
    surveys = select(SurveyAnswer).where(SurveyAnswer.member_id == member_id)
    return {
        "reviews": [
            {
                "stars": row.stars,
                "text": row.text,
                "outlet": row.outlet_code,
                "at": row.at.isoformat(),
            }
            for row in db.session.scalars(reviews)
        ],
        "surveys": [
            {"survey": row.survey, "answers": row.answers, "at": row.at.isoformat()}
            for row in db.session.scalars(surveys.order_by(SurveyAnswer.id))
        ],
    }


def erase(member_id: int) -> None:
    """Forget her words and her answers; the stars stay in the mean, nobody's."""
    db.session.execute(update(Review).where(Review.member_id == member_id).values(text=""))
    db.session.execute(delete(SurveyAnswer).where(SurveyAnswer.member_id == member_id))
