"""The endpoints of a resource: its records, the parts of each, and its past."""

from flask import Blueprint

from negotiations_api.http.addresses import COLLECTIONS
from negotiations_api.http.history_views import HistoryViews
from negotiations_api.http.parts import PartViews, parts_of
from negotiations_api.http.resource import Resource
from negotiations_api.http.views import RecordViews


def make_blueprint(resource: Resource) -> Blueprint:
    """All endpoints of a resource."""
    blueprint = Blueprint(COLLECTIONS[resource.noun], __name__)
    _add(blueprint, resource.many, resource.one, RecordViews(resource))
    for name, schema in parts_of(resource):
        views = PartViews(resource, name, schema)
        _add(blueprint, views.many, views.one, views)
    for method, rule, view in HistoryViews(resource).rules():
        blueprint.add_url_rule(rule, view.operation.name, view, methods=[method])
    return blueprint


def _add(blueprint: Blueprint, many: str, one: str, views: RecordViews | PartViews) -> None:
    for method, rule, view in (
        ("GET", many, views.list()),
        ("POST", many, views.create()),
        ("GET", one, views.read()),
        ("PUT", one, views.replace()),
        ("PATCH", one, views.patch()),
        ("DELETE", one, views.delete()),
    ):
        blueprint.add_url_rule(rule, view.operation.name, view, methods=[method])
