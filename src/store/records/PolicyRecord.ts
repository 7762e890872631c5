import { successorOfPrefix } from "../metadata/byteOrder.ts";
import type { KeyRange } from "../metadata/MetadataEngine.ts";
import type { IdentityRecord, IdentityTag } from "./identityFields.ts";
import { EMPTY_IDENTITY, identityFields, identityTags } from "./identityFields.ts";
import { integer, list, recordCodec, text } from "./recordCodec.ts";
import type { Codec, Row, Rows } from "./Row.ts";
import { rowsIn } from "./Row.ts";
import { keyInAccount, namedKey, TABLES } from "./tables.ts";

/** A version of a managed policy: its document lies in a row of its own. */
export interface PolicyVersion {
  /** From 1; "v1" is what it is called. */
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly createdAtMs: number;
}

/** A managed policy, stored under (account, name). */
export interface PolicyRecord extends IdentityRecord {
  readonly description: string;
  /** The number of the version that applies. */
  readonly defaultVersion: number;
  /** The number of the latest version there ever was: the next one has the next. */
  readonly latestVersion: number;
  /** Those that are there, the oldest first. */
  readonly versions: readonly PolicyVersion[];
  /** When a version was made last. */
  readonly updatedAtMs: number;
  readonly tags: readonly IdentityTag[];
}

/** Managed policies as bytes. */
export const policyCodec: Codec<PolicyRecord, Buffer> = recordCodec<PolicyRecord>(
  () => ({ ...EMPTY_IDENTITY, description: "", defaultVersion: 0, latestVersion: 0, versions: [], updatedAtMs: 0, tags: [] }),
  [
    identityFields<PolicyRecord>(),
    text(6, "description", ""),
    integer(7, "defaultVersion"),
    integer(8, "latestVersion"),
    integer(9, "updatedAtMs"),
    list<PolicyRecord, PolicyVersion>("versions", () => ({ number: 0, createdAtMs: 0 }), [
      integer(20, "number"),
      integer(21, "createdAtMs"),
    ]),
    identityTags<PolicyRecord>(),
  ],
);

/** A managed policy, by account and name. */
export function policyRow(accountId: string, name: string): Row<PolicyRecord> {
  return { key: keyInAccount(TABLES.policies, accountId, name), codec: policyCodec };
}

/** A policy as it was given: that of a version, or an inline one. */
export interface PolicyDocumentRecord {
  /** Of an inline policy; a version has none. */
  readonly name: string;
  readonly document: string;
}

/** Policy documents as bytes. */
export const policyDocumentCodec: Codec<PolicyDocumentRecord, Buffer> = recordCodec<PolicyDocumentRecord>(
  () => ({ name: "", document: "" }),
  [text(1, "name", ""), text(2, "document")],
);

/** The document of a version of a managed policy, by the policy's unique id and the version's number. */
export function policyVersionRow(policyId: string, number: number): Row<PolicyDocumentRecord> {
  return { key: namedKey(TABLES.policyVersions, `${policyId}v${number}`), codec: policyDocumentCodec };
}

/** An inline policy, by the unique id of whose it is and its name. */
export function inlinePolicyRow(holderId: string, name: string): Row<PolicyDocumentRecord> {
  return { key: namedKey(TABLES.inlinePolicies, holderId + name), codec: policyDocumentCodec };
}

/** The inline policies of somebody, by name. */
export function inlinePoliciesOf(holderId: string, limit: number): Rows<PolicyDocumentRecord> {
  return rowsIn(inlineRange(holderId), limit, policyDocumentCodec);
}

/** Where the inline policies of somebody lie, by name. */
export function inlineRange(holderId: string): KeyRange {
  const start = namedKey(TABLES.inlinePolicies, holderId);
  return { start, end: successorOfPrefix(start)! };
}
