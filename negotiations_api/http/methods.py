"""OPTIONS: which methods an address takes, and which bodies."""

from flask import Flask, Response, current_app, request
from werkzeug.routing import MapAdapter

from negotiations_api.http.operation import OperationView


def register(app: Flask) -> None:
    """Answer OPTIONS at every address of `app`."""
    app.before_request(_answer_options)


def _answer_options() -> Response | None:
    """204 with what there is; addresses that are not there stay 404."""
    if request.method != "OPTIONS" or request.url_rule is None:
        return None
    adapter = current_app.create_url_adapter(request)
    assert adapter is not None
    methods = sorted(adapter.allowed_methods())
    response = Response(status=204, headers={"Allow": ", ".join(methods)})
    del response.headers["Content-Type"]
    for method in ("PATCH", "POST"):
        takes = _taken(adapter, method) if method in methods else ()
        if takes:
            response.headers[f"Accept-{method.title()}"] = ", ".join(takes)
    return response


def _taken(adapter: MapAdapter, method: str) -> tuple[str, ...]:
    """The media types that `method` takes at the address of the request."""
    endpoint, _ = adapter.match(method=method)
    view = current_app.view_functions[endpoint]
    return tuple(view.operation.takes) if isinstance(view, OperationView) else ()
