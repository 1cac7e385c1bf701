import type { App } from "./view";
export function mountFragment(_app: App): void {}
