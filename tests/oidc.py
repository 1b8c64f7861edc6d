"""An OpenID Connect provider in a process of its own: it says where its keys are, and gives them.

What it says is in the files of a directory, so that a test can change its keys or take them away.
"""

import http.server
import json
import sys
import time
from pathlib import Path
from typing import Any

from joserfc import jws
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

AUDIENCE = "negotiations"

Key = RSAKey | ECKey | OKPKey | OctKey


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves the files of the working directory; a request for one is written down in asked.txt."""

    def do_GET(self) -> None:
        name = self.path.rpartition("/")[2]
        with Path("asked.txt").open("a") as asked:
            asked.write(f"{name}\n")
        path = Path(name)
        if path.exists():
            self.send_response(200)
            self.end_headers()
            self.wfile.write(path.read_bytes())
        else:
            self.send_error(503)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def publish(directory: Path, issuer: str, *keys: Key) -> None:
    """Let the provider in `directory` say that its keys are these."""
    found = {"issuer": issuer, "jwks_uri": f"{issuer}/keys.json"}
    (directory / "openid-configuration").write_text(json.dumps(found))
    published = {"keys": [key.as_dict(private=False) for key in keys]}
    (directory / "keys.json").write_text(json.dumps(published))


def token(
    key: Key, issuer: str, *, algorithm: str = "RS256", kid: str | None = None, **claims: Any
) -> str:
    """A token that is right but for the `claims` that are given; None leaves one out."""
    said = {
        "iss": issuer,
        "aud": AUDIENCE,
        "sub": "jane",
        "exp": int(time.time()) + 300,
        "scope": "openid negotiations:write",
    } | claims
    named = kid or key.kid
    header = {"alg": algorithm} | ({"kid": named} if named else {})
    kept = {name: value for name, value in said.items() if value is not None}
    # In ASCII, so that also what is no text can be said.
    return jws.serialize_compact(header, json.dumps(kept), key, algorithms=[algorithm])


if __name__ == "__main__":
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
    server.serve_forever()
