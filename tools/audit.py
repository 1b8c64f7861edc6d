"""Known vulnerabilities of the pinned dependencies, by pip-audit.

Called by `make audit` with files of requirements. The status is 1 if something is known of a
version that stands in one of them, and 2 if pip-audit failed; without a network it is 0, and said.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

_NO_NETWORK = re.compile(
    r"ConnectionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError|Could not connect|"
    r"NameResolutionError|Max retries exceeded|Network is unreachable|\b(403|407|429|50[234])\b"
)


def verdict(file: str, printed: str, complained: str) -> tuple[int, str]:
    """The status and what is to be said of a file, by what pip-audit printed and complained of."""
    try:
        dependencies: list[dict[str, Any]] = json.loads(printed)["dependencies"]
    except (ValueError, KeyError, TypeError):
        if _NO_NETWORK.search(complained):
            return 0, f"{file}: NOT AUDITED, there is no way to the vulnerability service."
        return 2, f"{file}: pip-audit failed.\n{complained}"
    found = [
        f"  {one['name']} {one['version']}: {known['id']}, mended in "
        f"{', '.join(known['fix_versions']) or 'no version yet'}"
        for one in dependencies
        for known in one.get("vulns", ())
    ]
    looked_up = [one for one in dependencies if "skip_reason" not in one]
    if not looked_up:
        return 0, f"{file}: NOT AUDITED, the vulnerability service knows none of its packages."
    said = f"{file}: {len(found)} known vulnerabilities in {len(looked_up)} packages"
    skipped = len(dependencies) - len(looked_up)
    said += f"; {skipped} were not looked up." if skipped else "."
    return int(bool(found)), "\n".join([said, *found])


def _audit(file: str) -> int:
    program = str(Path(sys.executable).parent / "pip-audit")
    options = ("--disable-pip", "--require-hashes", "--progress-spinner=off", "--format=json")
    ran = subprocess.run(
        [program, *options, "-r", file], capture_output=True, text=True, check=False
    )
    status, said = verdict(file, ran.stdout, ran.stderr)
    print(said)
    return status


if __name__ == "__main__":
    sys.exit(max([_audit(file) for file in sys.argv[1:]], default=0))
