//! TLS: what a server's certificate says, whoever signed it.
//!
//! A probe asks whether a store answers anyone, and a store with an expired or
//! self-signed certificate does too; so nothing is verified, and everything is
//! reported. No secret is ever sent over such a connection: who sends one gives
//! the authorities to verify by.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use rustls::client::ResolvesClientCert;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use x509_parser::prelude::{FromDer as _, GeneralName, X509Certificate};

use super::{Failure, Link};
use crate::inspect::Trust;

/// What a handshake showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TlsFacts {
    pub(crate) protocol: &'static str,
    pub(crate) client_certificate: bool,
    pub(crate) certificate: Option<Certificate>,
}

/// The server's own certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Certificate {
    pub(crate) subject: String,
    pub(crate) issuer: String,
    pub(crate) serial: String,
    pub(crate) names: Vec<String>,
    pub(crate) not_before: i64,
    pub(crate) not_after: i64,
    pub(crate) self_signed: bool,
}

/// Accepts every certificate; signatures of the handshake are still checked, so
/// that the server is known to hold the key.
#[derive(Debug)]
struct Anyone(Arc<CryptoProvider>);

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls12_signature(
            message,
            cert,
            dss,
            &self.0.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(
            message,
            cert,
            dss,
            &self.0.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// Has no certificate, and notes that one was asked for.
#[derive(Debug, Default)]
struct Asked(AtomicBool);

impl ResolvesClientCert for Asked {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.0.store(true, Ordering::Relaxed);
        None
    }

    fn has_certs(&self) -> bool {
        // Otherwise the handshake does not ask this resolver at all.
        true
    }
}

/// A handshake over a connection.
pub(crate) async fn handshake(
    link: Link,
    host: &str,
    trust: Option<&Trust>,
) -> Result<(Link, TlsFacts), Failure> {
    static PROVIDER: OnceLock<Arc<CryptoProvider>> = OnceLock::new();
    let provider = PROVIDER.get_or_init(|| Arc::new(rustls::crypto::ring::default_provider()));
    let asked = Arc::new(Asked::default());
    let mut config = ClientConfig::builder_with_provider(Arc::clone(provider))
        .with_safe_default_protocol_versions()
        .map_err(|_| Failure::Tls("no common version".to_owned()))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Anyone(Arc::clone(provider))))
        .with_client_cert_resolver(Arc::clone(&asked) as Arc<dyn ResolvesClientCert>);
    config.resumption = rustls::client::Resumption::disabled();
    let config = trust.map_or_else(|| Arc::new(config), |trust| Arc::clone(&trust.0));
    let name = ServerName::try_from(host.to_owned())
        .map_err(|_| Failure::Tls("the host is no server name".to_owned()))?;
    let wait = link.wait();
    let (stream, limits, deadline, left) = link.into_parts();
    let connected = timeout(wait, TlsConnector::from(config).connect(name, stream))
        .await
        .map_err(|_| Failure::Tls("no complete handshake in time".to_owned()))?;
    let stream = match connected {
        Ok(stream) => stream,
        Err(error) => {
            let asked = asked.0.load(Ordering::Relaxed);
            return Err(error
                .get_ref()
                .and_then(|inner| inner.downcast_ref::<rustls::Error>())
                .map_or_else(
                    || Failure::Tls("the connection was closed in the handshake".to_owned()),
                    |error| failure(error, asked),
                ));
        }
    };
    let (_, connection) = stream.get_ref();
    let facts = TlsFacts {
        protocol: match connection.protocol_version() {
            Some(rustls::ProtocolVersion::TLSv1_3) => "TLSv1.3",
            Some(rustls::ProtocolVersion::TLSv1_2) => "TLSv1.2",
            _ => "TLS",
        },
        client_certificate: asked.0.load(Ordering::Relaxed),
        certificate: connection
            .peer_certificates()
            .and_then(<[_]>::first)
            .and_then(|der| certificate(der)),
    };
    let link = Link::new(Box::new(stream), limits, deadline, left);
    Ok((link.asked(facts.client_certificate), facts))
}

/// An error of TLS; `asked` says that the server asked for a certificate.
pub(crate) fn failure(error: &rustls::Error, asked: bool) -> Failure {
    use rustls::{AlertDescription as Alert, Error};
    match error {
        Error::AlertReceived(Alert::CertificateRequired) => Failure::ClientCertificate,
        Error::AlertReceived(Alert::HandshakeFailure | Alert::BadCertificate) if asked => {
            Failure::ClientCertificate
        }
        Error::AlertReceived(alert) => Failure::Tls(format!("the server's alert is {alert:?}")),
        Error::InvalidMessage(_) => Failure::Tls("the answer is no TLS".to_owned()),
        Error::PeerIncompatible(_) => Failure::Tls(
            "no version or cipher suite in common; older than TLS 1.2 is not spoken".to_owned(),
        ),
        Error::InvalidCertificate(_) => {
            Failure::Tls("no trusted authority vouches for the server's certificate".to_owned())
        }
        _ => Failure::Tls("the handshake failed".to_owned()),
    }
}

fn certificate(der: &[u8]) -> Option<Certificate> {
    // Names beyond these say nothing more to a person.
    const NAMES: usize = 50;
    let (_, parsed) = X509Certificate::from_der(der).ok()?;
    let short =
        |text: String| -> String { text.chars().filter(|c| !c.is_control()).take(200).collect() };
    let names = parsed
        .subject_alternative_name()
        .ok()
        .flatten()
        .map(|found| {
            found
                .value
                .general_names
                .iter()
                .filter_map(|name| match name {
                    GeneralName::DNSName(name) => Some(short((*name).to_owned())),
                    GeneralName::IPAddress(bytes) => match **bytes {
                        [a, b, c, d] => Some(std::net::Ipv4Addr::new(a, b, c, d).to_string()),
                        _ => <[u8; 16]>::try_from(*bytes)
                            .ok()
                            .map(|bytes| std::net::Ipv6Addr::from(bytes).to_string()),
                    },
                    _ => None,
                })
                .take(NAMES)
                .collect()
        })
        .unwrap_or_default();
    Some(Certificate {
        subject: short(parsed.subject().to_string()),
        issuer: short(parsed.issuer().to_string()),
        serial: short(parsed.raw_serial_as_string().replace(':', "")),
        names,
        not_before: parsed.validity().not_before.timestamp(),
        not_after: parsed.validity().not_after.timestamp(),
        self_signed: parsed.subject() == parsed.issuer(),
    })
}
