import { createHash } from "node:crypto";
import type { Content } from "./buckets.ts";
import { BUCKETS, GIANT_PATH, LARGE_KEYS, largeBody, largePath, NARROW_KEYS, narrowPath, smallBody, wideKey } from "./buckets.ts";
import type { Connection } from "./Connection.ts";
import { sendAll } from "./fill.ts";
import type { Step } from "./load.ts";
import { multipartUpload, uploadParts } from "./multipart.ts";
import type { RequestPlan } from "./requests.ts";
import type { MeasuredServer } from "./servers.ts";
import { cycle } from "./cycle.ts";

/** One line of the table: a kind of work, done against every server in turn. */
export interface Row {
  readonly id: string;
  readonly title: string;
  readonly inFlight: number;
  readonly needs: readonly Content[];
  /** True for rows whose time depends on the durability setting. */
  readonly writes: boolean;
  /** Makes everything ready that costs the client time. */
  on(server: MeasuredServer): RowWork;
}

/** A row made ready for one server. */
export interface RowWork {
  readonly step: Step;
  /** Pieces of work a round, at most. */
  readonly most?: number;
  /** Before every round, outside the measured time. */
  before?(): Promise<void>;
}

const LISTED_PLACES = 500;
const PAGE_KEYS = 1_000;
const DELETED_KEYS = 4_000;
const DELETED_BATCHES = 5;

/** Every row, in the order of the table; `keys` is the size of the wide bucket. */
export function allRows(keys: number): readonly Row[] {
  return [...smallObjects(), ...listings(keys), ...largeObjects(), ...deletions(), ...copies(), ...uploads()];
}

function smallObjects(): Row[] {
  const row = (id: string, title: string, plan: (index: number) => RequestPlan, status = 200): Row => ({
    id,
    title,
    inFlight: 32,
    needs: id === "put-4k" ? [] : ["narrow"],
    writes: id === "put-4k",
    on: (server) => ({ step: cycle(server, NARROW_KEYS, plan, status) }),
  });
  return [
    row("put-4k", "PUT 4 KiB", (index) => ({ method: "PUT", path: narrowPath(index), body: smallBody })),
    row("get-4k", "GET 4 KiB", (index) => ({ method: "GET", path: narrowPath(index) })),
    row("head-4k", "HEAD", (index) => ({ method: "HEAD", path: narrowPath(index) })),
    row("get-missing", "GET of a missing key", (index) => ({ method: "GET", path: `/${BUCKETS.narrow}/missing/${index}` }), 404),
  ];
}

function listings(keys: number): Row[] {
  const row = (id: string, title: string, needs: Content, plan: (index: number) => RequestPlan): Row => ({
    id,
    title,
    inFlight: 4,
    needs: [needs],
    writes: false,
    on: (server) => ({ step: cycle(server, LISTED_PLACES, plan) }),
  });
  const list = (bucket: string, query: Record<string, string>): RequestPlan => ({
    method: "GET",
    path: `/${bucket}`,
    query: { "list-type": "2", "max-keys": String(PAGE_KEYS), ...query },
  });
  // Far enough from the end for a whole page.
  const place = (index: number): string => wideKey(Math.floor((index * Math.max(keys - PAGE_KEYS, 1)) / LISTED_PLACES), keys);
  return [
    row("list-1000", `list 1,000 of ${count(keys)} keys`, "wide", (index) => list(BUCKETS.wide, { "start-after": place(index) })),
    row("prefixes-narrow", "list 100 prefixes of 100 keys", "narrow", () => list(BUCKETS.narrow, { delimiter: "/" })),
    row("prefixes-wide", `list 100 prefixes of ${count(keys / 100)} keys`, "wide", () => list(BUCKETS.wide, { delimiter: "/" })),
  ];
}

