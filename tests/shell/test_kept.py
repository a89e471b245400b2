"""Components answer from memory: the same for the same, never one thing for another."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask_babel import force_locale
from markupsafe import Markup

from pwa.kept import keeping


def counted() -> tuple[list[object], Callable[..., str]]:
    calls: list[object] = []

    def macro(*args: object, **kwargs: object) -> str:
        calls.append((args, kwargs))
        return Markup(f"{args}{sorted(kwargs.items())}")

    return calls, keeping(macro)


def test_the_same_is_drawn_once_in_each_language(app: Flask) -> None:
    calls, kept = counted()
    with app.test_request_context():
        for language in ("id", "en", "id", "en"):
            with force_locale(language):
                kept("koin", tone="sun")
    assert len(calls) == 2


def test_what_is_equal_but_of_another_type_is_drawn_anew(app: Flask) -> None:
    calls, kept = counted()
    with app.test_request_context():
        for one in (1, True, "<b>", Markup("<b>"), None, "") * 2:
            kept(one)
    assert len(calls) == 6


def test_what_has_a_caller_or_a_list_is_always_drawn(app: Flask) -> None:
    calls, kept = counted()
    with app.test_request_context():
        for _ in range(2):
            kept([1])
            kept(caller=lambda: "x")
            kept(attrs={})
    assert len(calls) == 6


def test_a_text_that_needs_escaping_stays_escaped(app: Flask) -> None:
    """A kept answer for markup of ours must not answer for the same text from a member."""
    source = '{% from "components/sticker.html" import sticker %}{{ sticker(given) }}'
    template = app.jinja_env.from_string(source)
    with app.test_request_context():
        for _ in range(2):
            assert "<b>hai</b>" in template.render(given=Markup("<b>hai</b>"))
            assert "&lt;b&gt;hai" in template.render(given="<b>hai</b>")
