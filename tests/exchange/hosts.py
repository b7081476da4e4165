"""Which environment a host name belongs to, and for which names the exchange has a certificate."""

from __future__ import annotations

from exchange.conditions import Environment

# https://bybit-exchange.github.io/docs/v5/guide and /v5/ws/connect; bytick.com and the countries' domains are mainnet.
DOMAINS = ("bybit.com", "bytick.com", "bybit.nl", "bybit.kz", "bybit.eu", "bybit.tr", "bybit.ae", "bybit.id")
NAMES = ("localhost", "127.0.0.1", *(f"*.{domain}" for domain in DOMAINS))


def environment(host: str, loopback: Environment) -> Environment:
    """Of a Host header; `loopback` for an address that is none of Bybit's names."""
    name = host.partition(":")[0]
    if not name.endswith(DOMAINS):
        return loopback
    if "-testnet" in name:
        return "testnet"
    return "demo" if "-demo" in name else "mainnet"
