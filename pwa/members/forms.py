"""What members type about themselves."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    HiddenField,
    PasswordField,
    SelectField,
    StringField,
    TelField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, Optional, Regexp

from pwa import clock
from pwa.errors import LoyaltyError
from pwa.members.phones import to_e164

NAME_MOST_CHARS = 60
PASSWORD_LEAST_CHARS = 8
PASSWORD_MOST_CHARS = 128
OLDEST_YEARS = 120


def _trimmed(value: str | None) -> str:
    return " ".join((value or "").split())


class NameField(StringField):
    def __init__(self, **bound: Any) -> None:
        super().__init__(
            _l("Nama panggilan"),
            filters=[_trimmed],
            validators=[
                InputRequired(_l("Siapa namamu? Nama panggilan saja cukup.")),
                Length(max=NAME_MOST_CHARS, message=_l("Namanya terlalu panjang.")),
                # a name is never a link or markup: it is shown to others at the till
                Regexp(r"^[^<>@/\\]+$", message=_l("Nama cukup huruf, tanpa tanda khusus.")),
            ],
            **bound,
        )


class PhoneField(TelField):
    def __init__(self, **bound: Any) -> None:
        super().__init__(
            _l("Nomor HP"),
            validators=[InputRequired(_l("Nomor HP dipakai untuk masuk."))],
            **bound,
        )

    def post_validate(self, form: FlaskForm, validation_stopped: bool) -> None:
        if validation_stopped:
            return
        try:
            to_e164(self.data or "")
        except LoyaltyError as error:
            raise ValidationError(f"{error.title} {error.advice}") from error


class BirthdayField(DateField):
    def __init__(self, **bound: Any) -> None:
        super().__init__(_l("Tanggal lahir"), validators=[Optional()], **bound)

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([v for v in valuelist if v])
        except ValueError as error:
            raise ValueError(str(_l("Tanggal ini tidak ada di kalender."))) from error

    def post_validate(self, form: FlaskForm, validation_stopped: bool) -> None:
        today = clock.program_day()
        if self.data and not _years_ago(today, OLDEST_YEARS) < self.data <= today:
            raise ValidationError(str(_l("Tanggal lahirnya belum pas.")))


class NewPasswordField(PasswordField):
    def __init__(self, **bound: Any) -> None:
        super().__init__(
            _l("Kata sandi"),
            validators=[
                InputRequired(_l("Buat kata sandi, paling sedikit 8 huruf atau angka.")),
                Length(
                    min=PASSWORD_LEAST_CHARS,
                    max=PASSWORD_MOST_CHARS,
                    message=_l("Kata sandi paling sedikit 8 huruf atau angka."),
                ),
            ],
            **bound,
        )


class CurrentPasswordField(PasswordField):
    def __init__(self, **bound: Any) -> None:
        super().__init__(
            _l("Kata sandi"),
            validators=[
                InputRequired(_l("Kata sandinya belum diisi.")),
                # nobody's is longer: an essay would only keep our processor warm
                Length(max=PASSWORD_MOST_CHARS, message=_l("Kata sandinya belum cocok.")),
            ],
            **bound,
        )


class CodeField(StringField):
    """Six digits, however they are spaced."""

    def __init__(self, **bound: Any) -> None:
        super().__init__(
            _l("Kode 6 angka"),
            filters=[lambda value: "".join(c for c in value or "" if c.isdecimal())],
            validators=[
                InputRequired(_l("Ketik 6 angka dari pesan yang kami kirim.")),
                Length(min=6, max=6, message=_l("Kodenya 6 angka.")),
            ],
            **bound,
        )


class JoinForm(FlaskForm):
    name = NameField()
    phone = PhoneField()
    password = NewPasswordField()
    birthday = BirthdayField()
    promo = BooleanField(_l("Kirim kabar promo. Boleh dimatikan kapan saja."))
    via = HiddenField(filters=[lambda value: _mark(value)])


class LoginForm(FlaskForm):
    phone = PhoneField()
    password = CurrentPasswordField()
    next = HiddenField()


class ProfileForm(FlaskForm):
    name = NameField()
    birthday = BirthdayField()
    language = SelectField(_l("Bahasa"))
    zone = SelectField(_l("Zona waktu"), validators=[Optional()])
    theme = SelectField(_l("Tampilan"), validators=[Optional()])


class ForgotForm(FlaskForm):
    phone = PhoneField()


class ResetForm(FlaskForm):
    phone = PhoneField()
    code = CodeField()
    password = NewPasswordField()


class PasswordForm(FlaskForm):
    current = CurrentPasswordField()
    password = NewPasswordField()


class NewPhoneForm(FlaskForm):
    phone = PhoneField()
    password = CurrentPasswordField()


class EmailForm(FlaskForm):
    email = EmailField(
        _l("E-mail"), validators=[InputRequired(_l("Bentuknya seperti sari@contoh.id."))]
    )


class CodeForm(FlaskForm):
    code = CodeField()


class ConfirmForm(FlaskForm):
    password = CurrentPasswordField()
    next = HiddenField()


def _mark(value: str | None) -> str:
    """The poster's mark, harmless whatever the address said."""
    return "".join(c for c in value or "" if c.isalnum() or c in "-_")[:40]


def _years_ago(day: date, years: int) -> date:
    return day.replace(year=day.year - years, day=min(day.day, 28))
