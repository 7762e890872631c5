import { CONDITION_KEYS } from "../src/access/conditions.ts";
import { ABSENT_KEYS } from "../src/access/conditionKeys/absentKeys.ts";
import type { ConditionKey } from "../src/access/conditionKeys/ConditionKey.ts";

/** The text of docs/condition-keys.md: every key that policies can ask for, from the table that makes their values. */
export function conditionKeysPage(): string {
  const isGlobal = ({ name }: ConditionKey): boolean => name.startsWith("aws:");
  const table = (keys: readonly ConditionKey[]): string => [HEAD, ...keys.toSorted(byName).map(row)].join("\n");
  return `# Condition keys

Generated from the tables in \`src/access/conditionKeys/\`.

What the \`Condition\` of a policy can ask about a request, and what variables such as \`\${aws:username}\` stand for. Names count in any case. A
request that has no such key answers as AWS says for each operator: \`Null\` is true, operators with \`IfExists\` and negated ones hold, others
do not. A key has the actions that AWS's service authorization reference gives it; for all others it is not there.

TAG is the key of a tag, which may have slashes and counts in any case; where several tags differ in case alone, the key has all their
values. Tags of objects and buckets are read when a policy of the caller or the bucket names them, and not otherwise.

Some keys may have their value in the document that the body holds. Where a policy asks for one of them, the caller is told what it says
after the document is read, and an error of the document comes first. All other refusals come before the body is read.

## Keys of every service

${table(CONDITION_KEYS.filter(isGlobal))}

## Keys of S3

${table(CONDITION_KEYS.filter((key) => !isGlobal(key)))}

## Keys that are never there

AWS has these too. What they say something of is not here: organisations, private networks, services of AWS's, access points, access grants,
batch jobs. A policy may name them; no request has them. The delivery of [access logs](access-logs.md), which is no request, has some.

${ABSENT_KEYS.map(shownName).toSorted().join(", ")}.

## Where nothing is written

AWS does not say some of this. Here, \`s3:object-lock-remaining-retention-days\` counts a day that has begun, so that a lock for ten days has ten
however long the request was on its way; \`s3:x-amz-copy-source\` is the source's one name, for S3 takes several forms of it; and what a
multi-valued key has in a request that names a tag twice, or a number or date that is none, matters little: the request is refused.
`;
}

const HEAD = `| key | type | value | not there for | actions |
| --- | --- | --- | --- | --- |`;

function row(key: ConditionKey): string {
  const { type, isList, source, absent } = key;
  return `| ${shownName(key.name)} | ${type}${isList === true ? ", several" : ""} | ${source} | ${absent ?? ""} | ${shownActions(key)} |`;
}

function shownName(name: string): string {
  return `\`${name.endsWith("/") ? `${name}TAG` : name}\``;
}

function shownActions({ name, actions }: ConditionKey): string {
  if (actions === undefined) return name.startsWith("s3:") ? "all of S3" : "all";
  return [...actions].map((action) => action.replace("s3:", "")).join(", ");
}

function byName({ name: a }: ConditionKey, { name: b }: ConditionKey): number {
  return a.toLowerCase() < b.toLowerCase() ? -1 : 1;
}
