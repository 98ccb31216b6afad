"""The few functions of OpenSSL's libcrypto that a raw RSA signature needs, by ctypes.

`cryptography` offers no RSA without padding, on purpose; a blind signature is exactly that.
"""

import ctypes
import ctypes.util
import functools
from ctypes import POINTER, byref, c_char_p, c_int, c_long, c_size_t, c_ulong, c_void_p
from typing import Final

from backend.ballots.errors import BlindSignatureError

_NO_PADDING: Final = 3
_VERSION_3: Final = 0x30000000
_NAMES: Final = ("libcrypto.so.3", "libcrypto.3.dylib", "libcrypto-3-x64.dll", "libcrypto-3.dll")
_SIGNATURES: Final = {
    "OpenSSL_version_num": (c_ulong, ()),
    "d2i_AutoPrivateKey": (c_void_p, (c_void_p, POINTER(c_char_p), c_long)),
    "EVP_PKEY_free": (None, (c_void_p,)),
    "EVP_PKEY_CTX_new": (c_void_p, (c_void_p, c_void_p)),
    "EVP_PKEY_CTX_free": (None, (c_void_p,)),
    "EVP_PKEY_sign_init": (c_int, (c_void_p,)),
    "EVP_PKEY_CTX_set_rsa_padding": (c_int, (c_void_p, c_int)),
    "EVP_PKEY_sign": (c_int, (c_void_p, c_char_p, POINTER(c_size_t), c_char_p, c_size_t)),
    "ERR_clear_error": (None, ()),
}


@functools.cache
def libcrypto() -> ctypes.CDLL:
    """Load OpenSSL 3's libcrypto; OSError if there is none."""
    for name in _NAMES:
        try:
            return _opened(name)
        except (OSError, AttributeError):
            continue
    # Last, because it starts other programs to search.
    found = ctypes.util.find_library("crypto")
    if found is None:
        raise OSError(f"No OpenSSL 3 library found; tried {', '.join(_NAMES)}.")
    return _opened(found)


def load_private_key(der: bytes) -> int:
    """Give the address of an EVP_PKEY for a private key in DER; the caller frees it."""
    address: int | None = libcrypto().d2i_AutoPrivateKey(None, byref(c_char_p(der)), len(der))
    if address is None:
        libcrypto().ERR_clear_error()
        raise BlindSignatureError("OpenSSL cannot read this private key.")
    return address


def free_private_key(address: int) -> None:
    """Free an EVP_PKEY; OpenSSL overwrites its secret numbers."""
    libcrypto().EVP_PKEY_free(address)


def sign_raw(address: int, block: bytes) -> bytes:
    """Raise a block as long as the modulus to the private exponent: constant time, blinded."""
    library = libcrypto()
    # A context of its own for each call: contexts may not be shared between threads, keys may.
    context = library.EVP_PKEY_CTX_new(address, None)
    try:
        size = c_size_t(len(block))
        signed = ctypes.create_string_buffer(len(block))
        if (
            library.EVP_PKEY_sign_init(context) != 1
            or library.EVP_PKEY_CTX_set_rsa_padding(context, _NO_PADDING) != 1
            or library.EVP_PKEY_sign(context, signed, byref(size), block, len(block)) != 1
        ):
            library.ERR_clear_error()
            raise BlindSignatureError("OpenSSL refuses to sign this block.")
        return signed.raw[: size.value]
    finally:
        library.EVP_PKEY_CTX_free(context)


def _opened(name: str) -> ctypes.CDLL:
    library = ctypes.CDLL(name)
    for function_name, (result, arguments) in _SIGNATURES.items():
        function = library[function_name]
        function.restype, function.argtypes = result, arguments
        # Kept as an attribute, so that later calls use the declared types.
        setattr(library, function_name, function)
    if library.OpenSSL_version_num() < _VERSION_3:
        raise OSError(f"{name} is older than OpenSSL 3.")
    return library
