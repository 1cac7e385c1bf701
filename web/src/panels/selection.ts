import type { App } from "../view";

export function mountSelection(_app: App, _host: HTMLElement): void {}
