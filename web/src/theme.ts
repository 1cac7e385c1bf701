// Light or dark, by the system's wish or by <html data-theme>, and the CSS tokens that the canvases need.

const listeners: (() => void)[] = [];
const query = typeof matchMedia === "function" ? matchMedia("(prefers-color-scheme: dark)") : null;

export function isDark(): boolean {
  const wish = document.documentElement.dataset["theme"];
  return wish ? wish === "dark" : query !== null && query.matches;
}

/** Sets the theme against the system's; null goes back to it. */
export function setTheme(theme: "light" | "dark" | null): void {
  if (theme) document.documentElement.dataset["theme"] = theme;
  else delete document.documentElement.dataset["theme"];
  for (const call of listeners) call();
}

/** Calls after each change. */
export function onTheme(call: () => void): void {
  listeners.push(call);
}
query?.addEventListener("change", () => listeners.forEach((call) => call()));

/** The value of a token of page.css, as "--ink". */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
