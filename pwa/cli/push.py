"""`setia push`: VAPID keys, and how push is doing."""

from __future__ import annotations

import click
from flask import Flask

from pwa.cli._app import app_context, say, unit_of_work


@click.group()
def command() -> None:
    """Push notifications: keys, health, and the switch for all of them.

    \b
    Examples:
      setia push keys show
      setia push health
    """


@command.group()
def keys() -> None:
    """VAPID keys: whose messages these are.

    \b
    Example:
      setia push keys show
    """


@keys.command()
def show() -> None:
    """The public key that browsers subscribe with, and what older ones are still needed for.

    \b
    Example:
      setia push keys show
    """
    from pwa.push import vapid

    with app_context() as app:
        vapid.ensure(app.config["SETIA"].var)
        _show_keys(app)


@keys.command()
@click.confirmation_option(prompt="Make a new key for new subscriptions?")
def rotate() -> None:
    """Make a new key. Old subscriptions work on with the old one, and renew at their next visit.

    Old keys that nobody uses any more are deleted. With several machines, copy the files
    afterwards: vapid_private.pem and the folder vapid_old.

    \b
    Example:
      setia push keys rotate --yes
    """
    from pwa.push import subscriptions, vapid

    with app_context() as app:
        settings = app.config["SETIA"]
        vapid.ensure(settings.var)
        used = subscriptions.counts_by_key()
        vapid.rotate(settings)
        for id_ in vapid.old_ids(settings):
            if not used.get(id_):
                vapid.forget(settings, id_)
        _show_keys(app)


@command.command()
def health() -> None:
    """Subscriptions by push service, pauses, and what waits.

    \b
    Example:
      setia push health
    """
    from pwa.clock import now
    from pwa.push import figures, origins
    from pwa.push.endpoints import service_name

    with app_context():
        if origins.is_paused():
            say("everything is paused by the owner: setia push resume")
        for one in origins.known():
            if one.origin != origins.ALL and one.paused_until and one.paused_until > now():
                say(
                    f"paused: {one.origin} until {one.paused_until:%Y-%m-%d %H:%M} UTC "
                    f"({one.reason})"
                )
        for row in figures.health():
            say(f"{service_name(row.origin)}: {row.active} active, {row.other} set aside, "
                f"{row.accepted} accepted, {row.failed} failed")  # fmt: skip
        waiting = sum(row.waiting for row in figures.by_kind())
        say(f"waiting: {waiting}")


@command.command()
def pause() -> None:
    """Send nothing until `setia push resume`. Inboxes still fill.

    \b
    Example:
      setia push pause
    """
    from pwa.push import origins

    with app_context(), unit_of_work():
        origins.pause_all()
    say("Paused: nothing is sent until setia push resume.")


@command.command()
def resume() -> None:
    """Send again.

    \b
    Example:
      setia push resume
    """
    from pwa.push import origins

    with app_context(), unit_of_work():
        origins.resume_all()
    say("Resumed.")


def _show_keys(app: Flask) -> None:
    from pwa.push import subscriptions, vapid

    settings = app.config["SETIA"]
    used = subscriptions.counts_by_key()
    current, *old = vapid.keys(settings).values()
    say(f"public key   {current.public}")
    say(f"fingerprint  {current.id}, {used.get(current.id, 0)} subscriptions")
    for key in old:
        say(f"old key      {key.id}, {used.get(key.id, 0)} subscriptions")
