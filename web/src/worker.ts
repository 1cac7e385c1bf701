// The worker of the page: answers one request after the other, in their order, by the engine.

import { WasmEngine } from "./wasm_engine";
import type { Abilities, Calls, Reply, Request } from "./worker_calls";

let engine: WasmEngine | null = null;

function running(): WasmEngine {
  if (!engine) throw new Error("the engine is not running");
  return engine;
}

function abilities(): Abilities {
  const { canDecode, canEncode, canPlace } = running();
  return { canDecode, canEncode, canPlace };
}

type Answers = { [Name in keyof Calls]: (...args: Parameters<Calls[Name]>) => ReturnType<Calls[Name]> | Promise<ReturnType<Calls[Name]>> };

const answers: Answers = {
  async start(wasm, packSize) {
    engine = await WasmEngine.start(wasm);
    engine.reserve(packSize);
  },
  piece: (at, bytes) => running().write(at, new Uint8Array(bytes)),
  open(model) {
    running().open();
    if (model) running().setModel(model);
    return abilities();
  },
  show(map, checkpoint) {
    const own = running().show(map, checkpoint);
    return { own, abilities: abilities() };
  },
  decode: (latents, labels) => running().decode(latents, labels),
  encode: (images, labels) => running().encode(images, labels),
  place: (latents) => running().place(latents),
  at: (x, y, label) => running().at(x, y, label),
  near: (space, of, k) => running().near(space, of, k),
};

async function answer({ id, call, args }: Request): Promise<void> {
  const reply: Reply = { id };
  try {
    reply.result = await (answers[call] as (...args: unknown[]) => unknown)(...args);
  } catch (why) {
    reply.error = sentence(why);
  }
  self.postMessage(reply, { transfer: buffersOf(reply.result) });
}

/** What went wrong, for a person; a fault of the engine itself ends it. */
function sentence(why: unknown): string {
  if (why instanceof WebAssembly.RuntimeError) {
    engine = null;
    return `the engine stopped (${why.message}): load the page again`;
  }
  return why instanceof Error ? why.message : String(why);
}

/** The memory of all arrays of a result: handed over, as nobody needs it here. */
function buffersOf(result: unknown): ArrayBuffer[] {
  const values = ArrayBuffer.isView(result) ? [result] : Object.values(result ?? {});
  return values.filter(ArrayBuffer.isView).map((array) => array.buffer as ArrayBuffer);
}

let last = Promise.resolve();
self.addEventListener("message", (event: MessageEvent<Request>) => {
  last = last.then(() => answer(event.data));
});
