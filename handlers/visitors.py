"""Who stands at a web door, as far as the network tells. Addresses are only counted under a keyed hash, never kept."""

import ipaddress

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def networks(text: str) -> tuple[Network, ...]:
    """The proxies we believe, as written in the settings: addresses or networks, separated by commas."""
    return tuple(ipaddress.ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())


def visitor_address(remote: str | None, forwarded_for: str, trusted: tuple[Network, ...]) -> str:
    """The nearest address that is not one of our own proxies. Without trusted proxies the header is not looked at."""
    chain = [part.strip() for part in forwarded_for.split(",") if part.strip()]
    address = remote or ""
    while chain and _is_in(address, trusted):
        address = chain.pop()
    return _one_household(address)


def _is_in(address: str, trusted: tuple[Network, ...]) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in trusted)


def _one_household(address: str) -> str:
    """An IPv6 home owns a whole /64; counting single addresses would count nothing."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network(f"{parsed}/64", strict=False))
    return str(parsed)
