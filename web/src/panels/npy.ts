// The format npy, version 1.0 (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html):
// writing alone. Little-endian, as every machine with a browser is.

/** The bytes of an npy file: `data` in row-major order of `shape`. */
export function npy(data: Float32Array | Int32Array, shape: number[]): Uint8Array {
  if (shape.reduce((a, b) => a * b, 1) !== data.length) throw new Error(`npy: ${data.length} values are not of shape ${shape}`);
  const type = data instanceof Float32Array ? "<f4" : "<i4";
  const dict = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape.map((n) => n + ",").join(" ")}), }`;
  const begin = 10; // magic, version, length of the header
  const header = dict.padEnd(Math.ceil((begin + dict.length + 1) / 64) * 64 - begin - 1) + "\n";
  const bytes = new Uint8Array(begin + header.length + data.byteLength);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  bytes.set(new TextEncoder().encode(header), begin);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), begin + header.length);
  return bytes;
}
