"""Data: the demo's news site, written for it; no outlet of that name exists."""
