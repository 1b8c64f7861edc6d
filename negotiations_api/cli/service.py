"""The contract of the service."""

import json
import sys
from typing import Any

import click

from negotiations_api.cli.factory import Factory
from negotiations_api.http.openapi import build
from negotiations_api.records.strict_yaml import write_yaml


@click.command()
@click.option("--format", "form", type=click.Choice(["yaml", "json"]), default="yaml")
@click.pass_obj
def openapi(factory: Factory, form: str) -> None:
    """Write the OpenAPI document of the service to standard output."""
    document: Any = build(factory.app())
    text = (
        write_yaml(document) if form == "yaml" else json.dumps(document, indent=2).encode() + b"\n"
    )
    sys.stdout.buffer.write(text)
