#!/usr/bin/env python3
"""A stand-in for curl on machines without it: the options that the documentation uses."""

import sys
import urllib.error
import urllib.request
from pathlib import Path

OPTIONS_WITH_VALUE = {"-X", "-H", "-d", "--data-binary"}


def _body(value: str) -> bytes:
    if value == "@-":
        return sys.stdin.buffer.read()
    return Path(value[1:]).read_bytes() if value.startswith("@") else value.encode()


def main(arguments: list[str]) -> None:
    method, headers, body, url, include = None, {}, None, "", False
    words = iter(arguments)
    for word in words:
        if word in OPTIONS_WITH_VALUE:
            value = next(words)
            if word == "-X":
                method = value
            elif word == "-H":
                name, _, content = value.partition(": ")
                headers[name] = content
            else:
                body = _body(value)
        elif word.startswith("-") and set(word[1:]) <= set("si"):
            include = include or "i" in word
        elif word.startswith("-"):
            sys.exit(f"the stand-in for curl does not know {word}")
        else:
            url = word
    request = urllib.request.Request(url, data=body, headers=headers, method=method)
    try:
        answer = urllib.request.urlopen(request, timeout=30)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        if include:
            lines = [f"HTTP/1.1 {answer.status} {answer.reason}"]
            lines += [f"{name}: {value}" for name, value in answer.headers.items()]
            sys.stdout.write("\r\n".join([*lines, "", ""]))
            sys.stdout.flush()
        sys.stdout.buffer.write(answer.read())


main(sys.argv[1:])
