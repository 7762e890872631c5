import assert from "node:assert/strict";
import { test } from "node:test";
import { catalogueEntry } from "../../src/errors/catalogue.ts";
import { operationNames } from "../../src/protocol/soap/description/schema.ts";
import type { Outcome } from "./calls.ts";
import { alike } from "./calls.ts";
import { CLIENTS, make } from "./clients.ts";
import type { FaultCase } from "./faults.ts";
import { FAULTS } from "./faults.ts";
import { soapFixture } from "./fixture.ts";
import { steps } from "./steps.ts";

/** How much of a call's arguments stands in the name of its test. */
const SHOWN_CHARACTERS = 80;

/** A client makes both: what succeeds and what does not. */
test("SOAP's clients: every operation is asked for", () => {
  const fixture = { endpoint: "", folder: "", ownerId: "", otherId: "" };
  const asked = [...steps(fixture, { attaches: ["mime", "dime"], readsAttachments: true }), ...FAULTS].map(
    ({ call }) => call.operation,
  );
  assert.deepEqual([...new Set(asked)].toSorted(), operationNames.toSorted());
});

for (const client of CLIENTS) {
  test(`${client.name}: every operation, and what comes back`, async (t) => {
    const fixture = await soapFixture(t);
    const all = steps(fixture, client);
    const outcomes = await make(
      client,
      fixture,
      all.map(({ call }) => call),
    );
    for (const [index, { call, result, attachment }] of all.entries()) {
      const { fault, ...found } = outcomes[index]!;
      await t.test(`${call.operation} ${JSON.stringify(call.arguments).slice(0, SHOWN_CHARACTERS)}`, () => {
        assert.equal(fault, undefined);
        assert.deepEqual(alike(found.result), alike(result));
        assert.equal(found.attachment, attachment);
      });
    }
  });

  test(`${client.name}: code, message and detail of faults`, async (t) => {
    const fixture = await soapFixture(t);
    const outcomes = await make(
      client,
      fixture,
      FAULTS.map(({ call }) => call),
    );
    for (const [index, expected] of FAULTS.entries()) await t.test(expected.about, () => expectFault(outcomes[index]!, expected));
  });
}

function expectFault({ fault }: Outcome, { code, detail }: FaultCase): void {
  assert.ok(fault !== undefined, "no fault");
  assert.equal(fault.code.slice(fault.code.indexOf(":") + 1), `Client.${code}`);
  assert.equal(fault.message, catalogueEntry(code).message);
  const { Details: explanation = "", ...found } = fault.detail;
  assert.ok(explanation !== "", "no Details");
  assert.deepEqual(Object.keys(found).toSorted(), Object.keys(detail).toSorted());
  for (const [name, expected] of Object.entries(detail)) {
    if (typeof expected === "string") assert.equal(found[name], expected, name);
    else assert.match(found[name]!, expected, name);
  }
}
