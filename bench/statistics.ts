/** What one round of one row on one server showed. */
export interface Sample {
  readonly requests: number;
  readonly seconds: number;
  readonly megabytes: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU time of all processes of the server; `undefined` where it cannot be seen. */
  readonly serverCpuSeconds: number | undefined;
  readonly clientCpuSeconds: number;
  /** Bytes allocated on the JavaScript heap of the server and the collections that counted them; `undefined` where they cannot be seen. */
  readonly allocated: { readonly bytes: number; readonly collections: number } | undefined;
}

/** A row of one server over all rounds. */
export interface Figures {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly megabytesPerSecond: number;
  readonly cpuMicrosecondsPerRequest: number | undefined;
  readonly allocatedBytesPerRequest: number | undefined;
  /** True when this client, not the server, was what ran out of CPU time. */
  readonly clientBound: boolean;
}

/** With fewer collections than this, what was allocated since the last one is too much of the whole to be left out. */
export const FEWEST_COLLECTIONS = 8;
/** With less CPU time than this in all, ticks of 10 ms are too coarse for a figure. */
const LEAST_CPU_SECONDS = 0.1;
/** A client that uses this much of its processor while the server leaves as much of its own has become the limit. */
const BUSY_SHARE = 0.93;

/** The middle value; of an even number of values, the mean of the two in the middle. Throws RangeError when there is none. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("no values");
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** The smallest value that `share` (0 to 1) of the sorted values do not exceed. Throws RangeError when there is none. */
export function quantile(sorted: Float64Array | readonly number[], share: number): number {
  if (sorted.length === 0) throw new RangeError("no values");
  return sorted[Math.max(Math.ceil(share * sorted.length) - 1, 0)]!;
}

/** The rounds of a row as one: medians of rates and times, sums of what is counted. */
export function summarise(samples: readonly Sample[]): Figures {
  const requests = sum(samples.map((sample) => sample.requests));
  const seconds = sum(samples.map((sample) => sample.seconds));
  const cpu = allOf(samples.map((sample) => sample.serverCpuSeconds));
  const allocated = allOf(samples.map((sample) => sample.allocated));
  const collections = sum(allocated?.map((part) => part.collections) ?? []);
  const clientShare = sum(samples.map((sample) => sample.clientCpuSeconds)) / seconds;
  return {
    perSecond: median(samples.map((sample) => sample.requests / sample.seconds)),
    p50Ms: median(samples.map((sample) => sample.p50Ms)),
    p99Ms: median(samples.map((sample) => sample.p99Ms)),
    megabytesPerSecond: median(samples.map((sample) => sample.megabytes / sample.seconds)),
    cpuMicrosecondsPerRequest: cpu === undefined || sum(cpu) < LEAST_CPU_SECONDS ? undefined : (sum(cpu) / requests) * 1e6,
    allocatedBytesPerRequest: collections < FEWEST_COLLECTIONS ? undefined : sum(allocated!.map((part) => part.bytes)) / requests,
    clientBound: clientShare > BUSY_SHARE && (cpu === undefined || sum(cpu) / seconds < BUSY_SHARE),
  };
}

/** How many times as fast the first server was, round by round: the median. Rounds that lie beside each other suffer the same neighbours. */
export function ratioOf(samples: readonly Sample[], others: readonly Sample[]): number {
  return median(
    samples.map((sample, round) => {
      const other = others[round]!;
      return sample.requests / sample.seconds / (other.requests / other.seconds);
    }),
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The values, if none is missing. */
function allOf<Value>(values: readonly (Value | undefined)[]): Value[] | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === values.length ? known : undefined;
}
