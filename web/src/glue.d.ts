// engine.js, which emscripten makes beside engine.wasm (web/engine/engine.h).

declare module "hourglass-engine" {
  export interface Module {
    readonly HEAPU8: Uint8Array; // another one after the memory has grown
    _malloc(bytes: number): number;
    _free(pointer: number): void;
    UTF8ToString(pointer: number): string;
    _hourglass_error(): number;
    _hourglass_open(pack: number, bytes: number): number;
    _hourglass_set_model(checkpoint: number, bytes: number): number;
    _hourglass_show(map: number, checkpoint: number, bytes: number): number;
    _hourglass_can_decode(): number;
    _hourglass_can_encode(): number;
    _hourglass_can_place(): number;
    _hourglass_decode(latents: number, count: number, labels: number, labelCount: number): number;
    _hourglass_encode(images: number, count: number, labels: number, labelCount: number): number;
    _hourglass_place(latents: number, count: number): number;
    _hourglass_blend(x: number, y: number, label: number): number;
    _hourglass_near_point(space: number, point: number, k: number): number;
    _hourglass_near_row(space: number, row: number, count: number, k: number): number;
    _hourglass_result(which: number): number;
    _hourglass_result_count(which: number): number;
    _hourglass_result_points(): number;
    _hourglass_result_points_count(): number;
    _hourglass_result_number(which: number): number;
  }
  export default function createEngine(options: { wasmBinary: ArrayBuffer }): Promise<Module>;
}
