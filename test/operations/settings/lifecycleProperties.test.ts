import assert from "node:assert/strict";
import fc from "fast-check";
import { test } from "node:test";
import { S3Error } from "../../../src/errors/S3Error.ts";
import {
  GetBucketLifecycleConfiguration,
  PutBucketLifecycleConfiguration,
} from "../../../src/operations/settings/BucketLifecycle.ts";
import type { LifecycleRule, LifecycleRuleFilter, Tag } from "../../../src/protocol/generated/types.ts";
import { decodeBody } from "../../../src/protocol/rest/decode.ts";
import { encodeOutput } from "../../../src/protocol/rest/encode.ts";
import { readLifecycle } from "../../../src/store/lifecycle/readLifecycle.ts";
import { anyCharacter } from "../../anyCharacter.ts";
import { VersionedBucket } from "../VersionedBucket.ts";

/** Rules of every kind, of which S3 takes about half. */

/** Texts that XML can carry. */
const text = fc
  .string({ unit: anyCharacter, maxLength: 12 })
  // eslint-disable-next-line no-control-regex -- they are what XML cannot carry
  .map((any) => any.toWellFormed().replaceAll(/[\0-\x1f\x7f-\x9f\ufffe\uffff]/g, ""));
/** Mostly possible. */
const day = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 30, max: 400 }) },
  { weight: 1, arbitrary: fc.integer({ min: -1, max: 29 }) },
);
const date = fc.integer({ min: 0, max: 400 }).map((days) => new Date(Date.UTC(2026, 0, 1 + days)));
const newer = fc.option(fc.integer({ min: 1, max: 101 }), { nil: undefined, freq: 2 });
const size = fc.integer({ min: 0, max: 1_000_000 });
const storageClass = fc.constantFrom("STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE");
const tag: fc.Arbitrary<Tag> = fc.record({ Key: fc.constantFrom("a", "b", "c", "é"), Value: fc.constantFrom("", "v") });
const moment = fc.oneof(
  day.map((Days) => ({ Days })),
  date.map((on) => ({ Date: on })),
);

/** A record some of whose members are there. */
function some<Members extends object>(members: { [Name in keyof Members]: fc.Arbitrary<Members[Name]> }): fc.Arbitrary<
  Partial<Members>
> {
  return fc.record(members, { requiredKeys: [] }) as fc.Arbitrary<Partial<Members>>;
}

const and = some({
  Prefix: text,
  Tags: fc.array(tag, { minLength: 1, maxLength: 3 }),
  ObjectSizeGreaterThan: size,
  ObjectSizeLessThan: size,
});
const filter: fc.Arbitrary<LifecycleRuleFilter> = fc.oneof(
  fc.constant({}),
  text.map((Prefix) => ({ Prefix })),
  tag.map((one) => ({ Tag: one })),
  size.map((ObjectSizeGreaterThan) => ({ ObjectSizeGreaterThan })),
  and.map((And) => ({ And })),
);
const about = fc.oneof(
  { weight: 4, arbitrary: filter.map((Filter) => ({ Filter })) },
  { weight: 1, arbitrary: text.map((Prefix) => ({ Prefix })) },
);
const each = {
  Expiration: fc.oneof(
    moment,
    fc.boolean().map((ExpiredObjectDeleteMarker) => ({ ExpiredObjectDeleteMarker })),
  ),
  Transitions: fc.array(
    fc.tuple(moment, storageClass).map(([at, StorageClass]) => ({ ...at, StorageClass })),
    { minLength: 1, maxLength: 3 },
  ),
  NoncurrentVersionExpiration: fc.record({ NoncurrentDays: day, NewerNoncurrentVersions: newer }),
  NoncurrentVersionTransitions: fc.array(
    fc.record({ NoncurrentDays: day, NewerNoncurrentVersions: newer, StorageClass: storageClass }),
    { minLength: 1, maxLength: 2 },
  ),
  AbortIncompleteMultipartUpload: fc.record({ DaysAfterInitiation: day }),
};
const actions = fc.oneof(
  some(each),
  ...Object.entries(each).map(([name, action]) => action.map((does: unknown) => ({ [name]: does }))),
);
const rule: fc.Arbitrary<LifecycleRule> = fc
  .tuple(fc.oneof(text, fc.constantFrom("a", "b")), fc.constantFrom("Enabled", "Disabled"), about, actions)
  .map(([ID, Status, what, does]) => ({ ID, Status, ...what, ...does }));

test("PutBucketLifecycleConfiguration: what is taken comes back the same, as a document that is taken again, and parses; the rest is refused", async () => {
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(rule, { minLength: 1, maxLength: 2 }), async (Rules) => {
      const bucket = await VersionedBucket.made();
      const put = (rules: readonly LifecycleRule[]) =>
        bucket.ask(PutBucketLifecycleConfiguration, { LifecycleConfiguration: { Rules: rules } });
      try {
        await put(Rules);
      } catch (error) {
        assert.ok(error instanceof S3Error && error.status === 400, String(error));
        assert.ok(error.explanation);
        return;
      }
      taken += 1;
      const output = await bucket.ask(GetBucketLifecycleConfiguration, {});
      const shown = output.Rules!;
      // In JSON, members that are undefined are as good as none.
      const without = JSON.parse(JSON.stringify(Rules)) as unknown;
      const same = JSON.parse(
        JSON.stringify(shown.map((one, index) => (Rules[index]!.ID === "" ? { ...one, ID: "" } : one))),
      ) as unknown;
      assert.deepEqual(same, without);
      const { body } = await encodeOutput("GetBucketLifecycleConfiguration", output);
      const { LifecycleConfiguration } = decodeBody("PutBucketLifecycleConfiguration", { Bucket: "bucket" }, body as Buffer);
      assert.deepEqual(JSON.parse(JSON.stringify(LifecycleConfiguration!.Rules)), JSON.parse(JSON.stringify(shown)));
      await put(LifecycleConfiguration!.Rules);
      const { rules } = (await readLifecycle(bucket.store, await bucket.record()))!;
      assert.deepEqual(
        rules.map(({ id, isEnabled }) => [id, isEnabled ? "Enabled" : "Disabled"]),
        shown.map(({ ID, Status }) => [ID, Status]),
      );
    }),
    { numRuns: 300 },
  );
  assert.ok(taken > 20, `only ${taken} of 300 were taken`);
});
