"""Pictures: what the comparison core answers, as SVG documents for people to look at.

Lengths are points (1/72 inch, 4/3 of a CSS pixel); y runs downwards, as in SVG.
"""
