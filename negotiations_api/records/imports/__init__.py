"""Imports: files of any length, read in bounded memory and written in one revision."""
