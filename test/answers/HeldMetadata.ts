import type {
  Decision,
  MetadataEngine,
  Page,
  PagePlan,
  ReadResult,
  ReadSet,
  Soon,
} from "../../src/store/metadata/MetadataEngine.ts";
import type { TestServerOptions } from "../server/TestServer.ts";
import { AnswerServer } from "./AnswerServer.ts";

/** A commit that waits. */
export interface HeldCommit {
  /** Resolves when the commit has come to where it waits. */
  readonly reached: Promise<void>;
  /** Lets it go on. */
  readonly release: () => void;
}

/** A metadata engine that keeps one commit waiting while others overtake it. */
export class HeldMetadata implements MetadataEngine {
  readonly #engine: MetadataEngine;
  #hold: { readonly reach: () => void; readonly released: Promise<void> } | undefined;

  constructor(engine: MetadataEngine) {
    this.#engine = engine;
  }

  /** Holds the next commit, whosever it is. */
  holdNextCommit(): HeldCommit {
    const reached = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    this.#hold = { reach: reached.resolve, released: released.promise };
    return { reached: reached.promise, release: released.resolve };
  }

  async transact<Result>(readSet: ReadSet, decide: (records: ReadResult) => Decision<Result>): Promise<Result> {
    const hold = this.#hold;
    this.#hold = undefined;
    hold?.reach();
    await hold?.released;
    return this.#engine.transact(readSet, decide);
  }

  read(readSet: ReadSet): Soon<ReadResult> {
    return this.#engine.read(readSet);
  }

  pages(plans: readonly PagePlan[]): Soon<readonly Page[]> {
    return this.#engine.pages(plans);
  }

  statistics(): ReturnType<MetadataEngine["statistics"]> {
    return this.#engine.statistics();
  }

  close(): Promise<void> {
    return this.#engine.close();
  }
}

/** A server whose commits can be held. */
export async function startHolding(): Promise<{ readonly answers: AnswerServer; readonly metadata: HeldMetadata }> {
  let metadata!: HeldMetadata;
  const adapt: TestServerOptions["adapt"] = (service) => {
    metadata = new HeldMetadata(service.store.metadata);
    return { ...service, store: { ...service.store, metadata } };
  };
  return { answers: await AnswerServer.start({ adapt }), metadata };
}
