"""The record of a negotiation, and the answers that it gives."""

import os

__version__ = "0.1.0"

# Each worker process has one core. Several threads for the small matrices of a question would wait
# for each other longer than they compute. It has to be said before numpy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
