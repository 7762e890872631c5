import { createHash } from "node:crypto";
import type { WireRequest } from "./Draft.ts";
import { requestOfBytes } from "./Draft.ts";
import { emptyDraft } from "./operations.ts";
import type { Random } from "./Random.ts";
import { sign } from "./sign.ts";
import { rendered } from "./wire.ts";
import { REWRITTEN_BUCKET } from "./world.ts";

/** Beside a record, and in a blob, which takes longer. */
const SIZES_BYTES: readonly number[] = [0, 10, 10, 1_000, 70_000];

/** Writes of one key that nobody else writes, one behind the other, and a read: it has to find the last. */
export function rewrites(index: number, random: Random): WireRequest[] {
  const path = `/${REWRITTEN_BUCKET}/${index}`;
  const bodies = Array.from({ length: random.between(2, 5) }, (_, write) =>
    Buffer.alloc(random.pick(SIZES_BYTES), `write ${write} of ${index} `),
  );
  const writes = bodies.map((body) => {
    const etag = `"${createHash("md5").update(body).digest("hex")}"`;
    return wholeRequest("PUT", path, body, random, { status: 200, etag });
  });
  const last = bodies.at(-1)!.toString("latin1");
  return [...writes, wholeRequest("GET", path, Buffer.alloc(0), random, { status: 200, body: last })];
}

function wholeRequest(method: string, path: string, body: Buffer, random: Random, expects: WireRequest["expects"]): WireRequest {
  const draft = { ...emptyDraft(`${method} ${path}`, method), path, body };
  const bytes = rendered(draft, sign(draft, random), random);
  return requestOfBytes(draft.title, bytes, { isFramed: true, isForged: false, expects });
}
