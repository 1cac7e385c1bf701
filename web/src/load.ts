// The page's blobs by name: from the element of the one file if it is there, else from the server.
// Each failure is one plain sentence.

import { collect } from "./streams";
import { unpackApart } from "./unpack_apart";

export type Progress = (share: number) => void;

const kAgain = "make it again with hourglass explore";

/** Resolves once the document, and with it every blob in the file, is there. */
export function documentRead(): Promise<void> {
  if (document.readyState !== "loading") return Promise.resolve();
  return new Promise((done) => document.addEventListener("DOMContentLoaded", () => done(), { once: true }));
}

/** Why this browser or file cannot show the page, or null. */
export function obstacle(): string | null {
  if (!document.getElementById("end")) return `This file is cut off: its end is missing. Copy it again, or ${kAgain}.`;
  if (typeof WebAssembly !== "object")
    return "This browser has no WebAssembly (or a setting switches it off), which hourglass runs in. Any current Firefox, Chrome, Edge or Safari has it.";
  if (typeof DecompressionStream !== "function")
    return "This browser lacks DecompressionStream, which opens the page's data. Firefox 113, Chrome 80, Edge 80, Safari 16.4 and later have it.";
  return null;
}

/** The bytes of a blob, or null if neither the file nor the server has it; `progress` of fetching. */
export async function loadBlob(name: string, progress: Progress = () => {}): Promise<ArrayBuffer | null> {
  const element = document.getElementById(name);
  if (element instanceof HTMLScriptElement) return fromElement(name, element);
  if (location.protocol === "file:") return null;
  return fromServer(name, progress);
}

async function fromElement(name: string, element: HTMLScriptElement): Promise<ArrayBuffer> {
  const text = element.textContent ?? "";
  const { bytes, parts } = element.dataset;
  element.remove(); // 20 MB of text that nobody reads again
  try {
    return await unpackApart(text, Number(bytes) || 0, parts);
  } catch (why) {
    throw new Error(`This file is damaged: ${name} ${(why as Error).message}. Copy it again, or ${kAgain}.`);
  }
}

async function fromServer(name: string, progress: Progress): Promise<ArrayBuffer | null> {
  const gone = "Is hourglass explore still running? Start it again and open the address that it prints.";
  let response: Response;
  try {
    response = await fetch(name);
  } catch {
    throw new Error(`${name} cannot be fetched: nothing answers at ${location.host}. ${gone}`);
  }
  if (response.status === 404) return null;
  if (!response.ok || !response.body) throw new Error(`${name} cannot be fetched: status ${response.status}. ${gone}`);
  const whole = Number(response.headers.get("content-length"));
  try {
    const bytes = await collect(response.body, (read) => progress(whole ? Math.min(1, read / whole) : 0));
    if (whole && !response.headers.has("content-encoding") && bytes.byteLength !== whole) throw new Error();
    return bytes;
  } catch {
    throw new Error(`${name} came only in part: the connection broke. ${gone}`);
  }
}
