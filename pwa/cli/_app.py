"""The application and units of work, for commands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask

from pwa import create_app, outbox
from pwa.db import only_reads


@contextmanager
def app_context() -> Iterator[Flask]:
    """An application with its context pushed, settings read and checked."""
    app = create_app()
    with app.app_context():
        yield app


@contextmanager
def unit_of_work() -> Iterator[None]:
    """What is written inside is committed at the end, or not at all."""
    only_reads(False)
    try:
        yield
        outbox.commit()
    except BaseException:
        outbox.rollback()
        raise
    finally:
        only_reads(False)


def say(line: str = "") -> None:
    click.echo(line)


def sign(mark: str, colour: str) -> str:
    """A mark at the start of a line, in colour where there is a terminal."""
    return click.style(mark, fg=colour)
