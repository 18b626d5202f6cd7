"""The vocabulary and the rules: nouns, errors and pure decisions, without I/O, clock or randomness."""
