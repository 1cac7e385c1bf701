// unpack.ts in a worker of its own. It takes three times the blob's memory, which browsers collect
// late: all of that ends with the worker.

import type { Calls, Reply, Request } from "./worker_calls";
import { WORKER } from "./worker_source";

/** The bytes of a blob: unpack(), apart. */
export async function unpackApart(...args: Parameters<Calls["unpack"]>): Promise<ArrayBuffer> {
  const address = URL.createObjectURL(new Blob([WORKER], { type: "text/javascript" }));
  const worker = new Worker(address);
  try {
    return await new Promise((done, failed) => {
      worker.onmessage = ({ data: { result, error } }: MessageEvent<Reply>) =>
        error === undefined ? done((result as Uint8Array).buffer as ArrayBuffer) : failed(new Error(error));
      worker.onerror = (event) => failed(new Error(`cannot be unpacked (${event.message || "this browser refuses its worker"})`));
      const request: Request = { id: 0, call: "unpack", args };
      worker.postMessage(request);
    });
  } finally {
    worker.terminate();
    URL.revokeObjectURL(address);
  }
}
