"""不用本系统的数据库，核对一条记录在不在日志里：一个文件，只用 Python 标准库。
Checks without the house's database that an entry is in its log: one file, Python's standard library only.

    python verify.py PROOF.json --key log.pub [--held FOLDER | checkpoint-….txt …]

PROOF.json 由 `doudi audit prove` 得来；log.pub 是日志的公钥；checkpoint-….txt 是外面的保管人保存的检查点。
会说出这条记录是什么、从什么时候起确定；带 --held 还会说，证明它的日志是不是当时保存的那一份。
退出码 0 已证实，1 没有证实，2 读不出来。

PROOF.json comes from `doudi audit prove`; log.pub is the log's public key, and checkpoint-….txt a checkpoint, as
somebody outside the house has kept them. Says what the entry is and since when it is certain. With --held it says also
whether the log that proves it is the one that was held then: of a folder, or of several files, the checkpoint of the
proof's size is taken. Exit code 0: proved. 1: not proved. 2: cannot be read.

Signatures it checks by itself: Ed25519, and SM2 with SM3. A log signed otherwise is said to be out of its reach.
"""

import argparse
import base64
import hashlib
import io
import json
import sys
from pathlib import Path
from typing import Any

Point = tuple[int, int, int, int]
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)

# the curve of GB/T 32918.5, and whose name is signed with a key (GM/T 0009)
SP = 2**256 - 2**224 - 2**96 + 2**64 - 1
SN = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
SB = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
SX = 0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7
SY = 0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0
SIGNER = b"1234567812345678"
ED25519, SM2 = b"\1", b"\xffsm2-sm3:"
"""What the bytes of a public key begin with."""


class NotProved(Exception):
    """Why the proof does not hold, in Chinese and in English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"没有证实：{zh}\nNOT PROVED: {en}")


def point(data: bytes) -> Point:
    """RFC 8032, 5.1.3: a point of the curve from 32 bytes, in extended coordinates."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    if y >= P:
        raise NotProved("这不是一个签名", "the signature is not one")
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        raise NotProved("这不是一个签名", "the signature is not one")
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


def sm2_add(p: tuple[int, int] | None, q: tuple[int, int] | None) -> tuple[int, int] | None:
    """GB/T 32918.1, 3.2.3.1: points of a curve added; None is the point at infinity."""
    if p is None or q is None:
        return q if p is None else p
    if p[0] == q[0]:
        if (p[1] + q[1]) % SP == 0:
            return None
        slope = 3 * (p[0] * p[0] - 1) * pow(2 * p[1], -1, SP)
    else:
        slope = (q[1] - p[1]) * pow(q[0] - p[0], -1, SP)
    x = (slope * slope - p[0] - q[0]) % SP
    return x, (slope * (p[0] - x) - p[1]) % SP


def sm2_times(number: int, p: tuple[int, int] | None) -> tuple[int, int] | None:
    """A multiple of a point."""
    found = None
    while number:
        if number & 1:
            found = sm2_add(found, p)
        p, number = sm2_add(p, p), number >> 1
    return found


def is_signed_sm2(public: bytes, message: bytes, signature: bytes) -> bool:
    """GB/T 32918.2, 7: SM2 over SM3."""
    x, y = int.from_bytes(public[:32], "big"), int.from_bytes(public[32:], "big")
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if len(public) != 64 or len(signature) != 64 or x >= SP or y >= SP or (y * y - x**3 + 3 * x - SB) % SP:
        return False
    if not 0 < r < SN or not 0 < s < SN or not (r + s) % SN:
        return False
    curve = b"".join(one.to_bytes(32, "big") for one in (SP - 3, SB, SX, SY))
    hashed = digest("sm3", digest("sm3", bytes([0, 8 * len(SIGNER)]) + SIGNER + curve + public) + message)
    found = sm2_add(sm2_times(s, (SX, SY)), sm2_times((r + s) % SN, (x, y)))
    return found is not None and (int.from_bytes(hashed, "big") + found[0]) % SN == r


