"""The resource layer: one place each for bodies, representations, preconditions, pages, errors."""
