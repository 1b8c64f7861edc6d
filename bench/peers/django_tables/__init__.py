"""The tables as an application of Django, so that it knows relations in both directions."""
