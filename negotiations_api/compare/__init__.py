"""The comparison core: frozen dataclasses and functions that know no web and no database."""
