"""The floor of Flask: one view that says hello."""

from flask import Flask, Response

app = Flask(__name__, static_folder=None)


@app.get("/")
def hello() -> Response:
    """Say hello."""
    return Response(b'{"hello":"world"}', content_type="application/json")
