declare const WORKER_SOURCE: string; // the script of worker.ts, which build.mjs puts here

/** The script of the workers: of the engine, and of what unpacks the one file's blobs. */
export const WORKER: string = WORKER_SOURCE;
