// The button that turns the page dark or light against the system's wish.

import { el } from "./dom";
import { isDark, onTheme, setTheme } from "./theme";

export function mountThemeButton(before: HTMLElement): void {
  const button = el("button", { type: "button", id: "theme", onclick: () => setTheme(isDark() ? "light" : "dark") }, "◐");
  before.before(button);
  const draw = () => {
    button.title = isDark() ? "Light background" : "Dark background";
    button.setAttribute("aria-label", button.title);
  };
  draw();
  onTheme(draw);
}
