"""A release as canonical JSON, so that equal releases have equal hashes everywhere."""

from hashlib import sha256

import msgspec

from analysis.disclosure.results import Release

_ENCODER = msgspec.json.Encoder(order="sorted")
_DECODER = msgspec.json.Decoder(Release)


def encode_release(release: Release) -> bytes:
    """Write a release as JSON with sorted keys and no white space.

    Parameters
    ----------
    release : Release
        The release to write.

    Returns
    -------
    bytes
        UTF-8 text; ``decode_release`` gives back an equal release.
    """
    return _ENCODER.encode(release)


def decode_release(data: bytes) -> Release:
    """Read a release that ``encode_release`` wrote.

    Parameters
    ----------
    data : bytes
        UTF-8 JSON text.

    Returns
    -------
    Release
        The same release.

    Raises
    ------
    msgspec.ValidationError
        If the text is not a release of this schema.
    """
    return _DECODER.decode(data)


def release_hash(release: Release) -> str:
    """Fingerprint of a release.

    Parameters
    ----------
    release : Release
        The release.

    Returns
    -------
    str
        SHA-256 of the canonical JSON, in hexadecimal.
    """
    return sha256(encode_release(release)).hexdigest()
