"""The vocabulary and the rules: nouns, errors and pure decisions, without I/O, clock or randomness."""

__version__ = "0.0.1"
