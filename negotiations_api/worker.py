"""A process of `negotiations serve`: what it answers by, and how it ends."""

import gc
import logging
import os
import signal
import threading
import time

from negotiations_api.app import create_app
from negotiations_api.cli.supervision import STOPPING_S
from negotiations_api.database import Database
from negotiations_api.http import waiting
from negotiations_api.http.gateway import Gateway

log = logging.getLogger(__name__)


def create_worker() -> Gateway:
    """What this process answers by; settings from the environment."""
    # A group of its own: Ctrl-C comes to the parent, which then stops its workers one and all.
    os.setpgid(0, 0)
    # While it starts it ends at once; it has the handler of its parent, which would do nothing.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # Until there is somebody who waits for news, and is to be told that there will be none.
    signal.signal(waiting.STOP_SIGNAL, signal.SIG_IGN)
    _follow_parent()
    app = create_app()
    # What has been made so far stays for good: to look through it again and again for what could
    # be freed takes a tenth of the time of a list.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    database: Database = app.extensions["database"]
    _leave(database)
    return Gateway(app, database.engine.dialect.name, stop_signal=waiting.STOP_SIGNAL)


def _follow_parent() -> None:
    """Have this worker stop when the parent has died: then nobody can stop it, or replace it.

    It would hold the port, and go on to write beside the service that is started next.
    """
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        log.warning("the parent of this worker has died: it stops, too")
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(STOPPING_S)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _leave(database: Database) -> None:
    """Have what is noted of `database`, and not written yet, written when this worker ends."""

    def leave() -> None:
        threading.main_thread().join()
        database.uses.flush()
        database.dispose()

    threading.Thread(target=leave).start()  # which is waited for, since it is no daemon
