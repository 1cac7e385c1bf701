// The engine in its worker, as the page sees it.

import type { Blend, Engine, Near, Space } from "./engine";
import { Latest } from "./latest";
import type { Abilities, Calls, Reply } from "./worker_calls";

declare const WORKER_SOURCE: string; // the script of worker.ts, which build.mjs puts here

export interface EngineParts {
  wasm: ArrayBuffer; // given away: of no length afterwards
  pack: ArrayBuffer; // stays the page's
  model: ArrayBuffer | null; // given away
  epochs?: readonly number[]; // of the pack's maps, in order
  /** The decoder of another epoch; null where the page has none. */
  loadEpoch?(epoch: number): Promise<ArrayBuffer | null>;
}

export function startEngine(parts: EngineParts): Promise<Engine> {
  return RemoteEngine.start(WORKER_SOURCE, parts);
}

const kPiece = 4 << 20; // bytes of the pack in one message

/** Requests are answered in their order; of positions and maps only the newest (latest.ts). */
export class RemoteEngine implements Engine {
  private abilities: Abilities = { canDecode: false, canEncode: false, canPlace: false };
  private readonly open = new Map<number, { done: (result: unknown) => void; failed: (why: Error) => void }>();
  private readonly checkpoints = new Map<number, ArrayBuffer | null>(); // by map
  private ids = 0;
  private broken: Error | null = null;
  private readonly newestAt = new Latest((x: number, y: number, label?: number) => this.ask("at", [x, y, label]));
  private readonly newestMap = new Latest((map: number) => this.showNow(map));

  private constructor(private readonly worker: Worker, private readonly parts: EngineParts) {
    worker.addEventListener("message", (event: MessageEvent<Reply>) => this.take(event.data));
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.fail(new Error(`the engine does not run: ${event.message || "this browser refuses its worker"}`));
    });
  }

  /** Starts the worker from its script and gives it the pack, in pieces, so that the page's memory
   * holds it twice and not three times. */
  static async start(workerSource: string, parts: EngineParts): Promise<RemoteEngine> {
    const address = URL.createObjectURL(new Blob([workerSource], { type: "text/javascript" }));
    const engine = new RemoteEngine(new Worker(address), parts);
    const { wasm, pack, model } = parts;
    try {
      await engine.ask("start", [wasm, pack.byteLength], [wasm]);
      for (let at = 0; at < pack.byteLength; at += kPiece) {
        const piece = pack.slice(at, at + kPiece);
        await engine.ask("piece", [at, piece], [piece]);
      }
      engine.abilities = await engine.ask("open", [model], model ? [model] : []);
    } catch (why) {
      engine.worker.terminate();
      throw why;
    } finally {
      URL.revokeObjectURL(address);
    }
    return engine;
  }

  get canDecode(): boolean {
    return this.abilities.canDecode;
  }
  get canEncode(): boolean {
    return this.abilities.canEncode;
  }
  get canPlace(): boolean {
    return this.abilities.canPlace;
  }

  decode(latents: Float32Array, labels?: Int32Array): Promise<Float32Array> {
    return this.ask("decode", [latents, labels]);
  }
  encode(images: Float32Array, labels?: Int32Array): Promise<Float32Array> {
    return this.ask("encode", [images, labels]);
  }
  place(latents: Float32Array): Promise<Float32Array> {
    return this.ask("place", [latents]);
  }
  at(x: number, y: number, label?: number): Promise<Blend> {
    return this.newestAt.call(x, y, label);
  }
  near(space: Space, of: number | Float32Array, k: number): Promise<Near> {
    return this.ask("near", [space, of, k]);
  }
  show(map: number): Promise<boolean> {
    return this.newestMap.call(map);
  }

  private async showNow(map: number): Promise<boolean> {
    const { own, abilities } = await this.ask("show", [map, await this.checkpointOf(map)]);
    this.abilities = abilities;
    return own;
  }

  /** The model of a map's epoch, loaded once; null for the last map, whose model the engine has. */
  private async checkpointOf(map: number): Promise<ArrayBuffer | null> {
    const { epochs = [], loadEpoch } = this.parts;
    if (map >= epochs.length - 1 || !loadEpoch) return null;
    const known = this.checkpoints.get(map);
    if (known !== undefined) return known;
    const loaded = await loadEpoch(epochs[map]);
    this.checkpoints.set(map, loaded);
    return loaded;
  }

  private ask<Name extends keyof Calls>(
    call: Name,
    args: Parameters<Calls[Name]>,
    handedOver: ArrayBuffer[] = [],
  ): Promise<ReturnType<Calls[Name]>> {
    if (this.broken) return Promise.reject(this.broken);
    const id = this.ids++;
    return new Promise((done, failed) => {
      this.open.set(id, { done: done as (result: unknown) => void, failed });
      this.worker.postMessage({ id, call, args }, handedOver);
    });
  }

  private take({ id, result, error }: Reply): void {
    const asked = this.open.get(id);
    this.open.delete(id);
    if (error === undefined) asked?.done(result);
    else asked?.failed(new Error(error));
  }

  private fail(why: Error): void {
    this.broken = why;
    for (const { failed } of this.open.values()) failed(why);
    this.open.clear();
  }
}
