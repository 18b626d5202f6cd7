"""Owns which addresses may be reached: public ones on the web's ports, and what the settings name.

The check is made where the socket is opened, on the address that will be connected, for every hop: between a check
of the name and the connect a hostile resolver would answer twice (DNS rebinding). `ip_address.is_global` is not
enough: it is true for multicast, for 64:ff9b::169.254.169.254 and, on some versions, for 2002:7f00:1::.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from marsad.errors import AddressRefused, BadInput, SettingsError
from marsad.urls import wire_url

WEB_PORTS = frozenset({80, 443})

#: IANA special-purpose registry (RFC 6890 and successors), multicast, and one address that is public only in form.
_CLOSED_V4 = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",  # this host
            "10.0.0.0/8",  # private
            "100.64.0.0/10",  # carrier-grade NAT; Alibaba's metadata service
            "127.0.0.0/8",  # loopback
            "168.63.129.16/32",  # Azure's host agent
            "169.254.0.0/16",  # link-local; metadata service of most clouds
            "172.16.0.0/12",  # private
            "192.0.0.0/24",  # protocol assignments; Oracle's metadata service
            "192.0.2.0/24",  # documentation
            "192.88.99.0/24",  # 6to4 relays
            "192.168.0.0/16",  # private
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, broadcast
        ),
    )
)
_OPEN_V6 = ip_network("2000::/3")  #: all that IANA has given out for global unicast
_CLOSED_V6 = tuple(
    map(
        ip_network,
        (
            "2001::/23",  # Teredo, ORCHID, benchmarks
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4: leads to any IPv4 address, and is deprecated (RFC 7526)
            "3fff::/20",  # documentation
        ),
    )
)
_NAT64 = ip_network("64:ff9b::/96")  #: how a host without IPv4 reaches the IPv4 web (RFC 6052)

AddressInfo = tuple[int | socket.AddressFamily, int | socket.SocketKind, int, str, tuple[Any, ...]]


class AddressClosedError(OSError):
    """The address of a connection is not to be reached; an OSError, because asyncio passes only those on."""


class Guard:
    """The rule for one set of settings."""

    def __init__(self, allow_addresses: Iterable[str]) -> None:
        self._allowed = frozenset(_parse_allowed(address) for address in allow_addresses)
        self._ports = WEB_PORTS | {port for _, port in self._allowed}

    def check_url(self, url: str) -> str:
        """Return `url` as it is to be sent.

        Raises:
            AddressRefused: not http or https, no host, or a port that nothing allowed listens on.
        """
        try:
            sent = wire_url(url)
        except BadInput as error:
            raise AddressRefused(url[:200], error.reason) from error
        port = urlsplit(sent).port
        if port is not None and port not in self._ports:
            raise AddressRefused(url, f"port {port} is not one of the web's")
        return sent

    def open_socket(self, info: AddressInfo) -> socket.socket:
        """Return an unconnected socket for an address that getaddrinfo gave.

        Raises:
            AddressClosedError: the address is neither public nor allowed.
        """
        family, kind, protocol, _, place = info
        host, port = str(place[0]).partition("%")[0], int(place[1])
        is_open = port in WEB_PORTS and is_public(host)
        if not is_open and (ip_address(host), port) not in self._allowed:
            raise AddressClosedError("the address is not public")
        return socket.socket(family, kind, protocol)


def is_public(address: str) -> bool:
    """Return whether an IP address, in any of the forms that lead to one of IPv4, belongs to the public internet."""
    ip = _unwrapped(ip_address(address))
    if isinstance(ip, IPv4Address):
        return not any(ip in network for network in _CLOSED_V4)
    return ip in _OPEN_V6 and not any(ip in network for network in _CLOSED_V6)


def _unwrapped(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(ip, IPv4Address):
        return ip
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip


def _parse_allowed(text: str) -> tuple[IPv4Address | IPv6Address, int]:
    host, _, port = text.rpartition(":")
    try:
        return ip_address(host.strip("[]")), int(port)
    except ValueError as error:
        raise SettingsError("fetch.allow_addresses", f"{text!r} is not an address with a port") from error
