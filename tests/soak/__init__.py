"""The service under load and under kill -9: is anything lost, done twice, or done by half?

`python -m tests.soak` runs as long as is asked for; `test_soak.py` the same for some seconds each.
Servers, databases and connections are real (docs/reliability.md).
"""
