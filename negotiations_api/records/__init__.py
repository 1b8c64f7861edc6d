"""Records as wholes: found, checked against what is there, written, deleted, dumped and loaded."""
