// Light or dark: <html data-theme>, by the system until a person chooses; and the CSS tokens that the
// canvases need.

type Theme = "light" | "dark";

const listeners: (() => void)[] = [];
let chosen = false;

export function isDark(): boolean {
  return document.documentElement.dataset["theme"] === "dark";
}

/** Chooses the theme, whatever the system's is. */
export function setTheme(theme: Theme): void {
  chosen = true;
  show(theme);
}

/** Shows the system's theme, and follows it. Call it before anything is drawn. */
export function followSystem(): void {
  const query = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => chosen || show(query.matches ? "dark" : "light");
  query.addEventListener("change", follow);
  follow();
}

function show(theme: Theme): void {
  document.documentElement.dataset["theme"] = theme;
  for (const call of listeners) call();
}

/** Calls after each change. */
export function onTheme(call: () => void): void {
  listeners.push(call);
}

/** The value of a token of page.css, as "--ink". */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
