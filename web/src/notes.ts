// Sentences about the whole page, over the map: what was left out and what is missing.

import { count, el } from "./dom";
import type { Pack } from "./pack";
import type { App } from "./view";

/** All that a reader must know before trusting the page, a sentence each. */
export function pageNotes({ count: shown, facts }: Pack): string[] {
  const things = facts.shape ? "images" : "rows";
  const limit = facts.total > shown ? [`${count(shown)} of ${count(facts.total)} ${things} are in this page: --limit left out the others.`] : [];
  return [...limit, ...facts.missing];
}

export function mountNotes(app: App, stage: HTMLElement): void {
  const notes = pageNotes(app.pack);
  if (notes.length === 0) return;
  const close = el("button", { type: "button", className: "close", "aria-label": "Hide these notes", title: "Hide; the help (?) repeats them", onclick: () => host.remove() }, "×");
  const [first, ...others] = notes;
  const text = others.length === 0 ? el("p", {}, first) : el("details", {}, el("summary", {}, first), ...others.map((note) => el("p", {}, note)));
  const host = el("section", { id: "notes", "aria-label": "About this page" }, text, close);
  stage.prepend(host);
}
