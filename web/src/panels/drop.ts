import type { App } from "../view";

export function mountDrop(_app: App, _host: HTMLElement): void {}
