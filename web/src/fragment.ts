import type { App } from "./view";
export function mountFragment(_app: App): void {}
export function fragmentOf(_app: App): string {
  return "";
}
export function applyFragment(_app: App, _text: string): void {}
