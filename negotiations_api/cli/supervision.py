"""The process that starts the workers, and stops them."""

import os
import threading
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any

from granian import Granian

from negotiations_api.http.waiting import STOP_SIGNAL

STOPPING_S = 60
"""So long what is under way may take to finish when the service is told to stop."""

_INSIST_S = 1


class StoppableServer(Granian):  # type: ignore[misc, valid-type]  # one of several, by the platform
    """A server that can be told to stop twice at once, as a group of processes may be."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._told: SimpleQueue[None] = SimpleQueue()
        self.on_startup(threading.Thread(target=self._insist, daemon=True).start)

    def signal_handler_interrupt(self, *_: Any) -> None:
        """Note it, and no more: what wakes the server takes a lock.

        The signal may have interrupted who has that, such as the handler of the one before, and
        would wait for itself. `_insist` wakes it.
        """
        self.interrupt_signal = True
        self._told.put(None)  # which may be interrupted by itself

    def _insist(self) -> None:
        """Wake the server when it has been told to stop, also while it replaces a worker.

        And let its workers send away who waits for news, so that nobody is waited for.
        """
        while True:
            with suppress(Empty):
                self._told.get(timeout=_INSIST_S)
            if self.interrupt_signal:
                self.main_loop_interrupt.set()
                for worker in list(self.wrks):
                    with suppress(ProcessLookupError):
                        os.kill(worker.inner.pid, STOP_SIGNAL)
