"""Floor 2: bytes or text become nouns. The only package that knows feedparser, trafilatura and lxml; no sockets, no SQL."""
