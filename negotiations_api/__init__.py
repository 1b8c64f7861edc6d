"""The record of a negotiation, and the answers that it gives."""

__version__ = "0.1.0"
