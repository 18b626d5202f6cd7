"""Floor 2: bytes or text become nouns, through feedparser, trafilatura and lxml; no sockets, no SQL."""
