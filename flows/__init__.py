"""Floor 3: Prefect, the clock, the order of things, the command line. Nothing imports it, it defines no nouns."""

import os

# Prefect counts its users by default, in the server and in the library; nobody asked for that here.
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
