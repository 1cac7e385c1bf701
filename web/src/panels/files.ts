// Files and text that leave the page: a download or the clipboard.

import type { App } from "../view";

/** Offers the bytes to the browser as a file to keep. */
export function download(name: string, parts: BlobPart[], type: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(parts, { type }));
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Puts text into the clipboard and says so, `what` as in "the command". */
export async function copy(app: App, text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    app.tell(`Copied ${what}.`);
  } catch {
    app.tell(copyBySelection(text) ? `Copied ${what}.` : `The browser did not allow copying ${what}.`);
  }
}

/** For pages without the clipboard's interface: those of another machine over plain HTTP. */
function copyBySelection(text: string): boolean {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "unseen";
  document.body.append(field);
  const before = document.activeElement as HTMLElement | null;
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  before?.focus();
  return done;
}
