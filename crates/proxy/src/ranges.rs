//! Addresses that lead nowhere on the public internet: a browser that is sent there would reach the school's own network, or this
//! very machine, past every wall round it.
//!
//! The table follows the special-purpose registries of IANA (RFC 6890 and its updates). All that is not plainly public is refused,
//! and an IPv4 address that is carried inside an IPv6 address counts as itself.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

/// What kind of inner address one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Inner {
    /// This machine (`127.0.0.1`, `::1`, and `0.0.0.0`, which systems read as such).
    ThisMachine,
    /// The wire at hand, with what clouds offer there (`169.254.169.254`, `fe80::1`).
    Link,
    /// A private network (`10.0.0.1`, `192.168.0.1`, `fd00::1`).
    Private,
    /// Between a provider and its customers (`100.64.0.1`, RFC 6598).
    Shared,
    /// Many machines at once: multicast, broadcast.
    Many,
    /// The inner service of a cloud that stands at a public address.
    Cloud,
    /// Kept for documentation, tests, old ways of tunnelling or the future: no site is there.
    Reserved,
}

impl fmt::Display for Inner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::ThisMachine => "the machine of the filter itself",
            Self::Link => "an address of the local wire",
            Self::Private => "a private network",
            Self::Shared => "the provider's inner network",
            Self::Many => "many machines at once",
            Self::Cloud => "the inner service of a cloud",
            Self::Reserved => "an address where no site can be",
        })
    }
}

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const fn v6(a: u16, b: u16, c: u16, prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0), prefix)
}

const V4: [(Ipv4Net, Inner); 17] = [
    (v4(0, 0, 0, 0, 8), Inner::ThisMachine),
    (v4(127, 0, 0, 0, 8), Inner::ThisMachine),
    (v4(169, 254, 0, 0, 16), Inner::Link),
    (v4(10, 0, 0, 0, 8), Inner::Private),
    (v4(172, 16, 0, 0, 12), Inner::Private),
    (v4(192, 168, 0, 0, 16), Inner::Private),
    (v4(100, 64, 0, 0, 10), Inner::Shared),
    (v4(224, 0, 0, 0, 4), Inner::Many),
    (v4(255, 255, 255, 255, 32), Inner::Many),
    // Azure's own host service, which every virtual machine there can reach.
    (v4(168, 63, 129, 16, 32), Inner::Cloud),
    (v4(192, 0, 0, 0, 24), Inner::Reserved),
    (v4(192, 0, 2, 0, 24), Inner::Reserved),
    (v4(192, 88, 99, 0, 24), Inner::Reserved),
    (v4(198, 18, 0, 0, 15), Inner::Reserved),
    (v4(198, 51, 100, 0, 24), Inner::Reserved),
    (v4(203, 0, 113, 0, 24), Inner::Reserved),
    (v4(240, 0, 0, 0, 4), Inner::Reserved),
];

/// Where IPv6 sites are (RFC 4291, 2.4). What lies outside is refused whether it has a name here or not.
const GLOBAL: Ipv6Net = v6(0x2000, 0, 0, 3);

const V6: [(Ipv6Net, Inner); 7] = [
    (v6(0xfe80, 0, 0, 10), Inner::Link),
    (v6(0xfc00, 0, 0, 7), Inner::Private),
    // Site-local, given up by RFC 3879 and still routed by some.
    (v6(0xfec0, 0, 0, 10), Inner::Private),
    (v6(0xff00, 0, 0, 8), Inner::Many),
    // Teredo, ORCHID and their neighbours.
    (v6(0x2001, 0, 0, 23), Inner::Reserved),
    (v6(0x2001, 0xdb8, 0, 32), Inner::Reserved),
    (v6(0x3fff, 0, 0, 20), Inner::Reserved),
];

/// What kind of inner address this is, or none where it is public.
pub fn inner(address: IpAddr) -> Option<Inner> {
    match address {
        IpAddr::V4(address) => inner_v4(address),
        IpAddr::V6(Ipv6Addr::LOCALHOST | Ipv6Addr::UNSPECIFIED) => Some(Inner::ThisMachine),
        IpAddr::V6(address) => match carried(address) {
            Some((carried, is_reachable)) => inner_v4(carried).or((!is_reachable).then_some(Inner::Reserved)),
            None => inner_v6(address),
        },
    }
}

