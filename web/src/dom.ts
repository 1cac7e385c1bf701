// Elements made from script. Text enters as text only: a file's name can never become markup.

type Child = Node | string;

/** An element with properties (className, title, type, ...) or attributes ("aria-...", "role"), and children. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: { [name: string]: unknown } = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) (element as unknown as { [name: string]: unknown })[name] = value;
    else element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

/** The element of page.html with this id. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  return document.getElementById(id) as T;
}

/** "4,217". */
export function count(value: number): string {
  return value.toLocaleString("en");
}

/** Three figures, as scores are written: ".973", "0" and "12.4". */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  const text = size >= 1e5 || (size > 0 && size < 1e-4) ? value.toExponential(2) : String(Number(value.toPrecision(3)));
  return text.replace(/^(-?)0\./, "$1.");
}

export const calmMotion = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;
