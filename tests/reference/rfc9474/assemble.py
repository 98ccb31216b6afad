"""Write RFC 9474's four test vectors to `backend/ballots/rfc9474_vectors.toml`.

Usage: ``python -m tests.reference.rfc9474.assemble CIRCL_VECTORS``, where the argument is the file
`blindsign/blindrsa/testdata/test_vectors.json` of the Debian package
golang-github-cloudflare-circl-dev 1.3.1-2. README.md beside this file says what is from where.
"""

import hashlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path

TARGET = Path(__file__).parents[3] / "backend" / "ballots" / "rfc9474_vectors.toml"

# The blinding factor's inverse of A.4; the other three share that of the circl file.
INVERSE_4 = (
    "55f2053e9a4309ac61ac4da7f3a314e626f362e95f30337962d12f08b343165c8dea34d7812dc2dcb227cfa8de49bca5"
    "7880ac55f6d77b37ed83a32eb33656ddf0cde29761aef9f86bd758280b3403a63b466831cba4c97e17e9a11e4139f9d8"
    "4e5912b017eafbafdbb3ae59a1424feae6914eb1bf20922c6db5da8a538752b3b662ae15cae7beac9a0362b8836001c5"
    "7b0c5167dceb9a66e6ab6a90e9898646b4274c3662e4316926c4da7caf5aeff611934b70581280ec68fb2ce04c5681ef"
    "95b086b7289afae8ecd669325659791853a9f4c0b784f6f60b212c3b39754d5539e3671d7930d1272e82b3853b6583a8"
    "3d9ff70c00ce1938c05eccee531cb075564059b2749e84b45dff7d179c69c86c5d1870aeffd6281d099838a3a988ff9e"
    "2684f6cc896b5326275309187d9e3558163131e4d247c2ec8317a2c09f8079d32db8241c869bc5f773722ed8e68bfa5c"
    "518d20b955abf02103fce1a025149b14670fdfc8a3f0089516db047f86b9be626ff44989d6fcc162c9570da5b862b473"
    "04eca2aceba4dedd6a672458aae779004fe116009600a6a52eb6161a3d09fda09963b56f2870a150df7183bfa03ce735"
    "513e637631fb4f980657a8cdb953b2156594607f8ebf7de6999626197072afd7ff60a5d2f782dabe026e0f298df141b8"
    "a276aaf7202d959088d7721786b04c79e45c807eb46fcf3a94031ef351aff644"
)


@dataclass(frozen=True, slots=True)
class Published:
    """What distinguishes one vector, and both ends of each result as printed."""

    name: str
    prefix: str
    blinded: tuple[str, str]
    blind_signature: tuple[str, str]
    signature: tuple[str, str]


PUBLISHED = (
    Published(
        "RSABSSA-SHA384-PSS-Randomized",
        "8417e699b219d583fb6216ae0c53ca0e9723442d02f1d1a34295527e7d929e8b",
        (
            "aa3ee045138d874669685ffaef962c7694a9450aa9b4fd6465db9b3b75a522bb",
            "ff22d10049d3039a7a92fe7efdd95d",
        ),
        (
            "3f4a79eacd4445fca628a310d41e12fcd813c4d43aa4ef2b81226953248d6d00",
            "5c78d716a48eb9dc0aec8de39c4b45c6914ad4a8185969f70b1adf46",
        ),
        (
            "191e941c57510e22d29afad257de5ca436d2316221fe870c7cb75205a6c071c2",
            "ad456cb934679795bbdfcdfad5e0f2",
        ),
    ),
    Published(
        "RSABSSA-SHA384-PSSZERO-Randomized",
        "84ea86c8cf3beedfed73beceabd792027c609d1100bf041fdd60d826a718130d",
        (
            "4c1b82d9b97b968b2ce0754e326abd49e3d723ed937d84bead34b6a834483b43",
            "390f53768f1c2e56113ea91b33c7cfa647",
        ),
        (
            "4894f64d7214c216282d9842cbf7e7cccd9c0dcb1f4294a6bdeccd4c4c244616",
            "e4db51ca2f3c8a58b09e854cc71e8070ab",
        ),
        (
            "195363ba25e4bf763f6538c86865785f93f4ea6092da3ad200d41b99eb0eb086",
            "2f27633589d043bcdc041683b31f7f1",
        ),
    ),
    Published(
        "RSABSSA-SHA384-PSS-Deterministic",
        "",
        (
            "10c166c6a711e81c46f45b18e5873cc4f494f003180dd7f115585d871a289302",
            "352669c94a8a855acf30533d8e0594ace7c442",
        ),
        (
            "364f6a40dbfbc3bbb257943337eeff791a0f290898a6791283bba581d9eac90a",
            "bf3ef6011361611e6bc5c0dc851e1509de1a",
        ),
        (
            "6fef8bf9bc182cd8cf7ce45c7dcf0e6f3e518ae48f06f3c670c649ac737a8b81",
            "e2f2e1110811872fe7c865c42ed59029c706195d52",
        ),
    ),
    Published(
        "RSABSSA-SHA384-PSSZERO-Deterministic",
        "",
        (
            "0c86f078fe8fd2ea6b4e120d3fef7555701a7c6b7bd5606a7fb2ef2769d119f2",
            "3fb69b3a98ab3790fc7f71ef5dfa3f1979ebe35af",
        ),
        (
            "5ca77254ce107e6e6eedcf8ca03e08d4e92eeb0f4f08b2a2e7fb69da2f5db95f",
            "e2281fa2bf1a90f1d2cba55643e9ae37065a7534f53402e6f4c2a3a",
        ),
        (
            "4454b6983ff01cb28545329f394936efa42ed231e15efbc025fdaca00277acf0",
            "b4fca33ec6251897a137cf75474a32ac8256df5e5ffa518b88b43fb6f63a24",
        ),
    ),
)


