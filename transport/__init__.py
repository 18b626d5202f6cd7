"""The only package that opens sockets: guarded GET, robots.txt, SMTP, and the loopback server of the demo."""
