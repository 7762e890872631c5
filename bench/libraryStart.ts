/** Starts the library as a test does and prints how long that took: the import, and `Holdfast.start()`. */
const importedAt = performance.now();
const { Holdfast } = await import("../src/index.ts");
const startedAt = performance.now();
const holdfast = await Holdfast.start();
const endedAt = performance.now();
process.stdout.write(`import ${(startedAt - importedAt).toFixed(1)} ms, start() ${(endedAt - startedAt).toFixed(1)} ms\n`);
process.on("SIGTERM", () => void holdfast.stop());
