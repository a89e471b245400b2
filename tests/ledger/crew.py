"""Many real processes doing one thing at once: `python -m tests.ledger.crew URL TASK COUNT`.

It forks before any connection or thread exists, holds all at the line until each is ready,
and prints what each one met, as a JSON list.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable

from flask import Flask
from sqlalchemy import text

from pwa.db import db
from pwa.errors import LoyaltyError
from pwa.ledger import service as ledger
from tests.ledger.ground import bare_app

Task = Callable[[int], object]
PATIENCE_S = 120


def at_once(url: str, task: str, count: int) -> list[object]:
    """Run `task` in `count` processes at once; what each returned, or was refused."""
    command = [sys.executable, "-m", "tests.ledger.crew", url, task, str(count)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert done.returncode == 0, done.stderr
    found: list[object] = json.loads(done.stdout)
    return found


def burn_30(number: int) -> object:
    return ledger.burn(1, 30, key=f"burn:{number}", reason="redemption").points


def burn_30_with_one_key(number: int) -> object:
    return ledger.burn(1, 30, key="burn", reason="redemption").id


def earn_30_with_one_key(number: int) -> object:
    return ledger.earn(1, 30, key="earn", source="mission", reason="mission").id


def earn_with_one_key_for_two_members(number: int) -> object:
    return ledger.earn(1 + number % 2, 30, key="earn", source="mission", reason="mission").id


def refund_a_tenth(number: int) -> object:
    return ledger.refund("purchase", 1, 10, key=f"refund:{number}").points


def settle_the_hold(number: int) -> object:
    return ledger.settle("hold", key=f"settle:{number}").points


def reverse_the_burn(number: int) -> object:
    return ledger.reverse("burn", key=f"reverse:{number}", reason="cancelled").points


def correct_by_60(number: int) -> object:
    return ledger.adjust(1, 60, key=f"a:{number}", actor="maya", note="x").points


def earn_without_waiting(number: int) -> object:
    db.session.execute(text("SET LOCAL lock_timeout = '1s'"))
    return ledger.earn(2, 10, key="second", source="purchase", reason="purchase").points


def transfer_both_ways(number: int) -> object:
    giver = 1 + number % 2
    for n in range(25):
        ledger.transfer(giver, 3 - giver, 1, key=f"{number}:{n}")
        db.session.commit()
    return "done"


def earn_125_times(number: int) -> object:
    for n in range(125):
        ledger.earn(1 + number, 1, key=f"{number}:{n}", source="wheel", reason="wheel")
        db.session.commit()
    return "done"


def spend_while_jobs_run(number: int) -> object:
    """Two members, both touched by each unit of work, while jobs take batches of both."""
    for n in range(15):
        if number % 3 == 0:
            ledger.expire_due()
            ledger.mature_due()
        else:
            ledger.lock_members([1, 2])
            for member in (1, 2) if number % 3 == 1 else (2, 1):
                ledger.earn(
                    member, 2, key=f"{number}:{n}:{member}", source="quiz", reason="quiz"
                )  # fmt: skip
        db.session.commit()
    return "done"


def _run(app: Flask, task: Task, number: int, starts: int, out: int) -> None:
    with app.app_context():
        db.session.connection()  # connected before the start
        db.session.rollback()
        os.read(starts, 1)  # returns when the parent closes its end
        try:
            result = task(number)
            db.session.commit()
        except LoyaltyError as refusal:
            db.session.rollback()
            result = refusal.code
        except Exception as error:  # a deadlock or a lock that never came
            result = f"{type(error).__name__}: {error}"
    os.write(out, json.dumps(result).encode()[:4_000])


def main(url: str, name: str, count: int) -> None:
    app = bare_app(url)
    with app.app_context():
        assert db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    starts, start = os.pipe()
    children = []
    for number in range(count):
        into, out = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(start)
            _run(app, globals()[name], number, starts, out)
            os._exit(0)
        os.close(out)
        children.append((pid, into))
    time.sleep(0.5)
    os.close(start)
    results = []
    for pid, into in children:
        results.append(json.loads(os.read(into, 4_096) or b'"died"'))
        os.waitpid(pid, 0)
    print(json.dumps(results))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
