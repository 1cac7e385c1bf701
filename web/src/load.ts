// The page's blobs by name: from the element of the one file if it is there, else from the server.
// Each failure is one plain sentence.

import { restore, TextReader } from "./blob_text";

export type Progress = (share: number) => void;

const kAgain = "make it again with hourglass explore";
const kTextStep = 1 << 21; // characters decoded between two looks at the clock: 5 ms

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

/** The bytes of a blob, or null if neither the file nor the server has it. */
export async function loadBlob(name: string, progress: Progress = () => {}): Promise<ArrayBuffer | null> {
  const element = document.getElementById(name);
  if (element instanceof HTMLScriptElement) return fromElement(name, element, progress);
  if (location.protocol === "file:") return null;
  return fromServer(name, progress);
}

async function fromElement(name: string, element: HTMLScriptElement, progress: Progress): Promise<ArrayBuffer> {
  const damaged = (how: string) => new Error(`This file is damaged: ${name} ${how}. Copy it again, or ${kAgain}.`);
  const text = element.textContent ?? "";
  const { bytes, parts } = element.dataset;
  const zipped = new Uint8Array(Number(bytes) || 0);
  const reader = new TextReader(zipped);
  for (let at = 0; at < text.length; at += kTextStep) {
    reader.read(text, at, Math.min(at + kTextStep, text.length));
    progress((0.5 * at) / text.length);
    await breathe();
  }
  element.remove(); // 20 MB of text that nobody reads again
  if (!reader.whole) throw damaged("is not whole");
  try {
    return restore(await gunzip(zipped, (share) => progress(0.5 + 0.5 * share)), parts);
  } catch {
    throw damaged("cannot be unpacked");
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

async function gunzip(zipped: Uint8Array, progress: Progress): Promise<ArrayBuffer> {
  // The last four bytes are the length, so that the result is allocated once.
  const whole = zipped.length < 18 ? 0 : new DataView(zipped.buffer).getUint32(zipped.length - 4, true);
  const stream = new Blob([zipped]).stream().pipeThrough<Uint8Array>(new DecompressionStream("gzip"));
  return collect(stream, (read) => progress(whole ? Math.min(1, read / whole) : 0), whole);
}

async function collect(stream: ReadableStream<Uint8Array>, told: (read: number) => void, whole = 0): Promise<ArrayBuffer> {
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

/** Lets the browser draw. */
function breathe(): Promise<void> {
  return new Promise((done) => setTimeout(done, 0));
}
