import type { App } from "../view";

export function mountDraw(_app: App, _host: HTMLElement): void {}
