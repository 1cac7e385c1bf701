// The engine where it runs: web/engine/engine.h in the words of engine.ts, each call answered at
// once. In the page it runs in a worker (worker.ts), in its tests under Node.

import createEngine from "hourglass-engine";
import type { Module } from "hourglass-engine";
import type { Blend, Near, Space } from "./engine";

const kSpaces: Space[] = ["latent", "pixel", "map"];

export class WasmEngine {
  private pack = 0; // memory for the pack until it is open
  private size = 0;

  private constructor(private readonly module: Module) {}

  static async start(wasm: ArrayBuffer): Promise<WasmEngine> {
    return new WasmEngine(await createEngine({ wasmBinary: wasm }));
  }

  /** Memory for a pack, which comes in pieces, so that it is nowhere a second time. */
  reserve(size: number): void {
    this.pack = this.allocate(size);
    this.size = size;
  }
  write(at: number, piece: Uint8Array): void {
    if (at + piece.length > this.size) throw new Error("the pack is longer than was said");
    this.module.HEAPU8.set(piece, this.pack + at);
  }
  open(): void {
    const status = this.module._hourglass_open(this.pack, this.size); // which frees it later
    this.pack = this.size = 0;
    this.check(status);
  }

  setModel(checkpoint: ArrayBuffer): void {
    this.lend([new Uint8Array(checkpoint)], (at) => this.module._hourglass_set_model(at, checkpoint.byteLength));
  }
  /** Returns whether the model in use is the map's own. */
  show(map: number, checkpoint: ArrayBuffer | null): boolean {
    const bytes = new Uint8Array(checkpoint ?? new ArrayBuffer(0));
    this.lend([bytes], (at) => this.module._hourglass_show(map, at, bytes.length));
    return this.module._hourglass_result_number(0) === 1;
  }

  get canDecode(): boolean {
    return this.module._hourglass_can_decode() === 1;
  }
  get canEncode(): boolean {
    return this.module._hourglass_can_encode() === 1;
  }
  get canPlace(): boolean {
    return this.module._hourglass_can_place() === 1;
  }

  decode(latents: Float32Array, labels = new Int32Array(0)): Float32Array {
    this.lend([latents, labels], (a, b) => this.module._hourglass_decode(a, latents.length, b, labels.length));
    return this.floats(0);
  }
  encode(images: Float32Array, labels = new Int32Array(0)): Float32Array {
    this.lend([images, labels], (a, b) => this.module._hourglass_encode(a, images.length, b, labels.length));
    return this.floats(0);
  }
  place(latents: Float32Array): Float32Array {
    this.lend([latents], (a) => this.module._hourglass_place(a, latents.length));
    return this.floats(0);
  }
  at(x: number, y: number, label = -1): Blend {
    this.check(this.module._hourglass_blend(x, y, label));
    const image = this.floats(1);
    return {
      latent: this.floats(0),
      image: image.length > 0 ? image : null,
      points: this.points(),
      weights: this.floats(2),
      distance: this.module._hourglass_result_number(0),
      far: this.module._hourglass_result_number(1) === 1,
    };
  }
  near(space: Space, of: number | Float32Array, k: number): Near {
    const number = kSpaces.indexOf(space);
    if (typeof of === "number") this.check(this.module._hourglass_near_point(number, of, k));
    else this.lend([of], (a) => this.module._hourglass_near_row(number, a, of.length, k));
    return { points: this.points(), distances: this.floats(0) };
  }

  private check(status: number): void {
    if (status !== 1) throw new Error(this.module.UTF8ToString(this.module._hourglass_error()));
  }

  private allocate(size: number): number {
    const at = this.module._malloc(Math.max(size, 1));
    if (at === 0) throw new Error("the browser gives this page no more memory: show fewer images with --limit");
    return at;
  }

  /** Calls f with copies of these arrays in the engine's memory. */
  private lend(arrays: (Float32Array | Int32Array | Uint8Array)[], f: (...at: number[]) => number): void {
    const pointers: number[] = [];
    try {
      for (const array of arrays) {
        const at = this.allocate(array.byteLength);
        pointers.push(at);
        this.module.HEAPU8.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
      }
      this.check(f(...pointers));
    } finally {
      for (const at of pointers) this.module._free(at);
    }
  }

  private floats(which: number): Float32Array {
    const at = this.module._hourglass_result(which);
    return new Float32Array(this.module.HEAPU8.buffer, at, this.module._hourglass_result_count(which)).slice();
  }
  private points(): Int32Array {
    const at = this.module._hourglass_result_points();
    return new Int32Array(this.module.HEAPU8.buffer, at, this.module._hourglass_result_points_count()).slice();
  }
}
