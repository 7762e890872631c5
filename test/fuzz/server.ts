/** The process of the server that is fuzzed: of the kind that its first argument says, with its data where the second does. */
import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { watchTurns } from "./processes.ts";
import type { FuzzedServer, MessageToFuzzer, MessageToServer, ServerKind } from "./serverMessages.ts";

/** Until it listens, turns are slow: all its code is loaded. */
let isListening = false;

function say(message: MessageToFuzzer): void {
  isListening ||= message.kind === "listening";
  if (isListening) process.send!(message);
}

const [, , kindText, dataPath] = process.argv as [string, string, string, string];
const kind = JSON.parse(kindText) as ServerKind;
// Only what is fuzzed is loaded.
const server: FuzzedServer =
  kind.workers > 1
    ? await (await import("./serverOfWorkers.ts")).startWorkers(kind, dataPath, say)
    : await (await import("./serverInProcess.ts")).startInProcess(kind, dataPath, say);

process.on("message", ({ kind: wanted }: MessageToServer) => {
  switch (wanted) {
    case "report":
      return void server.report().then((report) => say({ kind: "report", report }));
    case "cpu":
      return void server.cpuMs().then((cpuMs) => say({ kind: "cpu", cpuMs }));
    case "reset":
      server.reset();
      return say({ kind: "reset" });
    case "stop":
      return void server.stop().then(() => process.disconnect());
  }
});
process.on("disconnect", () => {
  // The fuzzer does so as well, unless it was interrupted. Worker processes may still be writing.
  rmSync(dirname(dataPath), { recursive: true, force: true, maxRetries: 3 });
  process.exit();
});

watchTurns((cpuMs) => say({ kind: "slow", cpuMs }));
say({ kind: "listening", port: server.port });
