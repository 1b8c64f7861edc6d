"""The application: config, then database, then blueprints, then errors."""

from flask import Flask

from negotiations_api.blueprints import BLUEPRINTS
from negotiations_api.cli import cli
from negotiations_api.config import Settings
from negotiations_api.database import Database
from negotiations_api.http import errors, methods, protection, rate_limit


def create_app(settings: Settings | None = None) -> Flask:
    """The WSGI application; settings come from the environment if none are given."""
    settings = settings or Settings.from_environment()
    app = Flask(__name__, static_folder=None)
    app.extensions["database"] = Database(settings.database_url, settings.replicas)
    app.url_map.merge_slashes = False  # a redirect would leave as HTML
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    errors.register(app)
    methods.register(app)
    protection.register(app)
    if settings.rate_limit:
        rate_limit.register(app, settings.rate_limit)
    return app


def main() -> None:
    """The `negotiations` command."""
    cli(obj=create_app)
