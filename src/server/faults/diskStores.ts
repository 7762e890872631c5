import { StorageFullError } from "../../errors/StorageFullError.ts";
import type { Piece } from "../../protocol/Payload.ts";
import type { BlobEngine, BlobWriter } from "../../store/blobs/BlobEngine.ts";
import { releasing } from "../../store/blobs/releasing.ts";
import { LEAN_GROWTH_BYTES } from "../../store/metadata/leanGrowth.ts";
import type { Change, Decision, MetadataEngine, ReadResult, ReadSet } from "../../store/metadata/MetadataEngine.ts";
import type { Store } from "../../store/Store.ts";
import type { Exchange } from "../requests/Exchange.ts";
import { faultWait } from "./faultWaits.ts";
import type { RuleOf, Strikes } from "./Strikes.ts";

/** A disk that has no room because a rule says so: it is refused as by the real one, and the operator need not hear of it. */
export class PlannedFullError extends StorageFullError {}

/** A store whose disk is full: what needs room is refused, as the engines do it; reads go on, and so does what leaves no more behind. */
export function fullDisk(store: Store, strikes: Strikes, rule: RuleOf<"disk">): Store {
  const refuse = (): PlannedFullError => {
    strikes.note(rule, { how: "full" });
    return new PlannedFullError(`a disk that the fault rule "${rule.id}" fills`);
  };
  const metadata = new EngineAround(store.metadata, async (readSet, decide) => {
    const { metadata: engine } = store;
    return engine.transact(readSet, (records) => {
      const decision = decide(records);
      if (growthBytes(engine, decision.changes) > LEAN_GROWTH_BYTES) throw refuse();
      return decision;
    });
  });
  return { ...store, metadata, blobs: blobsAround(store.blobs, { create: () => Promise.reject(refuse()) }) };
}

/** By how much a commit leaves the index larger. */
function growthBytes(engine: MetadataEngine, changes: readonly Change[]): number {
  // The last of several changes of a key counts.
  const last = new Map(changes.map((change) => [Buffer.from(change.key).toString("latin1"), change]));
  const keys = Array.from(last.values(), ({ key }) => key);
  const before = engine.read({ keys });
  let bytes = 0;
  for (const [index, { key, value }] of Array.from(last.values()).entries()) {
    if (value !== undefined) bytes += key.length + value.length;
    const old = before instanceof Promise ? undefined : before.values[index];
    if (old !== undefined) bytes -= key.length + old.length;
  }
  return bytes;
}

/** A store whose disk takes its time: each commit, each piece of a blob, and to begin or end one takes `delayMs` longer. */
export function slowDisk(store: Store, exchange: Exchange, strikes: Strikes, rule: RuleOf<"disk">, delayMs: number): Store {
  let isNoted = false;
  const wait = async (): Promise<void> => {
    if (!isNoted) strikes.note(rule, { how: "slow", delayMs });
    isNoted = true;
    await faultWait(exchange, delayMs);
  };
  const metadata = new EngineAround(store.metadata, async (readSet, decide) => {
    await wait();
    return store.metadata.transact(readSet, decide);
  });
  const { blobs } = store;
  const slow = blobsAround(blobs, {
    create: async (...expected) => {
      await wait();
      return slowWriter(await blobs.create(...expected), wait);
    },
    open: async (...wanted) => {
      await wait();
      return slowPieces(await blobs.open(...wanted), wait);
    },
  });
  return { ...store, metadata, blobs: slow };
}

function slowWriter(writer: BlobWriter, wait: () => Promise<void>): BlobWriter {
  return {
    id: writer.id,
    write: async (piece) => {
      await wait();
      await writer.write(piece);
    },
    finish: async () => {
      await wait();
      return writer.finish();
    },
    abort: () => writer.abort(),
  };
}

function slowPieces(pieces: AsyncIterable<Piece>, wait: () => Promise<void>): AsyncIterable<Piece> {
  const iterator = pieces[Symbol.asyncIterator]();
  async function* slowly(): AsyncGenerator<Piece, void, undefined> {
    for (let item = await iterator.next(); item.done !== true; item = await iterator.next()) {
      await wait();
      yield item.value;
    }
  }
  return releasing(slowly(), async () => void (await iterator.return?.()));
}

/** An engine of blobs some of whose doings are others. */
function blobsAround(blobs: BlobEngine, others: Partial<Pick<BlobEngine, "create" | "open">>): BlobEngine {
  return {
    create: (...expected) => blobs.create(...expected),
    open: (...wanted) => blobs.open(...wanted),
    isPlacedFor: (...asked) => blobs.isPlacedFor(...asked),
    remove: (id) => blobs.remove(id),
    verify: (id) => blobs.verify(id),
    suspects: (options) => blobs.suspects(options),
    suspectsJudged: () => blobs.suspectsJudged(),
    statistics: () => blobs.statistics(),
    countEarlier: (signal) => blobs.countEarlier(signal),
    close: () => blobs.close(),
    ...others,
  };
}

type Transact = MetadataEngine["transact"];

/** An index that commits in another way. */
class EngineAround implements MetadataEngine {
  readonly #engine: MetadataEngine;
  readonly #transact: Transact;

  constructor(engine: MetadataEngine, transact: Transact) {
    this.#engine = engine;
    this.#transact = transact;
  }

  read(readSet: ReadSet): ReturnType<MetadataEngine["read"]> {
    return this.#engine.read(readSet);
  }

  pages(plans: Parameters<MetadataEngine["pages"]>[0]): ReturnType<MetadataEngine["pages"]> {
    return this.#engine.pages(plans);
  }

  transact<Result>(readSet: ReadSet, decide: (records: ReadResult) => Decision<Result>): Promise<Result> {
    return this.#transact(readSet, decide);
  }

  statistics(): ReturnType<MetadataEngine["statistics"]> {
    return this.#engine.statistics();
  }

  close(): Promise<void> {
    return this.#engine.close();
  }
}
