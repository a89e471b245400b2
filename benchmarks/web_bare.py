"""The least that Flask can do with a database: one row by primary key, in one template."""

from __future__ import annotations

from flask import Flask, render_template
from flask_sqlalchemy import SQLAlchemy
from jinja2 import DictLoader
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

PAGE = """<!doctype html>
<html lang="id"><head><meta charset="utf-8"><title>{{ member.name }}</title></head>
<body><h1>{{ member.name }}</h1><p>{{ member.card_code }}</p></body></html>
"""


class Base(DeclarativeBase):
    pass


class Member(Base):
    __tablename__ = "member"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    card_code: Mapped[str]


def create(url: str) -> Flask:
    """GET /<id> on the members' table of the shop at database `url`."""
    app = Flask("bare")
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.jinja_loader = DictLoader({"page.html": PAGE})  # type: ignore[assignment]
    db = SQLAlchemy(model_class=Base)
    db.init_app(app)

    @app.get("/<int:member_id>")
    def page(member_id: int) -> str:
        return render_template("page.html", member=db.get_or_404(Member, member_id))

    return app
