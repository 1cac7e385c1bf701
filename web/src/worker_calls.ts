// What the page and the worker of the engine say to each other.

import type { Blend, Near, Space } from "./engine";

export interface Abilities {
  canDecode: boolean;
  canEncode: boolean;
  canPlace: boolean;
}

/** The calls with their arguments and results. Bytes are handed over, not copied. */
export interface Calls {
  start: (wasm: ArrayBuffer, packSize: number) => void;
  piece: (at: number, bytes: ArrayBuffer) => void;
  open: (model: ArrayBuffer | null) => Abilities;
  show: (map: number, checkpoint: ArrayBuffer | null) => { own: boolean; abilities: Abilities };
  decode: (latents: Float32Array, labels?: Int32Array) => Float32Array;
  encode: (images: Float32Array, labels?: Int32Array) => Float32Array;
  place: (latents: Float32Array) => Float32Array;
  at: (x: number, y: number, label?: number) => Blend;
  near: (space: Space, of: number | Float32Array, k: number) => Near;
}

export interface Request {
  id: number;
  call: keyof Calls;
  args: unknown[];
}

export interface Reply {
  id: number;
  result?: unknown;
  error?: string; // one sentence
}
