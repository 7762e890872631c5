import { lentBytes } from "../../src/protocol/Payload.ts";
import { ServerAccessLogs } from "../../src/accessLogs/ServerAccessLogs.ts";
import type { Service } from "../../src/server/Service.ts";
import type { SealedPlace } from "../../src/store/encryption/sealing.ts";
import { unseal } from "../../src/store/encryption/sealing.ts";
import { findBucket } from "../../src/store/buckets/buckets.ts";
import { openContent } from "../../src/store/objects/content.ts";
import type { ObjectRecord } from "../../src/store/records/ObjectRecord.ts";
import { keyOfObject, objectsOf } from "../../src/store/records/ObjectRecord.ts";
import type { Store } from "../../src/store/Store.ts";
import { readRows } from "../../src/store/transact.ts";

/** Server access logs of a server under test: what is warned of, and what is delivered. */
export class KeptLogs {
  readonly warnings: { readonly facts: Readonly<Record<string, unknown>>; readonly what: string }[] = [];
  #logs: ServerAccessLogs | undefined;

  /** For `TestServerOptions`: the service with logs. */
  readonly adapt = (service: Service): Service => {
    this.#logs = new ServerAccessLogs(service.store, (facts, what) => this.warnings.push({ facts, what }));
    return { ...service, serverAccessLogs: this.#logs };
  };

  get logs(): ServerAccessLogs {
    return this.#logs!;
  }
}

/** A log as it lies in its target. */
export interface StoredLog {
  readonly key: string;
  readonly record: ObjectRecord;
  readonly text: string;
}

type Row = Parameters<ReturnType<typeof objectsOf>["decode"]>[0];

/** Whatever a bucket holds, by key. */
export async function storedLogs(store: Store, bucketName: string): Promise<StoredLog[]> {
  const bucket = await findBucket(store, bucketName);
  const rows = objectsOf(bucket!.id, 10_000);
  const named = { ...rows, decode: (row: Row) => ({ key: keyOfObject(row.key), record: rows.decode(row) }) };
  const { objects } = await readRows(store, { objects: named });
  return Promise.all(
    objects.map(async ({ key, record }) => ({ key, record, text: await textOf(store, record, { bucket: bucket!, key }) })),
  );
}

async function textOf(store: Store, record: ObjectRecord, place: SealedPlace): Promise<string> {
  const dataKey = record.encryption && (await unseal(store, record.encryption, place, undefined));
  const { source } = await openContent(store, record, 0, record.sizeBytes, dataKey);
  if (Buffer.isBuffer(source)) return source.toString("latin1");
  let text = "";
  for await (const piece of source) text += lentBytes(piece).toString("latin1");
  return text;
}

/** A line by its fields in S3's order, without quotation marks and brackets around them. */
export interface Line {
  readonly owner: string;
  readonly bucket: string;
  readonly time: string;
  readonly remoteAddress: string;
  readonly requester: string;
  readonly requestId: string;
  readonly operation: string;
  readonly key: string;
  readonly request: string;
  readonly status: string;
  readonly errorCode: string;
  readonly sent: string;
  readonly objectSize: string;
  readonly total: string;
  readonly turnAround: string;
  readonly referer: string;
  readonly userAgent: string;
  readonly versionId: string;
  readonly hostId: string;
  readonly signature: string;
  readonly cipher: string;
  readonly authentication: string;
  readonly host: string;
  readonly tls: string;
  readonly accessPoint: string;
  readonly aclRequired: string;
  readonly sourceRegion: string;
}

const FIELDS: readonly (keyof Line)[] = (
  "owner bucket time remoteAddress requester requestId operation key request status errorCode sent objectSize total turnAround referer " +
  "userAgent versionId hostId signature cipher authentication host tls accessPoint aclRequired sourceRegion"
).split(" ") as (keyof Line)[];

/** The lines of a text, each by its fields. Throws for one that has others. */
export function linesOf(text: string): Line[] {
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => {
      const values = [...line.matchAll(/\[([^\]]*)\]|"([^"]*)"|(\S+)/g)].map(
        ([, time, quoted, plain]) => time ?? quoted ?? plain!,
      );
      if (values.length !== FIELDS.length) throw new Error(`a line has ${values.length} fields: ${line}`);
      return Object.fromEntries(FIELDS.map((name, index) => [name, values[index]!])) as unknown as Line;
    });
}

/** A policy that lets S3's log delivery write into a bucket. */
export function deliveryPolicy(target: string, more: object = {}): string {
  const statement = {
    Effect: "Allow",
    Principal: { Service: "logging.s3.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: `arn:aws:s3:::${target}/*`,
    ...more,
  };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}
