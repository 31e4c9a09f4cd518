"""Checks without the house's database that an entry is in its log: one file, Python's standard library only.

    python verify.py PROOF.json --key log.pub [--held checkpoint-….txt]

PROOF.json comes from `doudi audit prove`; log.pub is the log's public key, and checkpoint-….txt a checkpoint, as
somebody outside the house has kept them. Says what the entry is and since when it is certain. With --held it says also
whether the log that proves it is the one that was held then. Exit code 0: proved. 1: not proved. 2: cannot be read.
"""

import argparse
import base64
import hashlib
import json
import sys
from typing import Any

Point = tuple[int, int, int, int]
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


class NotProved(Exception):
    """Why the proof does not hold."""


def point(data: bytes) -> Point:
    """RFC 8032, 5.1.3: a point of the curve from 32 bytes, in extended coordinates."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    if y >= P:
        raise NotProved("the signature is not one")
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        raise NotProved("the signature is not one")
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def add(p: Point, q: Point) -> Point:
    """RFC 8032, 5.1.4."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number: int, p: Point) -> Point:
    """A multiple of a point."""
    found: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            found = add(found, p)
        p, number = add(p, p), number >> 1
    return found


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """RFC 8032, 5.1.7: Ed25519."""
    if len(public) != 32 or len(signature) != 64:
        return False
    s = int.from_bytes(signature[32:], "little")
    if s >= L:
        return False
    base = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    hashed = hashlib.sha512(signature[:32] + public + message).digest()
    left, right = times(s, base), add(point(signature[:32]), times(int.from_bytes(hashed, "little") % L, point(public)))
    return not (left[0] * right[2] - right[0] * left[2]) % P and not (left[1] * right[2] - right[1] * left[2]) % P


def checkpoint(text: str, key: str) -> tuple[int, bytes, str, str]:
    """Size, root, hash and time that a checkpoint says, once its signature holds."""
    origin, digest, public = key.strip().split("+", 2)
    data = base64.b64decode(public, validate=True)
    mark = hashlib.sha256(origin.encode() + b"\n" + data).digest()[:4]
    if mark.hex() != digest or data[0] != 1:
        raise NotProved("log.pub is damaged, or of an algorithm that this file does not know")
    body, _, signatures = text.partition("\n\n")
    lines = body.split("\n")
    if lines[0] != origin or len(lines) != 5:
        raise NotProved("the checkpoint is of another log")
    for line in signatures.splitlines():
        signed = base64.b64decode(line.rsplit(" ", 1)[-1], validate=True)
        is_ours = line.startswith("— " + origin + " ") and signed[:4] == mark
        if is_ours and is_signed(data[1:], (body + "\n").encode(), signed[4:]):
            return int(lines[1]), base64.b64decode(lines[2]), lines[3][5:], lines[4][5:]
    raise NotProved("the checkpoint is not signed with this key")


def root_of(leaf: bytes, position: int, size: int, path: list[bytes], name: str) -> bytes:
    """RFC 9162, 2.1.3.2."""
    at, last = position, size - 1
    if not 0 <= position < size:
        raise NotProved("the place is outside the log")
    for one in path:
        if not last:
            raise NotProved("the path is too long")
        if at & 1 or at == last:
            leaf = digest(name, b"\1" + one + leaf)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            leaf = digest(name, b"\1" + leaf + one)
        at, last = at >> 1, last >> 1
    if last:
        raise NotProved("the path is too short")
    return leaf


def digest(name: str, data: bytes) -> bytes:
    """SHA-256, or SM3 where the OpenSSL under Python has it."""
    return hashlib.new(name, data).digest()


def verify(proof: dict[str, Any], key: str, held: str | None = None) -> list[str]:
    """What is proved, as lines of text. NotProved says why not."""
    size, root, name, since = checkpoint(proof["checkpoint"], key)
    leaf = digest(name, b"\0" + proof["entry"].encode())
    if root_of(leaf, proof["position"], size, [bytes.fromhex(one) for one in proof["path"]], name) != root:
        raise NotProved("the entry is not in the log that was signed")
    said = [f"proved: entry {proof['position']} of a log of {size}, signed at {since}"]
    if held is not None:
        their_size, their_root, _name, then = checkpoint(held, key)
        if (their_size, their_root) != (size, root):
            raise NotProved(f"the checkpoint held outside is another: ask for a proof under it (--size {their_size})")
        said.append(f"and that is the checkpoint held outside, of {then}")
    return [*said, json.dumps(json.loads(proof["entry"]), ensure_ascii=False, indent=1)]


def main() -> int:
    """Reads the files named on the command line."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("proof")
    asked.add_argument("--key", required=True)
    asked.add_argument("--held")
    options = asked.parse_args()
    try:
        with open(options.proof, encoding="utf-8") as file:
            proof = json.load(file)
        with open(options.key, encoding="utf-8") as file:
            key = file.read()
        held = None
        if options.held:
            with open(options.held, encoding="utf-8") as file:
                held = file.read()
        print("\n".join(verify(proof, key, held)))
    except NotProved as error:
        print(f"NOT PROVED: {error}")
        return 1
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        print(f"cannot be read: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
