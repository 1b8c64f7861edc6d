"""The application: config, then database, then blueprints, then errors."""

import gc
import os
import signal
from importlib import import_module

from flask import Flask

from negotiations_api.blueprints import BLUEPRINTS
from negotiations_api.cli.serve import follow_parent
from negotiations_api.config import Settings
from negotiations_api.database import Database
from negotiations_api.http import (
    caches,
    caller,
    cross_origin,
    errors,
    gateway,
    methods,
    pasts,
    protection,
    rate_limit,
    request_ids,
    waiting,
)
from negotiations_api.http.caller import Unasked
from negotiations_api.http.gateway import Gateway
from negotiations_api.http.provider import Provider


def create_app(settings: Settings | None = None) -> Flask:
    """The WSGI application; settings come from the environment if none are given."""
    settings = settings or Settings.from_environment()
    app = Flask(__name__, static_folder=None)
    app.extensions["database"] = Database(settings.database_url, settings.replicas)
    caches.register(app, settings.cache_mb)
    unasked = Unasked(settings.public_read, settings.open_writing)
    caller.register(app, unasked, _provider(settings) if settings.oidc_issuer else None)
    app.url_map.merge_slashes = False  # a redirect would leave as HTML
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    errors.register(app)
    pasts.register(app)
    methods.register(app)
    protection.register(app, is_open=cross_origin.ANY in settings.origins)
    request_ids.register(app)
    if settings.origins:
        cross_origin.register(app, settings.origins)
    if settings.rate_limit:
        rate_limit.register(app, settings.rate_limit, settings.rate_limit_storage)
    gateway.register(app)
    return app


def _provider(settings: Settings) -> Provider:
    # cryptography takes memory, of each worker, and is not needed without a provider.
    openid = import_module("negotiations_api.http.openid")
    made: Provider = openid.OpenIdProvider(
        settings.oidc_issuer,
        settings.oidc_audience,
        jwks_url=settings.oidc_jwks_url,
        claims=openid.Claims(
            settings.oidc_name_claim, settings.oidc_scope_claim, settings.oidc_negotiations_claim
        ),
    )
    return made


def create_worker() -> Gateway:
    """What a process of `negotiations serve` answers by; settings from the environment."""
    # A group of its own: Ctrl-C comes to the parent, which then stops its workers one and all.
    os.setpgid(0, 0)
    # While it starts it ends at once; it has the handler of its parent, which would do nothing.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # Until there is somebody who waits for news, and is to be told that there will be none.
    signal.signal(waiting.STOP_SIGNAL, signal.SIG_IGN)
    follow_parent()
    app = create_app()
    # What has been made so far stays for good: to look through it again and again for what could
    # be freed takes a tenth of the time of a list.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    database: Database = app.extensions["database"]
    return Gateway(app, database.engine.dialect.name, stop_signal=waiting.STOP_SIGNAL)
