"""Who is asking: a member, somebody of the staff, or nobody yet.

One browser is one of these at a time. A session names an account and its epoch; changing
the epoch ends all its sessions.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Request, g, make_response, redirect, request, session, url_for
from flask import Response as FlaskResponse
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_babel import lazy_gettext as _l
from flask_login import LoginManager, current_user, login_user, logout_user
from sqlalchemy import bindparam, select, true
from werkzeug.wrappers import Response

from pwa import clock
from pwa.db import db
from pwa.errors import LoyaltyError, NotAllowed
from pwa.members.models import AGREED_TO, Member
from pwa.program.models import NEWEST
from pwa.staff import service as staff_service
from pwa.staff.models import Staff
from pwa.web import wants_fragment, wants_json

P = ParamSpec("P")
R = TypeVar("R")
manager = LoginManager()
KNOWN_COOKIE = "setia_known"  # says only that some member used this browser
LEAVE_COOKIE = "setia_leave"  # set by static/js/offline.js
YEAR_S = 365 * 24 * 3600


class Cookies(SecureCookieSessionInterface):
    """The session's cookie: sent when it changes and once a day, never with what all may cache."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if LEAVE_COOKIE in request.cookies:  # logged out without a signal: she is nobody from here
            left = self.session_class()
            left.modified = True
            return left
        found = super().open_session(app, request)
        today = clock.now().toordinal()
        if found and found.permanent and found.get("renewed") != today:
            found["renewed"] = today
        return found

    def save_session(self, app: Flask, session: SessionMixin, response: FlaskResponse) -> None:
        if response.cache_control.public:
            return
        if LEAVE_COOKIE in request.cookies:
            response.delete_cookie(LEAVE_COOKIE)
        super().save_session(app, session, response)


class Visitor:
    """What Flask-Login keeps for us: an account and nothing else."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, account: Member | Staff) -> None:
        self.account = account

    def get_id(self) -> str:
        kind = "member" if isinstance(self.account, Member) else "staff"
        return f"{kind}:{self.account.id}:{self.account.session_epoch}"


@manager.user_loader
def load(visitor_id: str) -> Visitor | None:
    kind, _, rest = visitor_id.partition(":")
    account_id, _, epoch = rest.partition(":")
    if not (account_id.isdecimal() and epoch.isdecimal()):
        return None
    account = _account(kind, int(account_id))
    return Visitor(account) if account and account.session_epoch == int(epoch) else None


def _account(kind: str, account_id: int) -> Member | Staff | None:
    """The account, and beside it the program in force and the terms she agreed to."""
    asked = _MEMBER if kind == "member" else _STAFF
    found = db.session.execute(asked, {"account_id": account_id}).first()
    if found is None:
        return None
    if found.id is not None:
        g.newest_program = found
    g.agreed_to = getattr(found, "agreed_to", None)
    account: Member | Staff = found[0]
    return account


_MEMBER = (
    select(Member, *NEWEST.c, AGREED_TO.label("agreed_to"))
    .outerjoin(NEWEST, true())
    .where(Member.id == bindparam("account_id"), Member.closed_at.is_(None))
)
_STAFF = (
    select(Staff, *NEWEST.c)
    .outerjoin(NEWEST, true())
    .where(Staff.id == bindparam("account_id"), Staff.active)
)


@manager.unauthorized_handler
def send_to_login() -> Response:
    """To the log-in that fits the address; htmx gets an order to go there, not a page to swap."""
    at_work = request.path.startswith(("/till", "/console"))
    endpoint = "till.login" if at_work else "members.login"
    if wants_fragment():
        return make_response("", 204, {"HX-Redirect": url_for(endpoint, next=_page_of_htmx())})
    if wants_json():
        why = LogInFirst()
        said = {"code": why.code, "title": why.title, "advice": why.advice}
        return make_response({**said, "login": url_for(endpoint)}, 401)
    here = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return redirect(url_for(endpoint, next=here if here != "/" else None), 303)


def _page_of_htmx() -> str | None:
    """Where she was when her session had ended: there she goes on."""
    return urlsplit(request.htmx.current_url or "").path or None  # type: ignore[attr-defined]


class LogInFirst(LoyaltyError):
    code = "log_in_first"
    status = 401
    words = _l("Kamu sudah keluar dari HP ini.")
    todo = _l("Masuk lagi, lalu coba sekali lagi.")


def send_to_join() -> Response:
    """A stranger at the front door joins, unless this phone has been a member's before."""
    known = KNOWN_COOKIE in request.cookies
    return redirect(url_for("members.login" if known else "members.join_form"), 303)


def begin(account: Member | Staff) -> None:
    """Log this browser in as `account`, in a session of its own: nothing of the last one stays."""
    session.clear()
    session["sid"] = secrets.token_hex(8)
    session.permanent = True
    login_user(Visitor(account))
    g.began_member_session = isinstance(account, Member)


def end() -> None:
    """Log this browser out."""
    logout_user()
    session.clear()


def member() -> Member | None:
    """The member who asks, if it is one."""
    account = getattr(current_user, "account", None)
    return account if isinstance(account, Member) else None


def staff() -> Staff | None:
    """The staff account that asks, if it is one."""
    account = getattr(current_user, "account", None)
    return account if isinstance(account, Staff) else None


def member_required(view: Callable[P, R]) -> Callable[P, R | Response]:
    """Only for members; the view finds hers in `g.member`."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
        found = member()
        if found is None:
            return send_to_login()
        g.member = found
        return view(*args, **kwargs)

    return guarded


def staff_required(role: str = "cashier") -> Callable[[Callable[P, R]], Callable[P, R | Response]]:
    """Only for staff with at least the rights of `role`; the view finds theirs in `g.staff`."""

    def decorate(view: Callable[P, R]) -> Callable[P, R | Response]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
            found = staff()
            if found is None:
                return send_to_login()
            if not staff_service.may(found, role):
                raise NotAllowed()
            g.staff = found
            return view(*args, **kwargs)

        return guarded

    return decorate


def safe_next(default: str) -> str:
    """Where to go after logging in: the `next` of the address if it is a page of ours."""
    wanted: str = request.values.get("next", "")
    parts = urlsplit(wanted)
    ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc
    return wanted if ours else default


def init(app: Flask) -> None:
    manager.init_app(app)
    app.session_interface = Cookies()
    app.config.update(
        SESSION_REFRESH_EACH_REQUEST=False,  # Cookies renews it once a day
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        REMEMBER_COOKIE_HTTPONLY=True,
    )

    @app.after_request
    def remember_this_phone(response: Response) -> Response:
        if g.get("began_member_session"):  # so that "/" offers to log in, and not to join again
            response.set_cookie(
                KNOWN_COOKIE, "1", max_age=YEAR_S, httponly=True, samesite="Lax",
                secure=app.config["SESSION_COOKIE_SECURE"],
            )  # fmt: skip
        return response

    @app.context_processor
    def who_is_asking() -> dict[str, Any]:
        return {"me": member(), "staff": staff()}
