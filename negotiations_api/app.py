"""The application: config, then database, then blueprints, then errors."""

from flask import Flask

from negotiations_api.blueprints import BLUEPRINTS
from negotiations_api.cli import cli
from negotiations_api.config import Settings
from negotiations_api.database import Database
from negotiations_api.http import errors, gateway, methods, protection, rate_limit
from negotiations_api.http.gateway import Gateway


def create_app(settings: Settings | None = None) -> Flask:
    """The WSGI application; settings come from the environment if none are given."""
    settings = settings or Settings.from_environment()
    app = Flask(__name__, static_folder=None)
    app.extensions["database"] = Database(settings.database_url)
    app.url_map.merge_slashes = False  # a redirect would leave as HTML
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    errors.register(app)
    methods.register(app)
    protection.register(app)
    if settings.rate_limit:
        rate_limit.register(app, settings.rate_limit)
    gateway.register(app)
    return app


def create_gateway() -> Gateway:
    """The ASGI application, as `negotiations serve` serves it; settings from the environment."""
    app = create_app()
    database: Database = app.extensions["database"]
    return Gateway(app, database.engine.dialect.name)


def main() -> None:
    """The `negotiations` command."""
    cli(obj=create_app)
