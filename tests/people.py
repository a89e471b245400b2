"""The people of all tests, made through the services that make real ones."""

from __future__ import annotations

from flask.testing import FlaskClient

from pwa import outbox
from pwa.members import service as members
from pwa.members.models import Member
from pwa.staff import service as staff_service
from pwa.staff.models import Staff

PASSWORD = "rahasia-sekali"
PHONES = {"Sari": "081210000001", "Tono": "081210000002", "Dewi": "081210000003"}


def join(name: str = "Sari", phone: str | None = None) -> Member:
    """A new member with the welcome bonus, committed."""
    member = members.join(members.Joining(name, phone or PHONES[name], PASSWORD))
    outbox.commit(then_writes=True)
    return member


def hire(login: str = "budi", role: str = "cashier", outlet: str = "tebet") -> Staff:
    """A new staff account, committed."""
    staff = staff_service.add(login, login.title(), role, PASSWORD, outlet)
    outbox.commit(then_writes=True)
    return staff


def log_in(client: FlaskClient, who: Member | Staff) -> FlaskClient:
    """The same client, logged in through the form as a person would."""
    if isinstance(who, Member):
        answer = client.post("/login", data={"phone": who.phone, "password": PASSWORD})
    else:
        answer = client.post("/till/login", data={"login": who.login, "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    return client
