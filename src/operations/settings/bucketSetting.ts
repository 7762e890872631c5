import type { DocumentReaders } from "../../access/conditionKeys/RequestDocument.ts";
import { on } from "../../access/Permission.ts";
import type { S3Error, S3ErrorOptions } from "../../errors/S3Error.ts";
import type { OperationName } from "../../protocol/generated/types.ts";
import type { Inputs, Outputs } from "../../protocol/operations.ts";
import { deleteSetting, putSetting, readSetting } from "../../store/buckets/settings.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";
import { without } from "./newBucket.ts";

/** Operations that may answer with nothing but their status. */
type Silent = {
  [Name in OperationName]: Partial<Outputs[Name]> extends Outputs[Name] ? Name : never;
}[OperationName];

/** A setting that a bucket may have or not have, and the operations that show, set and delete it. */
export interface BucketSetting<Get extends OperationName> {
  /** Shows the setting; `none` makes the refusal to show one that the bucket does not have. */
  get(name: Get, action: string, none: (options: S3ErrorOptions) => S3Error): Operation<Get>;
  /**
   * Sets it: `shown` checks what is to be set, and says it as it will be shown. Throws what that throws. `documentFacts` is what policies
   * can ask about it.
   */
  put<Put extends Silent>(
    name: Put,
    action: string,
    shown: (input: Inputs[Put]) => Outputs[Get],
    documentFacts?: DocumentReaders<Inputs[Put]>,
  ): Operation<Put>;
  /** Deletes it; there being none is no error. */
  delete<Delete extends Silent>(name: Delete, action: string): Operation<Delete>;
}

/** What is special about a setting. */
export interface SettingDescription<Get extends OperationName> {
  /** The word it is stored under, for ever. */
  readonly kind: string;
  /** What a bucket without it does not have, plural, such as "CORS rules". */
  readonly name: string;
  /** The operation that sets it, where that is built. */
  readonly put?: OperationName;
  /** Makes what is shown of what JSON has kept of it, where that is not the same: it has no dates. */
  readonly shown?: (kept: Outputs[Get]) => Outputs[Get];
}

/**
 * A setting that is stored as the members which show it, in JSON. Its revision and its end, with the bucket's, are the store's concern
 * (`store/buckets/settings.ts`).
 */
export function bucketSetting<Get extends OperationName>(description: SettingDescription<Get>): BucketSetting<Get> {
  const { kind, shown: revived = (kept) => kept } = description;
  return {
    get: (name, action, none) =>
      operation({
        name,
        permissions: on.bucket(action),
        resource: "bucket",
        async handle(_input, { store, bucket }) {
          const document = await readSetting(store, bucket, kind);
          if (document === undefined) throw none(without(bucket, description.name, description.put));
          return { output: revived(JSON.parse(document) as Outputs[Get]) };
        },
      }),
    put: (name, action, shown, documentFacts) =>
      operation({
        name,
        permissions: on.bucket(action),
        ...(documentFacts !== undefined && { documentFacts }),
        resource: "bucket",
        async handle(input, { store, bucket }) {
          await putSetting(store, bucket, kind, JSON.stringify(shown(input)));
          return { output: {} };
        },
      }),
    delete: (name, action) =>
      operation({
        name,
        permissions: on.bucket(action),
        resource: "bucket",
        async handle(_input, { store, bucket }) {
          await deleteSetting(store, bucket, kind);
          return { output: {} };
        },
      }),
  };
}
