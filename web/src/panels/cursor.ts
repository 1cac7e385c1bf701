import type { App } from "../view";

export function mountCursor(_app: App, _host: HTMLElement): void {}
