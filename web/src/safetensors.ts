// The format safetensors: named arrays and text (https://huggingface.co/docs/safetensors). Views of
// one buffer, no copies: hourglass writes arrays of wider elements first, so all are aligned.

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

export class Tensors {
  readonly metadata: { [key: string]: string };
  private readonly entries: { [name: string]: Entry };
  private readonly begin: number;

  constructor(private readonly bytes: ArrayBuffer) {
    const damaged = (why: string) => new Error(`the pack is damaged: ${why}; make it again with hourglass explore`);
    if (bytes.byteLength < 8) throw damaged("it is too short");
    const length = Number(new DataView(bytes).getBigUint64(0, true));
    if (length > bytes.byteLength - 8) throw damaged("its header is cut off");
    let header: { [name: string]: Entry };
    try {
      header = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 8, length)));
    } catch {
      throw damaged("its header is not readable");
    }
    this.begin = 8 + length;
    this.metadata = (header["__metadata__"] ?? {}) as unknown as { [key: string]: string };
    delete header["__metadata__"];
    this.entries = header;
    for (const name of this.names()) {
      const [from, to] = header[name].data_offsets;
      if (!(0 <= from && from <= to && to <= bytes.byteLength - this.begin)) throw damaged(`${name} is cut off`);
    }
  }

  names(): string[] {
    return Object.keys(this.entries);
  }
  shape(name: string): number[] | null {
    return this.entries[name]?.shape ?? null;
  }
  f32(name: string): Float32Array | null {
    return this.view(name, "F32", 4, (b, o, n) => new Float32Array(b, o, n));
  }
  i32(name: string): Int32Array | null {
    return this.view(name, "I32", 4, (b, o, n) => new Int32Array(b, o, n));
  }
  u8(name: string): Uint8Array | null {
    return this.view(name, "U8", 1, (b, o, n) => new Uint8Array(b, o, n));
  }

  private view<T>(name: string, dtype: string, size: number, make: (b: ArrayBuffer, o: number, n: number) => T): T | null {
    const entry = this.entries[name];
    if (!entry) return null;
    if (entry.dtype !== dtype) throw new Error(`the pack's ${name} is ${entry.dtype}, not ${dtype}`);
    const [from, to] = entry.data_offsets;
    return make(this.bytes, this.begin + from, (to - from) / size);
  }
}
