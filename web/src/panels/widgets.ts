// What the panels are made of.

import { el } from "../dom";

export function svg(tag: string, attributes: { [name: string]: string | number }, ...children: (Node | string)[]): SVGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

export function button(text: string, press: () => void, title = ""): HTMLButtonElement {
  return el("button", { type: "button", onclick: press, title }, text);
}

/** Shows that a button does nothing now. It keeps the focus, which a disabled one loses. */
export function setOff(button: HTMLElement, off: boolean): void {
  button.setAttribute("aria-disabled", String(off));
}

/** One sentence in the place of what cannot be shown, or beside what is. */
export function sentence(text: string): HTMLElement {
  return el("p", { className: "note" }, text);
}

/** A button that copies `text()`. Where the browser refuses to copy it shows the text, selected. */
export function copyButton(name: string, text: () => string): HTMLElement {
  const copy = button(name, press, "copy to the clipboard");
  const shown = el("input", { className: "copied", readOnly: true, hidden: true, "aria-label": `${name}: press Control and C` });
  const state = el("span", { className: "hidden-text", role: "status" });
  async function press(): Promise<void> {
    const content = text();
    try {
      await navigator.clipboard.writeText(content);
      shown.hidden = true;
      copy.textContent = state.textContent = "copied";
      setTimeout(() => {
        copy.textContent = name;
        state.textContent = "";
      }, 1500);
    } catch {
      shown.value = content;
      shown.hidden = false;
      shown.select();
    }
  }
  return el("span", { className: "copy" }, copy, shown, state);
}

/** A cell of a table with a bar; `mark`: a line across it. Both in shares of the cell. */
export function barCell(share: number, mark?: number): HTMLElement {
  const bar = el("span", { className: "bar", "aria-hidden": "true" });
  const part = (tag: "i" | "b", side: "width" | "left", value: number) => {
    const element = el(tag);
    element.style[side] = 100 * value + "%";
    bar.append(element);
  };
  part("i", "width", share);
  if (mark !== undefined) part("b", "left", mark);
  return el("td", { className: "wide" }, bar);
}

export interface Choice {
  element: HTMLElement;
  select: HTMLSelectElement;
}

/** A choice from a list; `change` gets the index. */
export function choice(name: string, options: string[], change: (index: number) => void): Choice {
  const select = el("select", { onchange: () => change(select.selectedIndex) });
  select.append(...options.map((option) => el("option", {}, option)));
  return { element: el("label", { className: "choice" }, `${name} `, select), select };
}

/** Makes rows of buttons one stop of the tab key: arrow keys, Home and End move between them. */
export function oneStop(row: HTMLElement): HTMLElement {
  const buttons = () => Array.from(row.querySelectorAll<HTMLElement>("button:not([hidden])"));
  row.addEventListener("focusin", (event) => buttons().forEach((each) => (each.tabIndex = each === event.target ? 0 : -1)));
  row.addEventListener("keydown", (event) => {
    const all = buttons();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const row = all.filter((each) => each.offsetTop === all[0].offsetTop).length;
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at + row, ArrowUp: at - row, Home: 0, End: all.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    all[Math.max(0, Math.min(all.length - 1, to))].focus();
  });
  return row;
}
