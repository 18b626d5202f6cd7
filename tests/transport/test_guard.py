"""Facts about the guard: no spelling of a closed address opens a socket, and no allowed one is turned away."""

from __future__ import annotations

import socket

import pytest

from marsad.errors import AddressRefused, SettingsError
from transport.guard import AddressClosedError, Guard, is_public

CLOSED = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:0:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b::127.0.0.1",
    "64:ff9b:1::7f00:1",
    "100::1",
    "2001::1",
    "2001:0:7f00:1::",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::",
    "3fff::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]
OPEN = ["1.1.1.1", "8.8.8.8", "172.32.0.1", "192.0.1.1", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"]


def info(address: str, port: int) -> tuple[int, int, int, str, tuple[str, int]]:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return family, socket.SOCK_STREAM, 0, "", (address, port)


@pytest.mark.parametrize("address", CLOSED)
def test_a_closed_address_opens_no_socket(address: str) -> None:
    assert not is_public(address)
    with pytest.raises(AddressClosedError):
        Guard(()).open_socket(info(address, 80))


@pytest.mark.parametrize("address", OPEN)
@pytest.mark.parametrize("port", [80, 443])
def test_a_public_address_opens_one(address: str, port: int) -> None:
    assert is_public(address)
    Guard(()).open_socket(info(address, port)).close()


def test_a_public_address_is_closed_on_other_ports() -> None:
    with pytest.raises(AddressClosedError):
        Guard(()).open_socket(info("8.8.8.8", 25))


def test_a_link_local_address_with_its_zone_is_closed() -> None:
    with pytest.raises(AddressClosedError):
        Guard(()).open_socket((socket.AF_INET6, socket.SOCK_STREAM, 0, "", ("fe80::1%eth0", 80, 0, 2)))


def test_an_allowed_address_is_open_on_its_own_port_only() -> None:
    guard = Guard(("127.0.0.1:8080", "[::1]:9090"))
    guard.open_socket(info("127.0.0.1", 8080)).close()
    guard.open_socket(info("::1", 9090)).close()
    for address, port in (("127.0.0.1", 9090), ("127.0.0.1", 80), ("127.0.0.2", 8080), ("::ffff:127.0.0.1", 8080)):
        with pytest.raises(AddressClosedError):
            guard.open_socket(info(address, port))


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.org/a",
        "data:text/html,a",
        "gopher://example.org/",
        "feed://example.org/",
        "http://example.org:22/",
        "https://example.org:8080/",
        "http:///a",
        "http://[::1/",
    ],
)
def test_other_schemes_and_ports_are_refused_before_any_name_is_looked_up(url: str) -> None:
    with pytest.raises(AddressRefused):
        Guard(()).check_url(url)


@pytest.mark.parametrize("text", ["127.0.0.1", "localhost:80", "127.0.0.1:http", ""])
def test_an_allowed_address_that_is_none_is_a_wrong_setting(text: str) -> None:
    with pytest.raises(SettingsError):
        Guard((text,))
