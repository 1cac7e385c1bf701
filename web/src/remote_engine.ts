// The engine in its worker.

import type { Engine } from "./engine";

export interface EngineParts {
  wasm: ArrayBuffer;
  pack: ArrayBuffer;
  model: ArrayBuffer | null;
  /** The decoder of another epoch; null where the page has none. */
  loadEpoch(epoch: number): Promise<ArrayBuffer | null>;
}

export async function startEngine(_parts: EngineParts): Promise<Engine> {
  const absent = () => Promise.reject(new Error("the engine is not there"));
  return {
    canDecode: false, canEncode: false, canPlace: false,
    decode: absent, encode: absent, at: absent, place: absent, near: absent,
    show: () => Promise.resolve(false),
  };
}