def assemble(circl: dict[str, str]) -> str:
    """Compute the results from the published inputs; refuse any that is not the published one."""
    n, e, d = (int(circl[name], 16) for name in ("n", "e", "d"))
    width = len(circl["n"]) // 2
    parts = [HEADER, *(f'{name} = "{circl[name]}"' for name in ("p", "q", "n", "e", "d", "msg"))]
    for vector in PUBLISHED:
        salt = bytes.fromhex(circl["salt"]) if "PSS-" in vector.name else b""
        message = bytes.fromhex(vector.prefix + circl["msg"])
        inverse = INVERSE_4 if vector.name.endswith("ZERO-Deterministic") else circl["inv"]
        encoded = emsa_pss(message, salt, n.bit_length() - 1)
        blinded = encoded * pow(pow(int(inverse, 16), -1, n), e, n) % n
        blind_signature = pow(blinded, d, n)
        results = {
            "blinded_msg": (blinded, vector.blinded),
            "blind_sig": (blind_signature, vector.blind_signature),
            "sig": (blind_signature * int(inverse, 16) % n, vector.signature),
        }
        parts += ["\n[[vector]]", f'name = "{vector.name}"', f'msg_prefix = "{vector.prefix}"']
        parts += [f'salt = "{salt.hex()}"', f'inv = "{inverse}"']
        for name, (value, (head, tail)) in results.items():
            text = value.to_bytes(width, "big").hex()
            if not (text.startswith(head) and text.endswith(tail)):
                raise SystemExit(f"{vector.name}: {name} is not the published one.")
            parts.append(f'{name} = "{text}"')
    return "\n".join(parts) + "\n"


HEADER = """\
# The test vectors of RFC 9474, appendix A: one 4096-bit key and message, four variants.
# Made by tests/reference/rfc9474/assemble.py; the README.md there says from what.
"""


def emsa_pss(message: bytes, salt: bytes, bits: int) -> int:
    """Encode as RFC 8017, section 9.1.1, with SHA-384; for a key whose size is a multiple of 8."""
    length = (bits + 7) // 8
    digest = hashlib.sha384(bytes(8) + hashlib.sha384(message).digest() + salt).digest()
    block = bytes(length - len(salt) - 48 - 2) + b"\x01" + salt
    mask = b"".join(
        hashlib.sha384(digest + i.to_bytes(4, "big")).digest() for i in range(length // 48 + 1)
    )
    masked = bytes(a ^ b for a, b in zip(block, mask, strict=False))
    return int.from_bytes(masked + digest + b"\xbc", "big") & ((1 << bits) - 1)


if __name__ == "__main__":
    source = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    TARGET.write_text(assemble(source[0]), encoding="utf-8")
