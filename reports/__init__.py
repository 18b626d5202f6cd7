"""What a person sees: mail, page, pictures, terminal. Nouns come in, text or bytes go out; no sockets, no SQL."""
