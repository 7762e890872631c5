import type { Duplex } from "node:stream";
import type { PipelineSteps } from "./Pipeline.ts";
import { Pipeline } from "./Pipeline.ts";

/** The pipelines of a server's connections, from the first request of each. */
export class Pipelines {
  readonly #steps: PipelineSteps;
  readonly #pipelines = new WeakMap<Duplex, Pipeline>();

  constructor(steps: PipelineSteps) {
    this.#steps = steps;
  }

  /** That of a connection which had a request, or was made for one. */
  find(connection: Duplex): Pipeline | undefined {
    return this.#pipelines.get(connection);
  }

  /** That of a connection. */
  of(connection: Duplex): Pipeline {
    return this.#pipelines.get(connection) ?? this.#add(connection, false);
  }

  /** Makes that of a connection whose first request is its last. */
  addForOne(connection: Duplex): void {
    this.#add(connection, true);
  }

  #add(connection: Duplex, isForOne: boolean): Pipeline {
    const pipeline = new Pipeline(connection, this.#steps, isForOne);
    this.#pipelines.set(connection, pipeline);
    return pipeline;
  }
}
