/** The process of the server that is fuzzed: of the kind that its argument says, asked and ended by messages. */
import type { FuzzedServer, MessageToFuzzer, MessageToServer, ServerKind } from "./serverMessages.ts";

function say(message: MessageToFuzzer): void {
  process.send!(message);
}

const kind = JSON.parse(process.argv[2]!) as ServerKind;
// Only what is fuzzed is loaded.
const server: FuzzedServer =
  kind.workers > 1
    ? await (await import("./serverOfWorkers.ts")).startWorkers(kind, process.argv[3]!)
    : await (await import("./serverInProcess.ts")).startInProcess(kind, process.argv[3]!, say);

process.on("message", ({ kind: wanted }: MessageToServer) => {
  switch (wanted) {
    case "report":
      return void server.report().then((report) => say({ kind: "report", report }));
    case "reset":
      server.reset();
      return say({ kind: "reset" });
    case "stop":
      return void server.stop().then(() => process.disconnect());
  }
});
process.on("disconnect", () => process.exit());

say({ kind: "listening", port: server.port });
