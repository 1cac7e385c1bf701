// The page's engine under Node, which is no worker of a browser.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Tensors } from "../../web/src/safetensors";
import { WasmEngine } from "../../web/src/wasm_engine";

export function bytesOf(path: string): ArrayBuffer {
  const bytes = readFileSync(path);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}

export function tensorsOf(path: string): Tensors {
  return new Tensors(bytesOf(path));
}

export async function startEngine(page: string, pack: ArrayBuffer, model: ArrayBuffer | null): Promise<WasmEngine> {
  Object.assign(globalThis, { self: { location: { href: "" } }, importScripts: () => {} });
  const engine = await WasmEngine.start(bytesOf(join(page, "engine.wasm")));
  const kPiece = 1 << 20;
  engine.reserve(pack.byteLength);
  for (let at = 0; at < pack.byteLength; at += kPiece) engine.write(at, new Uint8Array(pack.slice(at, at + kPiece)));
  engine.open();
  if (model) engine.setModel(model);
  return engine;
}
