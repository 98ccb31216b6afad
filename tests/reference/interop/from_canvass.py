"""Write from_canvass.json: keys, papers and sealed ballots for another implementation to check.

Usage: ``python -m tests.reference.interop.from_canvass``, then make.mjs; README.md tells the whole.
The keys are made for this purpose and protect nothing.
"""

import hashlib
import json
from datetime import date
from pathlib import Path

from backend.ballots.backends import open_private_key
from backend.ballots.catalogue import WaveFacts, encode_catalogue, holder_entry, make_catalogue
from backend.ballots.holders import HolderKey, HolderRole
from backend.ballots.keys import PaperKey, SigningGroup, rsa_key_id
from backend.ballots.sealing import Contents, encode_contents, seal
from backend.ballots.signed_papers import receipt, request_paper
from backend.ballots.signing import make_private_key, sign_blinded

FILE = Path(__file__).parent / "from_canvass.json"
BALLOTS = (
    Contents(bytes(range(20))),
    Contents(bytes((250, 251, 252)), hashlib.sha256(b"panel").digest()),
    Contents(b""),
)


def documents() -> dict[str, object]:
    """Make everything the other side checks."""
    paper_key = PaperKey(
        SigningGroup("strasse", 'Straßenbau "Ost"\t道路', ("strasse",), 31), make_private_key()
    )
    hr = HolderKey(HolderRole.HR, hashlib.sha256(b"interop hr").digest())
    union = HolderKey(HolderRole.UNION, hashlib.sha256(b"interop union").digest())
    facts = WaveFacts(
        organisation="Ciudad Peñón",
        rollout="gps",
        wave="gps-1",
        opens_on=date(2025, 3, 3),
        closes_on=date(2025, 3, 14),
        instrument_hash="11" * 32,
        agreement_hash="22" * 32,
    )
    catalogue = make_catalogue(facts, [paper_key], [holder_entry(hr), holder_entry(union)], 128)
    seed = bytes(range(16))
    request = request_paper(catalogue.papers[0], seed)
    paper = request.finish(sign_blinded(open_private_key(paper_key.private), request.blinded))
    key_id = rsa_key_id(paper_key.public)
    return {
        "paper_key_pkcs8": paper_key.private.hex(),
        "secrets": {"hr": hr.secret.hex(), "union": union.secret.hex()},
        "catalogue": encode_catalogue(catalogue).decode(),
        "catalogue_hash": catalogue.hash.hex(),
        "seed": seed.hex(),
        "blinded": request.blinded.hex(),
        "message": paper.message.hex(),
        "signature": paper.signature.hex(),
        "nullifier": paper.nullifier.hex(),
        "receipt": receipt(paper.nullifier),
        "ballots": [
            {
                "block": encode_contents(said, catalogue.padded_bytes).hex(),
                "sealed": seal(catalogue, said, key_id, paper.nullifier).hex(),
            }
            for said in BALLOTS
        ],
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(documents(), indent=1) + "\n", encoding="utf-8")
