"""Renderers: what the comparison core answers, made into bytes for people. No web, no database."""
