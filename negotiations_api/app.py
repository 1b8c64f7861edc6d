"""The application: config, then database, then blueprints, then errors."""

from flask import Flask

from negotiations_api.blueprints import BLUEPRINTS
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
)
from negotiations_api.http.caller import Unasked
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
    from negotiations_api.http.openid import Claims, OpenIdProvider  # noqa: PLC0415

    return OpenIdProvider(
        settings.oidc_issuer,
        settings.oidc_audience,
        jwks_url=settings.oidc_jwks_url,
        claims=Claims(
            settings.oidc_name_claim, settings.oidc_scope_claim, settings.oidc_negotiations_claim
        ),
    )
