/** All bytes of a stream; tells how many have come. `whole`: how many are expected, 0: not known. */
export async function collect(stream: ReadableStream<Uint8Array>, told: (read: number) => void, whole = 0): Promise<ArrayBuffer> {
  const reader = stream.getReader();
  let bytes = new Uint8Array(whole || 1 << 16);
  let read = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (read + value.length > bytes.length) {
      const larger = new Uint8Array(Math.max(2 * bytes.length, read + value.length));
      larger.set(bytes.subarray(0, read));
      bytes = larger;
    }
    bytes.set(value, read);
    read += value.length;
    told(read);
  }
  return read === bytes.length ? bytes.buffer : bytes.buffer.slice(0, read);
}
