"""The marshmallow schemas: what is accepted, what is given, what the contract says."""
