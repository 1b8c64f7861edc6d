"""Requests over sockets, as clients send them that no library would play."""

import json
import socket
from typing import Any


def head(method: str, path: str, **headers: str) -> bytes:
    """The head of a request, after which the connection is closed."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def read_all(connection: socket.socket) -> tuple[int, Any]:
    """The status and the JSON of an answer, whose length has to be as announced."""
    received = b""
    while chunk := connection.recv(65536):
        received += chunk
    headers, _, body = received.partition(b"\r\n\r\n")
    status, *lines = headers.decode().split("\r\n")
    announced = dict(line.lower().split(": ", 1) for line in lines)["content-length"]
    assert len(body) == int(announced)
    return int(status.split()[1]), json.loads(body)
