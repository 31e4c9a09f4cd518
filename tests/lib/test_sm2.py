"""SM2 gives the standard's own signature, agrees with OpenSSL in both directions, and takes nothing else for one."""

from __future__ import annotations

import random
import shutil
import subprocess
from base64 import b64encode
from pathlib import Path

import pytest

from doudi.audit import verify
from doudi.lib import sm2

# GB/T 32918.5-2017, annex A.2
PRIVATE = 0x3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8
PUBLIC = bytes.fromhex(
    "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
NONCE = 0x59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21
SIGNATURE = bytes.fromhex(
    "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
    "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
)
MESSAGE = b"message digest"
CHECKS = [sm2.is_signed, verify.is_signed_sm2]


def test_the_standards_own_example_comes_out() -> None:
    assert sm2.public_of(PRIVATE) == PUBLIC
    assert sm2.sign(PRIVATE, MESSAGE, lambda below: NONCE - 1) == SIGNATURE


@pytest.mark.parametrize("check", CHECKS)
def test_the_standards_own_example_is_taken_and_no_bit_may_differ(check: object) -> None:
    assert callable(check) and check(PUBLIC, MESSAGE, SIGNATURE)
    assert not check(PUBLIC, MESSAGE + b".", SIGNATURE)
    for place in (0, 31, 32, 63):
        for data in (PUBLIC, SIGNATURE):
            other = bytearray(data)
            other[place] ^= 1
            args = (bytes(other), MESSAGE, SIGNATURE) if data is PUBLIC else (PUBLIC, MESSAGE, bytes(other))
            assert not check(*args)


@pytest.mark.parametrize("check", CHECKS)
def test_what_is_no_signature_or_no_key_is_refused_without_an_error(check: object) -> None:
    assert callable(check)
    r, s, n = SIGNATURE[:32], SIGNATURE[32:], sm2.N.to_bytes(32)
    nought = bytes(32)
    above = (int.from_bytes(s) + sm2.N).to_bytes(33)[-32:]
    opposite = (sm2.N - int.from_bytes(r)).to_bytes(32)  # r + s = n
    for other in (b"", r, nought + s, r + nought, n + s, r + n, r + above, r + opposite, SIGNATURE + b"\0"):
        assert not check(PUBLIC, MESSAGE, other)
    for key in (b"", bytes(64), PUBLIC[:63], PUBLIC + b"\0", b"\xff" * 64, PUBLIC[32:] + PUBLIC[:32]):
        assert not check(key, MESSAGE, SIGNATURE)


def test_both_checks_take_what_is_signed_and_agree_on_what_is_bent() -> None:
    chance = random.Random(4)
    for _ in range(12):
        private = sm2.new_private(chance.randrange)
        public, message = sm2.public_of(private), chance.randbytes(chance.randrange(200))
        made = sm2.sign(private, message)
        assert made != sm2.sign(private, message), "every nonce is fresh"
        bent = bytearray(made)
        bent[chance.randrange(64)] ^= 1 << chance.randrange(8)
        assert [check(public, message, made) for check in CHECKS] == [True, True]
        assert [check(public, message, bytes(bent)) for check in CHECKS] == [False, False]


def test_small_multiples_are_right_where_formulas_for_adding_are_not() -> None:
    """Doubling, adding a point to itself and to its opposite, and the way round the whole curve."""
    at = None
    for number in range(1, 40):
        at = verify.sm2_add(at, sm2.G)
        assert sm2._affine(sm2._many(number, sm2.G)) == at
    assert sm2._affine(sm2._many(sm2.N, sm2.G)) is None
    assert sm2._affine(sm2._many(sm2.N - 1, sm2.G)) == (sm2.G[0], sm2.P - sm2.G[1])
    one = (*sm2.G, 1)
    assert sm2._add(one, one) == sm2._double(one) and sm2._add(one, (sm2.G[0], sm2.P - sm2.G[1], 1)) == sm2.NOWHERE
    for wrong in (0, sm2.N - 1, sm2.N):
        with pytest.raises(ValueError):
            sm2.public_of(wrong)


@pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl here")
def test_openssl_takes_ours_and_we_take_its(tmp_path: Path) -> None:
    def openssl(*arguments: str) -> bytes:
        done = subprocess.run(["openssl", *arguments], cwd=tmp_path, capture_output=True, check=True, timeout=60)
        return done.stdout

    (tmp_path / "message").write_bytes(MESSAGE)
    openssl("genpkey", "-algorithm", "SM2", "-out", "key.pem")
    public = openssl("pkey", "-in", "key.pem", "-pubout", "-outform", "DER")[-64:]
    how = ["-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678", "-in", "message"]
    openssl("pkeyutl", "-sign", "-inkey", "key.pem", *how, "-out", "theirs")
    assert [check(public, MESSAGE, _raw((tmp_path / "theirs").read_bytes())) for check in CHECKS] == [True, True]

    head = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d03420004")
    pem = b"-----BEGIN PUBLIC KEY-----\n" + b64encode(head + PUBLIC) + b"\n-----END PUBLIC KEY-----\n"
    (tmp_path / "ours.pem").write_bytes(pem)
    (tmp_path / "ours").write_bytes(_der(sm2.sign(PRIVATE, MESSAGE)))
    said = openssl("pkeyutl", "-verify", "-pubin", "-inkey", "ours.pem", *how, "-sigfile", "ours")
    assert b"Verified Successfully" in said


def _raw(der: bytes) -> bytes:
    r = der[4 : 4 + der[3]]
    s = der[4 + der[3] + 2 :]
    return b"".join(int.from_bytes(one).to_bytes(32) for one in (r, s))


def _der(raw: bytes) -> bytes:
    numbers = [int.from_bytes(one) for one in (raw[:32], raw[32:])]
    parts = [one.to_bytes(one.bit_length() // 8 + 1) for one in numbers]
    inner = b"".join(bytes([2, len(one)]) + one for one in parts)
    return bytes([0x30, len(inner)]) + inner
