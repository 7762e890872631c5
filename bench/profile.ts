/** What V8's sampling profiler writes (`node --cpu-prof`), as far as it is read here. Times are in microseconds. */
export interface CpuProfile {
  readonly startTime: number;
  readonly nodes: readonly ProfileNode[];
  /** The node that ran at each sample. */
  readonly samples: readonly number[];
  /** Time from the sample before, or from the start, to each sample. */
  readonly timeDeltas: readonly number[];
}

/** A function as called from one place. */
interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
  readonly children?: readonly number[];
}

const OUTSIDE = "Node outside Holdfast's calls: node:http, streams, timers";
const SYSTEM = "system calls and the event loop";
const COLLECTOR = "garbage collection";
const IDLE = "(idle)";

/** Rooms of the source and what happens there; the first that fits counts. */
const ROOMS: readonly (readonly [path: string, stage: string])[] = [
  ["/src/server/http/respond.ts", "writing the answer"],
  ["/src/server/", "request life, ids, headers, metrics"],
  ["/src/protocol/streaming/", "reading the body"],
  ["/src/protocol/checksums/", "MD5 and checksums"],
  ["/src/kernels/", "MD5 and checksums"],
  ["/src/protocol/", "routing, decoding, encoding"],
  ["/src/auth/", "signature and caller"],
  ["/src/access/", "permission"],
  ["/src/operations/", "the operation itself"],
  ["/src/store/metadata/", "index: reads and commits"],
  ["/src/store/", "records and decisions"],
  ["/src/", "everything else of Holdfast's"],
];

/** A gap between samples longer than this is time in which the thread did not have the processor: it counts as this much. */
const LONGEST_SAMPLE_US = 1_000;

/** The stages, in the order of the table. */
export const STAGES: readonly string[] = [...new Set(ROOMS.map(([, stage]) => stage)), OUTSIDE, SYSTEM, COLLECTOR];

/**
 * How long each stage ran between two moments. A sample counts for the innermost room of Holdfast's on its stack: what Node does for a
 * room is that room's time. Waiting counts for nothing, and neither does most of the time in which others had the processor.
 */
export function stageTimes(profile: CpuProfile, fromUs: number, toUs: number): ReadonlyMap<string, number> {
  const stages = stagesOfNodes(profile.nodes);
  const times = new Map<string, number>();
  let nowUs = profile.startTime;
  for (const [index, node] of profile.samples.entries()) {
    // A sample stands for the time until the next one.
    nowUs += profile.timeDeltas[index]!;
    const lasts = Math.min(profile.timeDeltas[index + 1] ?? 0, LONGEST_SAMPLE_US);
    const stage = stages.get(node);
    if (stage === undefined || nowUs < fromUs || nowUs >= toUs) continue;
    times.set(stage, (times.get(stage) ?? 0) + lasts);
  }
  return times;
}

/** The stage of every node, which is its own or its caller's; `undefined` for idle time. Callers come before those they call. */
function stagesOfNodes(nodes: readonly ProfileNode[]): ReadonlyMap<number, string> {
  const inherited = new Map<number, string>();
  const stages = new Map<number, string>();
  for (const { id, callFrame, children = [] } of nodes) {
    const own = ROOMS.find(([path]) => callFrame.url.includes(path) && !callFrame.url.includes("/node_modules/"))?.[1];
    const stage = own ?? inherited.get(id);
    for (const child of children) if (stage !== undefined) inherited.set(child, stage);
    if (callFrame.functionName === IDLE) continue;
    stages.set(id, stage ?? stageOfNode(callFrame.functionName));
  }
  return stages;
}

function stageOfNode(functionName: string): string {
  if (functionName === "(garbage collector)") return COLLECTOR;
  return functionName === "(program)" ? SYSTEM : OUTSIDE;
}
