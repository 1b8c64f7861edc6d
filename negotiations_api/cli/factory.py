"""What makes the application: it comes from above, since the application is above its commands."""

from collections.abc import Callable

from flask import Flask

Factory = Callable[[], Flask]
