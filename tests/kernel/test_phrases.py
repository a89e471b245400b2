"""Phrases and numbers come out as Flask-Babel and Babel would write them, only sooner."""

from __future__ import annotations

import flask_babel
import pytest
from babel.numbers import format_currency, format_decimal
from flask import Flask, render_template_string
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pwa import languages, phrases

LANGUAGES = sorted(languages.NAMES)


@pytest.mark.parametrize("language", LANGUAGES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(value=st.integers(-(10**12), 10**12))
def test_numbers_and_rupiah_are_as_babel_writes_them(app: Flask, language: str, value: int) -> None:
    plain = format_decimal(value, locale=language).replace("-", phrases.MINUS)
    money = format_currency(value, "IDR", "Rp#,##0", locale=language, currency_digits=False)
    with app.test_request_context(), flask_babel.force_locale(language):
        assert languages.number(value) == plain
        assert languages.rupiah(value) == money.replace("-", phrases.MINUS)


def test_a_phrase_keeps_its_per_cent_and_escapes_its_facts(app: Flask) -> None:
    with app.test_request_context():
        assert render_template_string("{{ _('Hemat 20%%') }}") == "Hemat 20%"
        source = "{{ _('Hemat 20%%, %(name)s', name=name) }}"
        assert render_template_string(source, name="<b>") == "Hemat 20%, &lt;b&gt;"


def test_trans_blocks_and_plurals_use_the_same_catalogue(app: Flask) -> None:
    source = "{% trans %}Kuis{% endtrans %} {{ ngettext('%(num)s soal', '%(num)s soal', 3) }}"
    with app.test_request_context():
        assert render_template_string(source) == "Kuis 3 soal"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_is_read_from_its_own_catalogue(app: Flask, language: str) -> None:
    with app.test_request_context(), flask_babel.force_locale(language):
        for phrase in ("Masuk", "Gabung", "Hadiah", "Tukar"):
            assert phrases.catalogue().gettext(phrase) == flask_babel.gettext(phrase)
