"""SM2 signatures (GB/T 32918.2) over SM3 on the curve of GB/T 32918.5: whole numbers, standard library only.

A signature is r and s, 32 bytes each; a public key x and y. Steps of a multiplication do not depend on the secret but
for nibbles that are nought, and every nonce is fresh; it is nevertheless no arithmetic in constant time. Where somebody
may measure a signer a password machine belongs (docs/decisions/0020).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import lru_cache

from doudi.lib.merkle import sm3

P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
SIGNER_ID = b"1234567812345678"
"""GM/T 0009: whose name is signed with the key when nobody says another."""
LENGTH = 32

Affine = tuple[int, int]
Jacobian = tuple[int, int, int]
NOWHERE: Jacobian = (1, 1, 0)


def sign(private: int, message: bytes, draw: Callable[[int], int] = secrets.randbelow) -> bytes:
    """64 bytes. `draw(n)` gives a number below n that nobody can guess."""
    e = _hashed(message, public_of(private))
    while True:
        k = 1 + draw(N - 1)
        r = (e + _times(k, G)[0]) % N
        s = pow(1 + private, -1, N) * (k - r * private) % N
        if r and s and r + k != N:
            return r.to_bytes(LENGTH) + s.to_bytes(LENGTH)


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a message was signed with the key of a public one. Never raises for bytes of any kind."""
    point = point_of(public)
    r, s = int.from_bytes(signature[:LENGTH]), int.from_bytes(signature[LENGTH:])
    if point is None or len(signature) != 2 * LENGTH or not (0 < r < N and 0 < s < N) or not (r + s) % N:
        return False
    found = _affine(_add(_many(s, G), _many((r + s) % N, point)))
    return found is not None and (_hashed(message, public) + found[0]) % N == r


def new_private(draw: Callable[[int], int] = secrets.randbelow) -> int:
    """A fresh private key: 1 to n - 2."""
    return 1 + draw(N - 2)


def public_of(private: int) -> bytes:
    """x and y. ValueError for a number that is no private key."""
    if not 0 < private < N - 1:
        raise ValueError("not a private key of SM2")
    x, y = _times(private, G)
    return x.to_bytes(LENGTH) + y.to_bytes(LENGTH)


def point_of(public: bytes) -> Affine | None:
    """The point of 64 bytes; None where they are no point of the curve."""
    x, y = int.from_bytes(public[:LENGTH]), int.from_bytes(public[LENGTH:])
    on_curve = x < P and y < P and not (y * y - (x * x + A) * x - B) % P
    return (x, y) if len(public) == 2 * LENGTH and on_curve else None


def _hashed(message: bytes, public: bytes) -> int:
    """What is signed: the signer's name, the curve and the public key go in with the message (ZA)."""
    curve = b"".join(one.to_bytes(LENGTH) for one in (A, B, *G))
    named = (8 * len(SIGNER_ID)).to_bytes(2) + SIGNER_ID
    return int.from_bytes(sm3(sm3(named + curve + public) + message))


def _times(number: int, point: Affine) -> Affine:
    found = _affine(_many(number, point))
    if found is None:
        raise ValueError("a multiple of n")
    return found


def _many(number: int, point: Affine) -> Jacobian:
    """A multiple, put together from 64 rows of what one nibble gives."""
    found = NOWHERE
    for row in _rows(point):
        if number & 15:
            found = _add(found, row[number & 15])
        number >>= 4
    return found


@lru_cache(maxsize=8)
def _rows(point: Affine) -> list[list[Jacobian]]:
    """For every nibble of a number its sixteen multiples of the point."""
    rows, at = [], (*point, 1)
    for _nibble in range(2 * LENGTH):
        row = [NOWHERE, at]
        while len(row) < 16:
            row.append(_add(row[-1], at))
        rows.append(row)
        at = _add(row[-1], at)
    return rows


def _add(p: Jacobian, q: Jacobian) -> Jacobian:
    if not p[2] or not q[2]:
        return p if p[2] else q
    zp, zq = p[2] * p[2] % P, q[2] * q[2] % P
    u, v = p[0] * zq % P, q[0] * zp % P
    s, t = p[1] * zq * q[2] % P, q[1] * zp * p[2] % P
    if u == v:
        return _double(p) if s == t else NOWHERE
    h, r = v - u, t - s
    hh = h * h % P
    hhh, w = h * hh % P, u * hh % P
    x = (r * r - hhh - 2 * w) % P
    return x, (r * (w - x) - s * hhh) % P, h * p[2] * q[2] % P


def _double(p: Jacobian) -> Jacobian:
    x, y, z = p
    zz, yy = z * z % P, y * y % P
    s, m = 4 * x * yy % P, 3 * (x - zz) * (x + zz) % P
    found = (m * m - 2 * s) % P
    return found, (m * (s - found) - 8 * yy * yy) % P, 2 * y * z % P


def _affine(p: Jacobian) -> Affine | None:
    if not p[2]:
        return None
    inverse = pow(p[2], -1, P)
    return p[0] * inverse * inverse % P, p[1] * inverse * inverse * inverse % P
