"""HTTP: the resource layer and the ASGI server.

One place each for bodies, representations, preconditions, pages and errors; and the gateway, which
receives requests, computes them in lanes of threads and sends the answers.
"""
