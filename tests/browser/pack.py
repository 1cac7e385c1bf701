"""Reads what a page holds without the page's own code, and finds by brute force what the page should find."""
import gzip
import json
import re

import numpy as np

DTYPES = {"F32": np.float32, "I32": np.int32, "U8": np.uint8, "F64": np.float64, "I64": np.int64}


def blobs(path):
    """{name: bytes} of a page in one file; the encoding is in docs/formats.md."""
    text = path.read_bytes().decode("utf-8")
    found = {}
    pattern = r'<script type="hourglass/blob" id="([^"]+)" data-bytes="(\d+)">(.*?)</script>'
    for name, size, signs in re.findall(pattern, text, re.DOTALL):
        groups = np.frombuffer(signs.encode("utf-16-le"), np.uint16).astype(np.uint8) & 127
        bits = np.unpackbits(groups[:, None], axis=1)[:, 1:].reshape(-1)
        found[name] = gzip.decompress(np.packbits(bits).tobytes()[:int(size)])
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
