"""A writer that is killed while it posts: `python -m tests.ledger.kills URL ROUNDS SEED`.

Each round forks a writer, which posts with keys counted from where the last one is known to
have come, and tells of each commit through a pipe. After some of them and a random while it
gets SIGKILL. Then the ledger must verify, and every key that was told of must be there.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time

from flask import Flask
from sqlalchemy import func, select

from pwa.db import db
from pwa.errors import LoyaltyError
from pwa.ledger import service as ledger
from pwa.ledger.models import TransactionRow
from pwa.ledger.verify import differences
from tests.ledger.ground import bare_app

MEMBERS = 5
MOST_COMMITS = 12
LONGEST_S = 0.02


def killed(url: str, rounds: int, seed: int) -> dict[str, int]:
    """How it went: rounds, keys told of, keys stored, and what was wrong."""
    command = [sys.executable, "-m", "tests.ledger.kills", url, str(rounds), str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, int] = json.loads(done.stdout)
    return found


def post(n: int) -> None:
    """The n-th unit of work: always the same for the same n, whatever came before."""
    member, key = 1 + n % MEMBERS, f"k{n}"
    match n % 4:
        case 0 | 1:
            ledger.earn(member, 5 + n % 7, key=key, source="purchase", reason="purchase")
        case 2:
            ledger.burn(member, 3, key=key, reason="redemption")
        case _:
            ledger.transfer(member, 1 + (member % MEMBERS), 1, key=key)


def write(app: Flask, first: int, tell: int) -> None:
    """Post from `first` on until killed, telling of each commit once it is made."""
    with app.app_context():
        n = first
        while True:
            try:
                post(n)
                db.session.commit()
                os.write(tell, f"{n}\n".encode())
            except LoyaltyError:
                db.session.rollback()
            n += 1


def one_round(app: Flask, first: int, dice: random.Random) -> list[int]:
    """Fork a writer, kill it once it is at work, and what it told of before."""
    into, out = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(into)
        write(app, first, out)
    os.close(out)
    told = b""
    most = dice.randint(1, MOST_COMMITS)
    while told.count(b"\n") < most and (more := os.read(into, 4_096)):
        told += more
    time.sleep(dice.uniform(0, LONGEST_S))  # so that it is anywhere in its next unit of work
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    with os.fdopen(into, "rb") as rest:
        told += rest.read()
    return [int(line) for line in told.split()]


def main(url: str, rounds: int, seed: int) -> None:
    dice = random.Random(seed)
    app = bare_app(url)
    told: set[int] = set()
    wrong = 0
    first = 0
    for _ in range(rounds):
        told.update(one_round(app, first, dice))
        # Start again a little before: keys that were applied must now be replays.
        first = max(0, max(told, default=0) - 5)
        with app.app_context():
            wrong += len(list(differences()))
            db.engine.dispose()
    with app.app_context():
        stored = set(db.session.scalars(select(TransactionRow.key)))
        count = db.session.scalar(select(func.count(TransactionRow.id)))
        twice = (count or 0) - len(stored)
    lost = len({f"k{n}" for n in told} - stored)
    report = {"rounds": rounds, "told": len(told), "lost": lost, "twice": twice, "wrong": wrong}
    print(json.dumps(report))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
