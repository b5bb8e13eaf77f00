//! The network address from which a request comes, as the gateway saw it: what a client says of itself is not believed.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use lambda_http::request::RequestContext;
use std::convert::Infallible;
use std::net::IpAddr;

/// What counts as one network: a whole IPv4 address, or the 64 bits of an IPv6 one behind which is one subscriber. None when
/// the gateway does not say.
#[derive(Debug, Clone)]
pub struct Network(pub Option<String>);

/// The address that a gateway other than the platform's own saw.
#[derive(Debug, Clone, Copy)]
pub struct Source(pub IpAddr);

impl<S: Send + Sync> FromRequestParts<S> for Network {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let seen = match parts.extensions.get::<RequestContext>() {
            Some(RequestContext::ApiGatewayV2(context)) => {
                context.http.source_ip.as_ref().and_then(|address| address.parse().ok())
            }
            _ => parts.extensions.get::<Source>().map(|source| source.0),
        };
        Ok(Self(seen.map(network)))
    }
}

fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subscriber_is_one_network_however_many_addresses_they_have() {
        let of = |text: &str| network(text.parse().expect("an address"));
        assert_eq!(of("198.51.100.7"), "198.51.100.7");
        assert_eq!(of("::ffff:198.51.100.7"), "198.51.100.7");
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), of("2001:db8:1:2::1"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
    }
}
