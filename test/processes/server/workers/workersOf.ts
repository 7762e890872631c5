import { readFile } from "node:fs/promises";
import type { ServerProcess } from "../../../serverProcess.ts";

/** The worker processes of a server. */
export async function workersOf(server: ServerProcess): Promise<number[]> {
  const children = await readFile(`/proc/${server.pid}/task/${server.pid}/children`, "utf8");
  const pids = children.trim().split(" ").filter(Boolean).map(Number);
  const commands = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")));
  return pids.filter((_, index) => commands[index]!.includes("workerMain"));
}
