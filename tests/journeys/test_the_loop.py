"""The whole loop through the HTTP client, as two people: Sari with her phone, Budi at the till."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from pwa import clock
from pwa.db import db
from pwa.ledger import service as ledger
from pwa.ledger.verify import differences
from pwa.members.models import Member
from pwa.program import service as program
from tests.conftest import NOON
from tests.people import PASSWORD, hire, log_in


class Person:
    """Somebody with a browser that has no JavaScript: fills in forms and follows redirects.

    Each step takes eight seconds of everybody's time: answers that come faster than anybody
    reads are held back for the owner.
    """

    instant = NOON

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()
        self.html = ""
        self.at = ""

    def opens(self, path: str) -> str:
        with self._a_while():
            return self._keep(self.client.get(path, follow_redirects=True))

    def _a_while(self) -> AbstractContextManager[None]:
        Person.instant += timedelta(seconds=8)
        return clock.at(Person.instant)

    def sends(self, action: str, **typed: str | list[str]) -> str:
        """Submit the form on this page whose action is (or begins with) `action`."""
        form = self._form(action)
        data = {**_fields(form), **typed}
        found = re.search(r'action="([^"]*)"', form)
        assert found is not None
        with self._a_while():
            return self._keep(
                self.client.post(unescape(found[1]), data=data, follow_redirects=True)
            )

    def _form(self, action: str) -> str:
        for form in re.findall(r"<form.*?</form>", self.html, re.S):
            if re.search(rf'action="{re.escape(action)}', form):
                return str(form)
        raise AssertionError(f"no form for {action} on {self.at}:\n{self.html}")

    def _keep(self, answer: object) -> str:
        self.html = answer.text  # type: ignore[attr-defined]
        self.at = answer.request.path  # type: ignore[attr-defined]
        return self.html


def _fields(form: str) -> dict[str, str]:
    """What the form sends as it stands: its hidden fields."""
    hidden = re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", form)
    names = [re.search(r'name="([^"]*)"', tag) for tag in hidden]
    values = [re.search(r'value="([^"]*)"', tag) for tag in hidden]
    pairs = zip(names, values, strict=True)
    return {name[1]: unescape(value[1]) for name, value in pairs if name and value}


@pytest.fixture
def sari(app: Flask) -> Person:
    person = Person(app)
    person.opens("/join?src=poster-kasir")
    person.sends("/join", name="Sari", phone="0812 1000 0001", password=PASSWORD)
    assert person.at == "/"
    return person


@pytest.fixture(autouse=True)
def noon() -> None:
    Person.instant = NOON


@pytest.fixture
def budi(app: Flask) -> Person:
    person = Person(app)
    log_in(person.client, hire("budi"))
    return person


def the_member() -> Member:
    return db.session.scalars(select(Member)).one()


def spendable() -> int:
    db.session.rollback()  # see what the others have committed
    with clock.at(Person.instant):
        return ledger.balance(the_member().id).spendable


def test_a_member_joins_plays_earns_and_redeems(sari: Person, budi: Person) -> None:
    assert "50" in sari.html
    assert spendable() == 50

    sari.sends("/missions/check-ins")
    after_check_in = spendable()
    assert after_check_in > 50

    sari.opens("/wheel")
    sari.sends("/wheel/spins")
    assert re.match(r"/wheel/spins/\w+", sari.at)
    assert spendable() > after_check_in
    shown = spendable()
    sari.opens(sari.at)
    assert spendable() == shown, "a reload shows the same spin and pays nothing"

    play_quiz(sari)

    buy(budi, "45.000")
    assert spendable() >= shown + 45

    sari.opens("/wallet")
    assert "Belanja Rp45.000" in sari.html
    assert "selamat datang" in sari.html

    before = spendable()
    sari.opens("/rewards/kue-kering")
    sari.sends("/rewards/kue-kering/redemptions")
    assert sari.at.startswith("/vouchers/")
    assert 'class="qr"' in sari.html
    code = sari.at.rsplit("/", 1)[1]
    assert f"{code[:4]} {code[4:]}" in sari.html
    assert spendable() == before - 60

    use_voucher(budi, code)
    assert list(differences()) == []


def play_quiz(person: Person) -> None:
    """Answer today's quiz rightly to the end, without JavaScript."""
    person.opens("/quiz")
    person.sends("/quiz/attempts")
    attempt = person.at
    while f'href="{attempt}/result"' not in person.html:
        name, values = right_choice(person.html)
        person.sends(f"{attempt}/answers", **{name: values})
        if f'action="{attempt}/turns"' in person.html:
            person.sends(f"{attempt}/turns")
    person.opens(f"{attempt}/result")
    assert "3 dari 3 benar" in person.html, re.findall(r'id="hasil".*', person.html)


OPTION = r'<option value="([^"]+)">([^<]+)</option>'


def right_choice(html: str) -> tuple[str, list[str]]:
    """The inputs' name and the values that are right, found by their words in the program."""
    text = unescape(html)
    asked = re.search(r'id="soal"[^>]*>([^<]*)<', text)
    assert asked is not None, re.findall(r"<main.*?</main>", text, re.S)
    questions = [q for quiz in program.current().quizzes for q in quiz.questions]
    question = next(q for q in questions if q.text.id == asked[1])
    if question.kind == "order":  # the options stand in the file in the order that is right
        first = re.search(r"<select.*?</select>", text, re.S)
        assert first is not None
        steps = {name: value for value, name in re.findall(OPTION, first[0])}
        return "answer", [steps[option.text.id] for option in question.options]
    rights = {option.text.id for option in question.options if option.right}
    found = [
        re.search(r'name="([^"]*)" value="([^"]*)"', label)
        for label in re.findall(r"<label.*?</label>", text, re.S)
        if rights & {said.strip() for said in re.findall(r">([^<]+)<", label)}
    ]
    inputs = [one.groups() for one in found if one is not None]
    assert len(inputs) == len(rights), (rights, text)
    return inputs[0][0], [value for _, value in inputs]


def buy(cashier: Person, amount: str) -> None:
    cashier.opens("/till")
    cashier.sends("/till/codes", code=the_member().card_code)
    assert cashier.at.startswith("/till/members/")
    cashier.sends("/till/members/", amount=amount)
    assert cashier.at.startswith("/till/receipts/")


def use_voucher(cashier: Person, code: str) -> None:
    cashier.opens("/till")
    cashier.sends("/till/codes", code=f"{code[:4].lower()} {code[4:].lower()}")
    assert "Berlaku" in cashier.html
    cashier.sends("/till/vouchers/")
    assert "Serahkan" in cashier.html
    cashier.opens("/till")
    cashier.sends("/till/codes", code=code)
    assert "Sudah dipakai" in cashier.html
    assert "Budi" in cashier.html
    assert "Jangan serahkan" in cashier.html


def test_the_same_card_and_amount_twice_are_two_purchases_but_one_form_is_one(
    sari: Person, budi: Person
) -> None:
    budi.opens("/till")
    budi.sends("/till/codes", code=the_member().card_code)
    page, at = budi.html, budi.at
    budi.sends("/till/members/", amount="45000")
    once = spendable()
    budi.html, budi.at = page, at
    budi.sends("/till/members/", amount="45000")  # the same form, sent again
    assert spendable() == once
    buy(budi, "45000")
    assert spendable() > once
