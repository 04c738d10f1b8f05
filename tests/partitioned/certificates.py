"""Certificates for encrypted clusters, each of which stands for itself."""

import shutil
import subprocess
from pathlib import Path

from distributed import Security

from kmeans_tui.partitioned.dask_client import TlsFiles

OPENSSL = shutil.which("openssl")


def certificates(folder: Path, host: str = "k") -> TlsFiles:
    """Make a certificate that is its own authority, and its key."""
    folder.mkdir(exist_ok=True)
    names = TlsFiles(*(str(folder / each) for each in ("cert.pem", "cert.pem", "key.pem")))
    subprocess.run(
        [str(OPENSSL), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
         "-subj", f"/CN={host}", "-keyout", names[2], "-out", names[1]],
        check=True, capture_output=True,
    )  # fmt: skip
    return names


def security(tls: TlsFiles) -> Security:
    """Return the same certificate for all sides."""
    sides = ("scheduler", "worker", "client")
    return Security(
        tls_ca_file=tls.authority,
        require_encryption=True,
        **{f"tls_{each}_cert": tls.certificate for each in sides},
        **{f"tls_{each}_key": tls.key for each in sides},
    )
