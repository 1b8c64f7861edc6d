"""Tests of the service as it is served: by real servers, over real connections."""
