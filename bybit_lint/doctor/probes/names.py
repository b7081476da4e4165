"""DNS: whether the host's name has addresses, and whether they can be Bybit's."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from bybit_lint.doctor.case import Case
from bybit_lint.doctor.diagnosis import Diagnosis
from bybit_lint.doctor.line import Failed


def examine(case: Case) -> Iterator[Diagnosis]:
    """One diagnosis. No address is shown."""
    host, did = case.host, f"asked the system for the addresses of {case.host.name}"
    is_direct = case.is_direct
    found = case.addresses
    if found is None:
        said = f"DNS said nothing of {host.name} within {case.asked.timeout:g} s"
        yield Diagnosis("error" if is_direct else "note", said, did, HOW)
    elif not found and is_direct:
        said = f"{host.name} has no address here: there is no network, or DNS does not know the name"
        yield Diagnosis("error", said, did, HOW)
    elif not found:
        yield Diagnosis("note", f"{host.name} has no address here; the proxy looks it up by itself", did)
    elif host.network and all(map(_is_private, found)):
        yield _led_astray(case, did)
    else:
        said = f"{host.name} has {len(found)} {'address' if len(found) == 1 else 'addresses'}"
        yield Diagnosis("ok", said, did)


def _led_astray(case: Case, did: str) -> Diagnosis:
    """A name that leads to an address that nobody else can reach: a filter, or a VPN that passes all on."""
    said = f"{case.host.name} leads to an address of this network or machine"
    if isinstance(case.answer, Failed):
        do = "look into the hosts file, and ask another DNS server, such as 1.1.1.1"
        return Diagnosis("error", f"{said}: a hosts file or a filter has taken its place", did, do)
    return Diagnosis("note", f"{said}, where something such as a VPN takes it further", did)


HOW = "look at the network first, then at DNS (resolv.conf; in a container, the DNS settings of Docker or the cluster)"


def _is_private(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return found.is_private or found.is_unspecified or found.is_loopback
