import type { Field } from "./recordCodec.ts";
import { recordCodec } from "./recordCodec.ts";
import type { Codec, Row } from "./Row.ts";
import { namedKey, TABLES } from "./tables.ts";

/**
 * What keeps the public out of a bucket, or of every bucket of an account.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 */
export interface PublicAccessBlock {
  /** Refuses new ACLs that grant the public anything. */
  readonly blockPublicAcls: boolean;
  /** Heeds no grants to the public. */
  readonly ignorePublicAcls: boolean;
  /** Refuses new bucket policies that are public. */
  readonly blockPublicPolicy: boolean;
  /** Lets only the owner's account, and services, use a bucket whose policy is public. */
  readonly restrictPublicBuckets: boolean;
}

/** All four switches on, as S3 makes new buckets since April 2023. */
export const EVERYTHING_BLOCKED: PublicAccessBlock = Object.freeze({
  blockPublicAcls: true,
  ignorePublicAcls: true,
  blockPublicPolicy: true,
  restrictPublicBuckets: true,
});

/** All four switches off, which blocks as little as having none. */
export const NOTHING_BLOCKED: PublicAccessBlock = Object.freeze({
  blockPublicAcls: false,
  ignorePublicAcls: false,
  blockPublicPolicy: false,
  restrictPublicBuckets: false,
});

/** A switch is a bit, and having no switches a number beyond them all. */
const NONE = 16;
const ALL = 15;

function numberOf(block: PublicAccessBlock | undefined): number {
  if (block === undefined) return NONE;
  return (
    (block.blockPublicAcls ? 1 : 0) +
    (block.ignorePublicAcls ? 2 : 0) +
    (block.blockPublicPolicy ? 4 : 0) +
    (block.restrictPublicBuckets ? 8 : 0)
  );
}

function blockOf(number: number): PublicAccessBlock | undefined {
  if (number === ALL) return EVERYTHING_BLOCKED;
  if (number === NONE) return undefined;
  return {
    blockPublicAcls: (number & 1) !== 0,
    ignorePublicAcls: (number & 2) !== 0,
    blockPublicPolicy: (number & 4) !== 0,
    restrictPublicBuckets: (number & 8) !== 0,
  };
}

/** What has a block; `undefined`: none was set, or it was deleted. */
interface Blocked {
  readonly publicAccessBlock: PublicAccessBlock | undefined;
}

/** The field `publicAccessBlock`; a block of everything, which an empty record must have, takes no room. */
export function publicAccessBlockField<Record extends Blocked>(tag: number): Field<Record> {
  return {
    tag,
    write({ publicAccessBlock }, out) {
      const number = numberOf(publicAccessBlock);
      if (number !== ALL) out.integer(tag, number);
    },
    read: ({ integer }, draft) => void (draft.publicAccessBlock = blockOf(integer) as never),
  };
}

/** The block of an account as stored under its canonical id; an account without a block has no row. */
export const accountBlockCodec: Codec<Blocked, Buffer> = recordCodec<Blocked>(
  () => ({ publicAccessBlock: EVERYTHING_BLOCKED }),
  [publicAccessBlockField(1)],
);

/** What keeps the public out of all buckets of an account, by its canonical id. */
export function accountBlockRow(canonicalId: string): Row<Blocked> {
  return { key: namedKey(TABLES.accountBlocks, canonicalId), codec: accountBlockCodec };
}
