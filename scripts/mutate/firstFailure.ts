import type { TestEvent } from "node:test/reporters";

/** A reporter that says nothing and ends the process with 1 at the first test that fails: the others would tell nothing new. */
export default async function* firstFailure(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const { type } of events) if (type === "test:fail") process.exit(1);
  yield "";
}
