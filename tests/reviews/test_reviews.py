"""A review of a purchase and a survey: once each, hers alone, and told to the missions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from pwa import clock, outbox
from pwa.db import db
from pwa.members.models import Member
from pwa.missions import service as missions
from pwa.reviews import privacy, service
from pwa.shop import service as shop
from pwa.shop.sales import Sale
from tests.conftest import NOON
from tests.people import hire, join, log_in


@pytest.fixture
def sari(app: Flask, noon: object) -> Member:
    return join("Sari")


@pytest.fixture
def receipt(sari: Member) -> str:
    sale = Sale(key="a", member_id=sari.id, outlet_code="tebet", amount_rupiah=22_000)
    code = shop.record(sale, hire()).code
    outbox.commit()
    return code


def told(kind: str) -> list[dict]:
    return [e.data for e in db.session.query(outbox.Event).filter_by(kind=kind)]


class TestReviews:
    def test_once_for_a_purchase_and_told_once(
        self, client: FlaskClient, sari: Member, receipt: str
    ) -> None:
        log_in(client, sari)
        assert client.get("/reviews").location == f"/receipts/{receipt}/review"
        assert "Berapa bintang?" in client.get(f"/receipts/{receipt}/review").text
        for stars in ("4", "1"):
            data = {"stars": stars, "text": "  Enak,\n ramai. "}
            assert client.post(f"/receipts/{receipt}/review", data=data).status_code == 303
        assert told("review.written") == [{"stars": 4, "characters": 12}]
        assert "Enak, ramai." in client.get(f"/receipts/{receipt}/review").text
        assert "Belum ada yang bisa diulas" in client.get("/reviews").text

    @pytest.mark.parametrize("stars", ["", "0", "6", "x", "-1"])
    def test_without_stars_it_is_asked_again_with_her_words(
        self, client: FlaskClient, sari: Member, receipt: str, stars: str
    ) -> None:
        data = {"stars": stars, "text": "Sudah kutulis panjang"}
        answer = log_in(client, sari).post(f"/receipts/{receipt}/review", data=data)
        assert answer.status_code == 422
        assert "Bintangnya belum dipilih." in answer.text
        assert "Sudah kutulis panjang" in answer.text
        assert not told("review.written")

    def test_another_members_purchase_is_not_there(
        self, client: FlaskClient, sari: Member, receipt: str
    ) -> None:
        url = f"/receipts/{receipt}/review"
        assert client.get(url).status_code == 303
        log_in(client, join("Tono"))
        assert client.get(url).status_code == 404
        assert client.post(url, data={"stars": 5}).status_code == 404

    def test_a_month_later_it_is_too_late(self, sari: Member, receipt: str) -> None:
        with clock.at(NOON + timedelta(days=31)):
            assert service.to_review(sari.id) is None
            with pytest.raises(service.NotReviewable):
                service.write(sari.id, receipt, 5, "")

    def test_the_owner_reads_them_and_a_cashier_does_not(
        self, client: FlaskClient, sari: Member, receipt: str
    ) -> None:
        service.write(sari.id, receipt, 4, "Kopinya pas")
        outbox.commit()
        assert client.get("/till/reviews").status_code == 303
        assert log_in(client, hire("sinta")).get("/till/reviews").status_code == 403
        client.post("/till/logout")
        page = log_in(client, hire("maya", "manager")).get("/till/reviews").text
        assert "Rata-rata 4,0 bintang dari 1 ulasan." in page
        assert "Kopinya pas" in page
        assert "Semanis apa kopimu?" in page

    def test_her_copy_and_being_forgotten(self, sari: Member, receipt: str) -> None:
        service.write(sari.id, receipt, 4, "Kopinya pas")
        service.answer(sari.id, "selera", {"waktu": 1, "manis": 0})
        export = privacy.export(sari.id)
        assert [r["text"] for r in export["reviews"]] == ["Kopinya pas"]
        assert export["surveys"][0]["answers"] == {"waktu": 1, "manis": 0}
        privacy.erase(sari.id)
        assert [r["text"] for r in privacy.export(sari.id)["reviews"]] == [""]
        assert privacy.export(sari.id)["surveys"] == []


class TestSurveys:
    def test_answered_once_and_the_mission_gives_its_freeze(
        self, client: FlaskClient, sari: Member
    ) -> None:
        log_in(client, sari)
        assert "Semanis apa kopimu?" in client.get("/surveys").text
        for place in ("2", "0"):
            data = {"q-waktu": place, "q-manis": "1"}
            assert client.post("/surveys/selera/answers", data=data).status_code == 303
        assert told("survey.answered") == [{"survey": "selera"}]
        assert missions.streak(sari).freezes == 1
        assert "Tidak ada survei" in client.get("/surveys").text

    def test_a_question_left_out_is_asked_again_and_keeps_the_others(
        self, client: FlaskClient, sari: Member
    ) -> None:
        answer = log_in(client, sari).post("/surveys/selera/answers", data={"q-waktu": "2"})
        assert answer.status_code == 422
        assert 'name="q-waktu" value="2" required checked' in answer.text
        assert client.post("/surveys/lain/answers").status_code == 404

    def test_strangers_are_sent_away(self, client: FlaskClient, sari: Member) -> None:
        assert client.get("/surveys").status_code == 303
        assert client.post("/surveys/selera/answers").status_code == 303
