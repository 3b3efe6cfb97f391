"""A self-signed certificate, for an intranet that has no authority of its own."""

import ipaddress
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

# Apple's systems refuse a certificate that is valid for longer.
DAYS = 825
RENEW_DAYS_BEFORE = 30


def is_current(certificate: Path) -> bool:
    if not certificate.exists():
        return False
    ends = x509.load_pem_x509_certificate(certificate.read_bytes()).not_valid_after_utc
    return ends - datetime.now(UTC) > timedelta(days=RENEW_DAYS_BEFORE)


def write_self_signed(certificate: Path, key: Path, hosts: list[str]) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    signed = self_signed(private, [host.strip() for host in hosts if host.strip()])
    write_private(key, private_pem(private))
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))


def self_signed(private: ec.EllipticCurvePrivateKey, hosts: list[str]) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, hosts[0][:64])])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder(
            subject_name=name, issuer_name=name, public_key=private.public_key()
        )
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))  # office clocks are not always right
        .not_valid_after(now + timedelta(days=DAYS))
        .add_extension(x509.SubjectAlternativeName(list(map(alternative, hosts))), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.SERVER_AUTH]), critical=False
        )
    )
    return builder.sign(private, hashes.SHA256())


def alternative(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        return x509.DNSName(host.lstrip(".").encode("idna").decode())


def private_pem(private: ec.EllipticCurvePrivateKey) -> bytes:
    return private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def write_private(file: Path, content: bytes) -> None:
    file.unlink(missing_ok=True)
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(content)
