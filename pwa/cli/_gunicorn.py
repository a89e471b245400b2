"""gunicorn, inside our own process."""

from __future__ import annotations

import gc
import socket
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from pwa.settings import Settings, SettingsError

GRACE_S = 20


def check_port(settings: Settings) -> None:
    """Raise SettingsError, in words, where gunicorn would try five times and give up."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((settings.host, settings.port))
        except PermissionError as error:
            raise SettingsError(
                f"this account may not listen on port {settings.port}: set SETIA_PORT above 1023"
            ) from error
        except OSError as error:
            raise SettingsError(
                f"port {settings.port} on {settings.host} is taken or is not this machine's "
                f"({error.strerror}): stop the other program, or set SETIA_PORT to a free port"
            ) from error


# A page makes some thousands of short-lived objects. At Python's own 700 the collector runs a dozen
# times a page and looks each time at what the application itself is made of: a tenth of Home.
YOUNG_MOST = 20_000


def _spare_the_collector(worker: object) -> None:
    """What is there now stays for good, so it needs no looking at."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_MOST, 20, 20)


class Server(BaseApplication):
    """gunicorn with threads, serving an application that is there already."""

    def __init__(self, app: Flask, settings: Settings, processes: int, threads: int) -> None:
        self.app = app
        self.given: dict[str, Any] = {
            "bind": f"{settings.host}:{settings.port}",
            "proc_name": "setia web",
            "worker_class": "gthread",
            "workers": processes,
            "threads": threads,
            "keepalive": 15,
            "timeout": 60,
            "graceful_timeout": GRACE_S,
            "control_socket_disable": True,  # or it writes into the home folder
            "loglevel": "warning",
            # Addresses of log-ins and codes are nobody's business; a proxy in front logs requests.
            "accesslog": None,
            "worker_tmp_dir": None,
            "post_worker_init": _spare_the_collector,
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.given.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.app