fn inner_v4(address: Ipv4Addr) -> Option<Inner> {
    V4.iter().find(|(range, _)| range.contains(&address)).map(|(_, inner)| *inner)
}

fn inner_v6(address: Ipv6Addr) -> Option<Inner> {
    let named = V6.iter().find(|(range, _)| range.contains(&address)).map(|(_, inner)| *inner);
    named.or((!GLOBAL.contains(&address)).then_some(Inner::Reserved))
}

/// The IPv4 address inside an IPv6 address, and whether a site can be reached that way.
fn carried(address: Ipv6Addr) -> Option<(Ipv4Addr, bool)> {
    let pair = |high: u16, low: u16| Ipv4Addr::from(u32::from(high) << 16 | u32::from(low));
    match address.segments() {
        // Mapped (RFC 4291, 2.5.5.2): the system dials the IPv4 address.
        [0, 0, 0, 0, 0, 0xffff, high, low] => Some((pair(high, low), true)),
        // NAT64 (RFC 6052): how a network without IPv4 reaches the rest.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some((pair(high, low), true)),
        // Compatible (RFC 4291, 2.5.5.1), translated (RFC 2765) and 6to4 (RFC 3056) are given up.
        [0, 0, 0, 0, 0, 0, high, low] | [0, 0, 0, 0, 0xffff, 0, high, low] | [0x2002, high, low, ..] => Some((pair(high, low), false)),
        // ISATAP (RFC 5214), below any prefix: reachable as what it is, unless the inside is inner.
        [first, _, _, _, 0 | 0x200, 0x5efe, high, low] if first & 0xe000 == 0x2000 => Some((pair(high, low), true)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(address: &str, expected: Option<Inner>) {
        assert_eq!(inner(address.parse().expect("an address")), expected, "{address}");
    }

    #[test]
    fn public_sites_are_public() {
        for address in ["8.8.8.8", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.1", "192.167.1.1", "223.255.255.255"] {
            check(address, None);
        }
        for address in ["2001:4860:4860::8888", "2a00:1450::1", "2606:4700::1", "64:ff9b::808:808", "::ffff:8.8.8.8"] {
            check(address, None);
        }
    }

    #[test]
    fn inner_addresses_are_known() {
        for (address, expected) in [
            ("127.0.0.1", Inner::ThisMachine),
            ("127.255.0.9", Inner::ThisMachine),
            ("0.0.0.0", Inner::ThisMachine),
            ("::1", Inner::ThisMachine),
            ("::", Inner::ThisMachine),
            ("169.254.169.254", Inner::Link),
            ("fe80::1", Inner::Link),
            ("febf::1", Inner::Link),
            ("10.1.2.3", Inner::Private),
            ("172.16.0.1", Inner::Private),
            ("172.31.255.255", Inner::Private),
            ("192.168.1.1", Inner::Private),
            ("fd00:ec2::254", Inner::Private),
            ("fc00::1", Inner::Private),
            ("fec0::1", Inner::Private),
            ("100.100.100.200", Inner::Shared),
            ("224.0.0.1", Inner::Many),
            ("ff02::1", Inner::Many),
            ("255.255.255.255", Inner::Many),
            ("168.63.129.16", Inner::Cloud),
            ("192.0.2.1", Inner::Reserved),
            ("2001:db8::1", Inner::Reserved),
            ("2001::1", Inner::Reserved),
            ("240.0.0.1", Inner::Reserved),
            ("100::1", Inner::Reserved),
            ("5f00::1", Inner::Reserved),
            ("64:ff9b:1::1", Inner::Reserved),
        ] {
            check(address, Some(expected));
        }
    }

    #[test]
    fn an_inner_address_inside_another_is_found() {
        for address in ["::ffff:10.0.0.1", "::10.0.0.1", "2002:a00:1::1", "64:ff9b::a00:1", "::ffff:0:10.0.0.1", "2a00::5efe:10.0.0.1"] {
            check(address, Some(Inner::Private));
        }
        check("::ffff:127.0.0.1", Some(Inner::ThisMachine));
        check("2002:808:808::1", Some(Inner::Reserved));
        check("::8.8.8.8", Some(Inner::Reserved));
    }
}