function largeObjects(): Row[] {
  const row = (id: string, title: string, plan: (index: number) => RequestPlan): Row => ({
    id,
    title,
    inFlight: 2,
    needs: id === "put-64m" ? [] : ["large"],
    writes: id === "put-64m",
    on: (server) => ({ step: cycle(server, LARGE_KEYS, plan) }),
  });
  return [
    row("put-64m", "PUT 64 MiB", (index) => ({ method: "PUT", path: largePath(index), body: largeBody })),
    row("get-64m", "GET 64 MiB", (index) => ({ method: "GET", path: largePath(index) })),
  ];
}

function deletions(): Row[] {
  const doomed = (index: number): string => `doomed/k${String(index).padStart(8, "0")}`;
  const refill = async (server: MeasuredServer, objects: number): Promise<void> => {
    if (server.kind === "floor") return;
    const plan = (index: number): RequestPlan => ({
      method: "PUT",
      path: `/${BUCKETS.scratch}/${doomed(index)}`,
      body: smallBody,
    });
    await sendAll(server, { what: "objects to delete", count: objects, plan });
  };
  const one = (index: number): RequestPlan => ({ method: "DELETE", path: `/${BUCKETS.scratch}/${doomed(index)}` });
  const thousand = (batch: number): RequestPlan => {
    const keys = Array.from(
      { length: PAGE_KEYS },
      (_, index) => `<Object><Key>${doomed(batch * PAGE_KEYS + index)}</Key></Object>`,
    );
    const body = Buffer.from(`<Delete><Quiet>true</Quiet>${keys.join("")}</Delete>`);
    const headers = { "content-md5": createHash("md5").update(body).digest("base64") };
    return { method: "POST", path: `/${BUCKETS.scratch}`, query: { delete: "" }, headers, body: [body] };
  };
  const row = (id: string, title: string, inFlight: number, used: { most: number; objects: number }, step: Row["on"]): Row => ({
    id,
    title,
    inFlight,
    needs: [],
    writes: true,
    on: (server) => ({ ...step(server), most: used.most, before: () => refill(server, used.objects) }),
  });
  return [
    row("delete", "DELETE", 32, { most: DELETED_KEYS, objects: DELETED_KEYS }, (server) => ({
      step: cycle(server, DELETED_KEYS, one, 204),
    })),
    row(
      "delete-1000",
      "DeleteObjects of 1,000",
      1,
      { most: DELETED_BATCHES, objects: DELETED_BATCHES * PAGE_KEYS },
      (server) => ({
        step: cycle(server, DELETED_BATCHES, thousand),
      }),
    ),
  ];
}

function copies(): Row[] {
  const copy = (source: string, destination: string): RequestPlan => ({
    method: "PUT",
    path: `/${BUCKETS.scratch}/${destination}`,
    headers: { "x-amz-copy-source": source },
    keepsAnswer: true,
  });
  return [
    {
      id: "copy-4k",
      title: "CopyObject 4 KiB",
      inFlight: 32,
      needs: ["narrow"],
      writes: true,
      on: (server) => ({ step: cycle(server, NARROW_KEYS, (index) => copy(narrowPath(index), `copies/${index}`)) }),
    },
    {
      id: "copy-1g",
      title: "CopyObject 1 GiB",
      inFlight: 1,
      needs: ["giant"],
      writes: true,
      on: (server) => ({ step: cycle(server, LARGE_KEYS, (index) => copy(GIANT_PATH, `giants/${index}`)) }),
    },
  ];
}

function uploads(): Row[] {
  return [
    {
      id: "multipart-100",
      title: "multipart upload, 100 × 5 MiB",
      inFlight: 1,
      needs: [],
      writes: true,
      on: (server) => ({ most: 1, step: (connection) => multipartUpload(server, connection) }),
    },
    {
      id: "complete-100",
      title: "complete 100 parts",
      inFlight: 1,
      needs: [],
      writes: true,
      on(server) {
        let complete: ((connection: Connection) => Promise<number>) | undefined;
        return {
          most: 1,
          before: async () => void (complete = await uploadParts(server)),
          step: (connection) => complete!(connection),
        };
      },
    },
  ];
}

function count(value: number): string {
  return Math.round(value).toLocaleString("en");
}
