"""The same shop as operators run it: production settings, over the same database."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.browser.shop import ROOT, SETIA, Shop, free_port, wait_for


@contextmanager
def start(shop: Shop) -> Iterator[str]:
    """A second server, in production, on the database of `shop`; its address."""
    port = free_port()
    env = {
        **shop.env,
        "SETIA_ENV": "production",
        "SETIA_PORT": str(port),
        "SETIA_PUBLIC_URL": f"https://localhost:{port}",
        "SETIA_SECRET_KEY": "a-secret-of-the-tests-and-of-nobody-else",
    }
    log = shop.log.with_name("production.log")
    with log.open("wb") as out:
        process = subprocess.Popen([*SETIA, "web"], cwd=ROOT, env=env, stdout=out, stderr=out)
    url = f"http://localhost:{port}"
    try:
        wait_for(url + "/login", process, log)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def production_url(shop: Shop) -> Iterator[str]:
    with start(shop) as url:
        yield url
