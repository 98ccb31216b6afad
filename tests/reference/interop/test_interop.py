"""Canvass and the JavaScript libraries of Cloudflare and of the HPKE project agree both ways."""

import hashlib
import json
from pathlib import Path

from backend.ballots.backends import open_private_key
from backend.ballots.blind_signatures import finalize, verify
from backend.ballots.catalogue import decode_catalogue
from backend.ballots.holders import HolderKey, HolderRole
from backend.ballots.keys import rsa_key_id, to_base64
from backend.ballots.sealing import (
    SealedBallot,
    decode_contents,
    open_inner,
    open_outer,
)
from backend.ballots.signed_papers import SignedPaper, check_paper, receipt, request_paper
from backend.ballots.signing import BACKENDS, sign_blinded

HERE = Path(__file__).parent
SOURCE = (HERE / "from_canvass.json").read_bytes()
OURS = json.loads(SOURCE)
THEIRS = json.loads((HERE / "from_javascript.json").read_text(encoding="utf-8"))
CATALOGUE = decode_catalogue(OURS["catalogue"].encode())
HR = HolderKey(HolderRole.HR, bytes.fromhex(OURS["secrets"]["hr"]))
UNION = HolderKey(HolderRole.UNION, bytes.fromhex(OURS["secrets"]["union"]))


def test_the_two_files_belong_together() -> None:
    """JavaScript's answers were made from the file that lies beside them."""
    assert THEIRS["source_sha256"] == hashlib.sha256(SOURCE).hexdigest()


def test_javascript_computes_the_same_names() -> None:
    """Catalogue hash, key ids and nullifier are the same in both languages."""
    paper = SignedPaper(bytes.fromhex(OURS["message"]), bytes.fromhex(OURS["signature"]))
    assert THEIRS["canonical"]
    assert THEIRS["catalogue_hash"] == OURS["catalogue_hash"] == CATALOGUE.hash.hex()
    assert THEIRS["paper_key_id"] == to_base64(rsa_key_id(CATALOGUE.papers[0].public))
    assert THEIRS["holder_ids"] == {entry.role: entry.key_id for entry in CATALOGUE.holders}
    assert THEIRS["nullifier"] == paper.nullifier.hex() == OURS["nullifier"]
    assert OURS["receipt"] == receipt(paper.nullifier)


def test_javascript_derives_the_same_holder_keys() -> None:
    """A key made in a browser and one made here from the same secret are the same."""
    assert THEIRS["holder_keys"] == {"hr": True, "union": True}


def test_javascript_accepts_our_signature_only() -> None:
    """Their check accepts our paper and refuses it with a bit of message or signature changed."""
    assert THEIRS["signature_valid"]
    assert not THEIRS["altered_signature_valid"]
    assert not THEIRS["altered_message_valid"]


def test_javascript_asks_for_the_same_paper_from_a_seed() -> None:
    """Message and blinded value follow from the seed in the same way in both languages."""
    request = request_paper(CATALOGUE.papers[0], bytes.fromhex(OURS["seed"]))
    assert THEIRS["seed_message"] == request.message.hex() == OURS["message"]
    assert THEIRS["seed_blinded"] == request.blinded.hex() == OURS["blinded"]


def test_we_sign_and_finish_what_javascript_blinded() -> None:
    """Our counter gives the same reply as theirs, and both unblind it to the same paper."""
    paper = {name: bytes.fromhex(value) for name, value in THEIRS["paper"].items()}
    key = CATALOGUE.papers[0].public
    for backend in BACKENDS:
        private = open_private_key(bytes.fromhex(OURS["paper_key_pkcs8"]), backend)
        assert sign_blinded(private, paper["blinded"]) == paper["blind_signature"]
    inverse = int.from_bytes(paper["inverse"])
    assert finalize(key, paper["message"], paper["blind_signature"], inverse) == paper["signature"]
    assert verify(key, paper["message"], paper["signature"])
    assert (
        check_paper(CATALOGUE, SignedPaper(paper["message"], paper["signature"]))
        is (CATALOGUE.papers[0])
    )


def test_javascript_opens_our_ballots_and_no_altered_one() -> None:
    """With both keys their library reads what we sealed; changed by a bit it refuses."""
    assert THEIRS["opened"] == [ballot["block"] for ballot in OURS["ballots"]]
    assert THEIRS["opened_altered"] == ["refused"] * len(OURS["ballots"])


def test_we_open_the_ballots_of_javascript() -> None:
    """What their library sealed opens here with both keys, and says what they put in."""
    key_id = rsa_key_id(CATALOGUE.papers[0].public)
    nullifier = bytes.fromhex(OURS["nullifier"])
    for ballot in THEIRS["ballots"]:
        sealed = SealedBallot(key_id, nullifier, bytes.fromhex(ballot["sealed"]))
        half = open_outer(HR, CATALOGUE, [sealed])
        (opened,) = open_inner(UNION, CATALOGUE, half.ballots).ballots
        block = bytes.fromhex(ballot["block"])
        assert opened.contents == decode_contents(block, CATALOGUE.padded_bytes)
