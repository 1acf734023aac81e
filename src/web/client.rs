//! Where a request comes from, believing proxies only where the settings say so.

use crate::app::App;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use std::future::{Ready, ready};
use std::net::{IpAddr, Ipv4Addr};

/// The visitor's address: the peer's, or what a trusted proxy says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// Reads it from a request. `X-Forwarded-For` is walked from its end, over trusted proxies
    /// only: everything further left may be invented by the visitor.
    #[must_use]
    pub fn of(request: &HttpRequest, trusted: &[ipnet::IpNet]) -> Self {
        let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |address| address.ip());
        let mut address = peer.to_canonical();
        let forwarded: Vec<&str> = request
            .headers()
            .get_all("x-forwarded-for")
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect();
        for hop in forwarded.into_iter().rev() {
            if !trusted.iter().any(|network| network.contains(&address)) {
                break;
            }
            let Ok(next) = hop.trim().parse::<IpAddr>() else { break };
            address = next.to_canonical();
        }
        Self(address)
    }

    /// What limits count by: the address, or for IPv6 its network of 64 bits, which one visitor owns.
    #[must_use]
    pub fn limit_key(self) -> IpAddr {
        match self.0 {
            IpAddr::V4(_) => self.0,
            IpAddr::V6(address) => {
                let mut octets = address.octets();
                octets[8..].fill(0);
                IpAddr::from(octets)
            }
        }
    }
}

impl FromRequest for ClientAddress {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, actix_web::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let trusted = request.app_data::<web::Data<App>>().map(|app| app.settings.http.trusted_proxies.as_slice());
        ready(Ok(Self::of(request, trusted.unwrap_or_default())))
    }
}

/// Whether the visitor came by `https`, directly or through a trusted proxy: cookies are then `Secure`.
#[must_use]
pub fn is_secure(app: &App) -> bool {
    app.settings.http.public_url.starts_with("https://")
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn address(peer: &str, forwarded: &str, trusted: &[&str]) -> String {
        let request = TestRequest::default()
            .peer_addr(format!("{peer}:1").parse().expect("an address"))
            .insert_header(("x-forwarded-for", forwarded))
            .to_http_request();
        let trusted: Vec<ipnet::IpNet> = trusted.iter().map(|network| network.parse().expect("a network")).collect();
        ClientAddress::of(&request, &trusted).0.to_string()
    }

    #[test]
    fn forwarded_addresses_are_believed_only_from_trusted_proxies() {
        assert_eq!(address("203.0.113.9", "198.51.100.1", &[]), "203.0.113.9");
        assert_eq!(address("10.0.0.1", "198.51.100.1", &["10.0.0.0/8"]), "198.51.100.1");
        assert_eq!(address("10.0.0.1", "192.0.2.66, 198.51.100.1", &["10.0.0.0/8"]), "198.51.100.1");
        assert_eq!(address("10.0.0.1", "198.51.100.1, 10.0.0.2", &["10.0.0.0/8"]), "198.51.100.1");
        assert_eq!(address("10.0.0.1", "nonsense", &["10.0.0.0/8"]), "10.0.0.1");
    }
}