def sm3(data: bytes) -> bytes:
    """GB/T 32905, for a Python whose OpenSSL has none."""

    def turn(x: int, n: int) -> int:
        n %= 32
        return (x << n | x >> 32 - n) & 0xFFFFFFFF

    start = bytes.fromhex("7380166f4914b2b9172442d7da8a0600a96f30bc163138aae38dee4db0fb0e4e")
    state = [int.from_bytes(start[i : i + 4], "big") for i in range(0, 32, 4)]
    data += b"\x80" + bytes(-(len(data) + 9) % 64) + (8 * len(data)).to_bytes(8, "big")
    for at in range(0, len(data), 64):
        w = [int.from_bytes(data[i : i + 4], "big") for i in range(at, at + 64, 4)]
        for j in range(16, 68):
            x = w[j - 16] ^ w[j - 9] ^ turn(w[j - 3], 15)
            w.append(x ^ turn(x, 15) ^ turn(x, 23) ^ turn(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = state
        for j in range(64):
            one = turn(turn(a, 12) + e + turn(0x79CC4519 if j < 16 else 0x7A879D8A, j) & 0xFFFFFFFF, 7)
            ff, gg = (a ^ b ^ c, e ^ f ^ g) if j < 16 else (a & b | a & c | b & c, e & f | ~e & g)
            first = ff + d + (one ^ turn(a, 12)) + (w[j] ^ w[j + 4]) & 0xFFFFFFFF
            x = gg + h + one + w[j] & 0xFFFFFFFF
            a, b, c, d, e, f, g, h = first, a, turn(b, 9), c, x ^ turn(x, 9) ^ turn(x, 17), e, turn(f, 19), g
        state = [old ^ new for old, new in zip(state, (a, b, c, d, e, f, g, h), strict=True)]
    return b"".join(one.to_bytes(4, "big") for one in state)


def is_signed_with(public: bytes, message: bytes, signature: bytes) -> bool:
    """By the algorithm that the bytes of the key begin with."""
    if public.startswith(SM2):
        return is_signed_sm2(public[len(SM2) :], message, signature)
    return is_signed(public[len(ED25519) :], message, signature)


def checkpoint(text: str, key: str) -> tuple[int, bytes, str, str]:
    """Size, root, hash and time that a checkpoint says, once its signature holds."""
    origin, said, public = key.strip().split("+", 2)
    data = base64.b64decode(public, validate=True)
    mark = hashlib.sha256(origin.encode() + b"\n" + data).digest()[:4]
    if mark.hex() != said:
        raise NotProved("公钥文件 log.pub 损坏了", "log.pub is damaged")
    if not data.startswith((ED25519, SM2)):
        raise NotProved(
            "log.pub 的算法本文件核对不了：只认得 Ed25519 和 SM2（SM3）",
            "log.pub is of an algorithm this file cannot check: it knows Ed25519 and SM2 with SM3 only",
        )
    body, _, signatures = text.partition("\n\n")
    lines = body.split("\n")
    if lines[0] != origin or len(lines) != 5:
        raise NotProved("检查点是另一份日志的", "the checkpoint is of another log")
    for line in signatures.splitlines():
        signed = base64.b64decode(line.rsplit(" ", 1)[-1], validate=True)
        is_ours = line.startswith("— " + origin + " ") and signed[:4] == mark
        if is_ours and is_signed_with(data, (body + "\n").encode(), signed[4:]):
            return int(lines[1]), base64.b64decode(lines[2]), lines[3][5:], lines[4][5:]
    raise NotProved("检查点不是用这把密钥签的", "the checkpoint is not signed with this key")


def root_of(leaf: bytes, position: int, size: int, path: list[bytes], name: str) -> bytes:
    """RFC 9162, 2.1.3.2."""
    at, last = position, size - 1
    if not 0 <= position < size:
        raise NotProved("位置超出了日志", "the place is outside the log")
    for one in path:
        if not last:
            raise NotProved("路径太长", "the path is too long")
        if at & 1 or at == last:
            leaf = digest(name, b"\1" + one + leaf)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            leaf = digest(name, b"\1" + leaf + one)
        at, last = at >> 1, last >> 1
    if last:
        raise NotProved("路径太短", "the path is too short")
    return leaf


def digest(name: str, data: bytes) -> bytes:
    """SHA-256 or SM3."""
    if name == "sm3" and "sm3" not in hashlib.algorithms_available:
        return sm3(data)
    return hashlib.new(name, data).digest()


def held_one(size: int, root: bytes, held: list[str], key: str) -> str:
    """Since when the log of the proof is held outside. NotProved where it is not, with the sizes that are."""
    sizes = [int(text.split("\n")[1]) for text in held]
    for text in (text for text, said in zip(held, sizes, strict=True) if said == size):
        _size, their_root, _name, then = checkpoint(text, key)
        if their_root != root:
            raise NotProved(
                f"外面保存的同样长度（{size}）的检查点，是另一部历史的",
                f"the checkpoint held outside, of the same size {size}, is of ANOTHER HISTORY",
            )
        return then
    newest = sorted(sizes)[-5:]
    listed = ", ".join(map(str, newest))
    raise NotProved(
        f"外面没有保存长度为 {size} 的检查点；最近保存的长度是 {listed}。"
        f"请要一份在其中一个之下的证明：doudi audit prove ENTRY --size {newest[-1]}（或 --held FOLDER）",
        f"no checkpoint of size {size} is held there; the newest held are of {listed}. "
        f"Ask for a proof under one of them: doudi audit prove ENTRY --size {newest[-1]} (or --held FOLDER)",
    )


def verify(proof: dict[str, Any], key: str, held: list[str] | None = None) -> list[str]:
    """What is proved, as lines of text. NotProved says why not."""
    size, root, name, since = checkpoint(proof["checkpoint"], key)
    leaf = digest(name, b"\0" + proof["entry"].encode())
    if root_of(leaf, proof["position"], size, [bytes.fromhex(one) for one in proof["path"]], name) != root:
        raise NotProved("这条记录不在签过名的日志里", "the entry is not in the log that was signed")
    said = [
        f"已证实：长度 {size} 的日志的第 {proof['position']} 条，{since} 签名",
        f"proved: entry {proof['position']} of a log of {size}, signed at {since}",
    ]
    if held is not None:
        then = held_one(size, root, held, key)
        said += [f"就是外面保存的那个检查点，{then}", f"and that is the checkpoint held outside, of {then}"]
    return [*said, json.dumps(json.loads(proof["entry"]), ensure_ascii=False, indent=1)]


def texts_of(paths: list[str]) -> list[str]:
    """The checkpoints of files and of folders."""
    found = []
    for path in map(Path, paths):
        files = sorted(path.glob("checkpoint-*.txt")) if path.is_dir() else [path]
        if not files:
            raise NotProved(f"{path} 里没有 checkpoint-….txt", f"there is no checkpoint-….txt in {path}")
        found += [one.read_text(encoding="utf-8") for one in files]
    return found


def main() -> int:
    """Reads the files named on the command line."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("proof")
    asked.add_argument("--key", required=True)
    asked.add_argument("--held", nargs="+", action="extend")
    options = asked.parse_args()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a console that cannot write Chinese still says what it found
            stream.reconfigure(errors="backslashreplace")
    try:
        with open(options.proof, encoding="utf-8") as file:
            proof = json.load(file)
        with open(options.key, encoding="utf-8") as file:
            key = file.read()
        held = texts_of(options.held) if options.held else None
        print("\n".join(verify(proof, key, held)))
    except NotProved as error:
        print(error)
        return 1
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        print(f"读不出来 / cannot be read: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
