"""Reads what a page holds without the page's own code, and finds by brute force what the page should find."""
import gzip
import json
import re

import numpy as np

DTYPES = {"F32": np.float32, "I32": np.int32, "U8": np.uint8, "F64": np.float64, "I64": np.int64}


ESCAPED = {0x80: 0x00, 0xA0: 0x0D, 0xC0: 0x3C}  # groups that HTML would change; five more bits stand with them


def bytes_of_text(text, size):
    """`size` bytes of a text of seven bits a character."""
    signs = np.frombuffer(text.encode("utf-16-le"), np.uint16)
    bits = np.unpackbits(signs.astype(np.uint8)[:, None], axis=1)[:, 1:]  # [n, 7]
    escaped = np.flatnonzero(signs >= 0x80)
    pieces, begin = [], 0
    for at in escaped:
        code = int(signs[at])
        group = f"{ESCAPED[code & 0xE0]:07b}{code & 31:05b}"
        pieces += [bits[begin:at].reshape(-1), np.array(list(group), np.uint8)]
        begin = at + 1
    pieces.append(bits[begin:].reshape(-1))
    return np.packbits(np.concatenate(pieces)).tobytes()[:size]


def restored(stored, parts):
    """Undoes the arrangement of a blob's parts."""
    stored, read, out = np.frombuffer(stored, np.uint8), 0, []
    for kind, *value, size in (part.split() for part in parts.split(", ") if part):
        size = int(size)
        if kind == "raw":
            out.append(stored[read:read + size])
            read += size
        elif kind == "floats":
            out.append(stored[read:read + size].reshape(4, -1).T.reshape(-1))
            read += size
        else:
            count = -(-size // 8)
            other = np.unpackbits(stored[read:read + count])[:size].astype(bool)
            read += count
            piece = np.full(size, int(value[0]), np.uint8)
            piece[other] = stored[read:read + other.sum()]
            read += other.sum()
            out.append(piece)
    return b"".join(piece.tobytes() for piece in out)


def blobs(path):
    """{name: bytes} of a page in one file; the encoding is in docs/formats.md, "The one file"."""
    text = path.read_bytes().decode("utf-8")
    found = {}
    pattern = r'<script type="hourglass/blob" id="([^"]+)" data-bytes="(\d+)" data-parts="([^"]*)">(.*?)</script>'
    for name, size, parts, signs in re.findall(pattern, text, re.DOTALL):
        found[name] = restored(gzip.decompress(bytes_of_text(signs, int(size))), parts)
    return found


def safetensors(content):
    """({name: array}, metadata)"""
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8:8 + length])
    metadata = header.pop("__metadata__", {})
    arrays = {}
    for name, entry in header.items():
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        arrays[name] = np.frombuffer(content[begin:end], DTYPES[entry["dtype"]]).reshape(entry["shape"])
    return arrays, metadata


class Pack:
    def __init__(self, content):
        self.arrays, self.metadata = safetensors(content)
        self.facts = json.loads(self.metadata["facts"])
        self.names = json.loads(self.metadata["names"]) if "names" in self.metadata else None
        self.count = len(self.arrays["rows"])

    @classmethod
    def of(cls, path):
        return cls(blobs(path)["pack.safetensors"])

    def __getattr__(self, name):
        if name in self.__dict__.get("arrays", {}):
            return self.arrays[name]
        raise AttributeError(name)

    def map(self, index=-1):
        return self.arrays["maps"][index]

    def nearest(self, space, point, k):
        """The k points nearest to a point, itself left out; exact, and ties to the smaller index."""
        rows = {"latent": lambda: self.latents, "pixel": lambda: self.images, "map": self.map}[space]()
        rows = rows.astype(np.float64)
        distances = ((rows - rows[point]) ** 2).sum(axis=1)
        distances[point] = np.inf
        return np.argsort(distances, kind="stable")[:k]
