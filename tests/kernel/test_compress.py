"""Answers are gzipped for those who read gzip, whole and with a size that tells nothing."""

from __future__ import annotations

import gzip

import pytest
from flask import Flask, Response
from hypothesis import given
from hypothesis import strategies as st

from pwa import compress

LONG = "Sari belanja lagi. " * 200


@pytest.fixture
def bare() -> Flask:
    app = Flask(__name__)
    app.after_request(compress.compress)
    app.add_url_rule("/page", view_func=lambda: LONG)
    app.add_url_rule("/short", endpoint="short", view_func=lambda: "pendek")
    app.add_url_rule(
        "/photo", endpoint="photo", view_func=lambda: Response(LONG, mimetype="image/png")
    )
    app.add_url_rule(
        "/stream", endpoint="stream", view_func=lambda: Response(iter([LONG]), mimetype="text/csv")
    )
    return app


def get(app: Flask, path: str, accept: str = "gzip") -> Response:
    return app.test_client().get(path, headers={"Accept-Encoding": accept})


@given(st.binary(max_size=5000))
def test_what_is_gzipped_comes_back_byte_for_byte(body: bytes) -> None:
    assert gzip.decompress(compress.gzipped(body)) == body


def test_a_page_is_gzipped_for_a_browser_that_reads_it(bare: Flask) -> None:
    answer = get(bare, "/page")
    assert answer.content_encoding == "gzip"
    assert "Accept-Encoding" in answer.vary
    assert answer.content_length == len(answer.data) < len(LONG) / 10
    assert gzip.decompress(answer.data).decode() == LONG


def test_a_page_stays_plain_for_one_that_does_not_and_caches_know(bare: Flask) -> None:
    answer = get(bare, "/page", accept="identity")
    assert answer.content_encoding is None
    assert answer.text == LONG
    assert "Accept-Encoding" in answer.vary


@pytest.mark.parametrize("path", ["/short", "/photo", "/stream"])
def test_short_answers_pictures_and_streams_stay_as_they_are(bare: Flask, path: str) -> None:
    assert get(bare, path).content_encoding is None


def test_the_same_page_has_many_sizes() -> None:
    assert len({len(compress.gzipped(LONG.encode())) for _ in range(200)}) > 10
