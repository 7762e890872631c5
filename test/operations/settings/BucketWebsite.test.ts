import assert from "node:assert/strict";
import { test } from "node:test";
import { DeleteBucketWebsite, GetBucketWebsite, PutBucketWebsite } from "../../../src/operations/settings/BucketWebsite.ts";
import { findWebsite } from "../../../src/operations/settings/websiteRules.ts";
import type { Redirect, RoutingRule, WebsiteConfiguration } from "../../../src/protocol/generated/types.ts";
import type { ExpectedRefusal } from "../contextFor.ts";
import { refusal } from "../contextFor.ts";
import { VersionedBucket } from "../VersionedBucket.ts";
import { answerTo } from "./newBucket.ts";

const PAGES: WebsiteConfiguration = { IndexDocument: { Suffix: "index.html" } };
const RULE: RoutingRule = {
  Condition: { KeyPrefixEquals: "docs/", HttpErrorCodeReturnedEquals: "404" },
  Redirect: { HostName: "example.com", Protocol: "https", ReplaceKeyPrefixWith: "", HttpRedirectCode: "302" },
};
const ALL: WebsiteConfiguration = { RedirectAllRequestsTo: { HostName: "example.com/path", Protocol: "http" } };

test("GetBucketWebsite: a bucket has no website settings, which is NoSuchWebsiteConfiguration", async () => {
  await refusal(answerTo(GetBucketWebsite, { Bucket: "bucket" }), {
    code: "NoSuchWebsiteConfiguration",
    status: 404,
    details: { BucketName: "bucket" },
  });
});

test("DeleteBucketWebsite: there is nothing to delete, which is 204", async () => {
  assert.deepEqual(await answerTo(DeleteBucketWebsite, { Bucket: "bucket" }), [204, ""]);
});

test("PutBucketWebsite: the website is that of the last put, as it was put, until it is deleted", async () => {
  const bucket = await VersionedBucket.made();
  const error = { ErrorDocument: { Key: "errors/404.html" } };
  for (const website of [PAGES, { ...PAGES, ...error, RoutingRules: [RULE, { Redirect: { Protocol: "https" } }] }, ALL]) {
    assert.deepEqual(await bucket.ask(PutBucketWebsite, { WebsiteConfiguration: website }), {});
    assert.deepEqual(await bucket.ask(GetBucketWebsite, {}), website);
    assert.deepEqual(await findWebsite(bucket.store, await bucket.record()), website);
  }
  await bucket.ask(DeleteBucketWebsite, {});
  await refusal(bucket.ask(GetBucketWebsite, {}), { code: "NoSuchWebsiteConfiguration" });
  assert.equal(await findWebsite(bucket.store, await bucket.record()), undefined);
});

const MALFORMED: ExpectedRefusal = { code: "MalformedXML", status: 400 };

function invalid(message: string): ExpectedRefusal {
  return { code: "InvalidRequest", status: 400, message, details: {} };
}

function argument(name: string, value: string | undefined, message: string): ExpectedRefusal {
  const details = { ArgumentName: name, ...(value !== undefined && { ArgumentValue: value }) };
  return { code: "InvalidArgument", status: 400, message, details };
}

function withRedirect(redirect: Redirect): WebsiteConfiguration {
  return { ...PAGES, RoutingRules: [{ Redirect: redirect }] };
}

function onError(code: string): WebsiteConfiguration {
  return { ...PAGES, RoutingRules: [{ ...RULE, Condition: { HttpErrorCodeReturnedEquals: code } }] };
}

const MIXED = argument(
  "RedirectAllRequestsTo",
  "not null",
  "RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules.",
);
const NO_INDEX = argument(
  "IndexDocument",
  "null",
  "A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty",
);
const PROTOCOL = invalid(
  "Invalid protocol, protocol can be http or https. If not defined the protocol will be selected automatically.",
);

/** Websites that cannot be, and how they are refused. */
const REFUSED: readonly (readonly [what: string, website: WebsiteConfiguration, expected: ExpectedRefusal])[] = [
  ["nothing", {}, NO_INDEX],
  ["an error document alone", { ErrorDocument: { Key: "404.html" } }, NO_INDEX],
  ["rules alone", { RoutingRules: [RULE] }, NO_INDEX],
  ["a redirect of all beside an index document", { ...ALL, ...PAGES }, MIXED],
  ["a redirect of all beside an error document", { ...ALL, ErrorDocument: { Key: "404.html" } }, MIXED],
  ["a redirect of all beside rules", { ...ALL, RoutingRules: [RULE] }, MIXED],
  ["a redirect of all by another protocol", { RedirectAllRequestsTo: { HostName: "a", Protocol: "HTTP" } }, PROTOCOL],
  ["a redirect of all to no host", { RedirectAllRequestsTo: { HostName: "" } }, MALFORMED],
  [
    "an empty index document",
    { IndexDocument: { Suffix: "" } },
    argument("IndexDocument", undefined, "The IndexDocument Suffix is not well formed"),
  ],
  [
    "an index document with a slash",
    { IndexDocument: { Suffix: "a/index.html" } },
    argument("IndexDocument", "a/index.html", "The IndexDocument Suffix is not well formed"),
  ],
  [
    "an empty error document",
    { ...PAGES, ErrorDocument: { Key: "" } },
    argument("ErrorDocument", undefined, "The ErrorDocument Key is not well formed"),
  ],
  ["no rule among the rules", { ...PAGES, RoutingRules: [] }, MALFORMED],
  [
    "51 rules",
    { ...PAGES, RoutingRules: Array.from({ length: 51 }, () => RULE) },
    invalid("51 routing rules provided, the number of routing rules in a website configuration is limited to 50."),
  ],
  [
    "an empty condition",
    { ...PAGES, RoutingRules: [{ ...RULE, Condition: {} }] },
    invalid(
      "Condition cannot be empty. To redirect all requests without a condition, the condition element shouldn't be present.",
    ),
  ],
  ["an empty redirect", withRedirect({}), MALFORMED],
  [
    "a key replaced in two ways",
    withRedirect({ ReplaceKeyWith: "a", ReplaceKeyPrefixWith: "b" }),
    invalid("You can only define ReplaceKeyPrefix or ReplaceKey but not both."),
  ],
  ["a redirect by another protocol", withRedirect({ Protocol: "ftp" }), PROTOCOL],
  ["a redirect to no host", withRedirect({ HostName: "" }), MALFORMED],
  ["a redirect code in words", withRedirect({ HttpRedirectCode: "Found" }), MALFORMED],
  ["an empty redirect code", withRedirect({ HttpRedirectCode: "" }), MALFORMED],
  ...["200", "299", "300", "400", "999999999"].map(
    (code) =>
      [
        `the redirect code ${code}`,
        withRedirect({ HttpRedirectCode: code }),
        invalid(`The provided HTTP redirect code (${code}) is not valid. Valid codes are 3XX except 300.`),
      ] as const,
  ),
  ["an error code in words", onError("4XX"), MALFORMED],
  ...["200", "399", "600"].map(
    (code) =>
      [
        `the error code ${code}`,
        onError(code),
        invalid(`The provided HTTP error code (${code}) is not valid. Valid codes are 4XX or 5XX.`),
      ] as const,
  ),
];

for (const [what, website, expected] of REFUSED) {
  test(`PutBucketWebsite: ${what} answers ${expected.code}, and the website stays as it was`, async () => {
    const bucket = await VersionedBucket.made();
    await bucket.ask(PutBucketWebsite, { WebsiteConfiguration: PAGES });
    await refusal(bucket.ask(PutBucketWebsite, { WebsiteConfiguration: website }), expected);
    assert.deepEqual(await bucket.ask(GetBucketWebsite, {}), PAGES);
  });
}

test("PutBucketWebsite: 50 rules, all codes of redirects and errors, and empty prefixes are taken", async () => {
  const bucket = await VersionedBucket.made();
  const redirects: readonly Redirect[] = [
    { HttpRedirectCode: "301" },
    { HttpRedirectCode: "399" },
    { ReplaceKeyWith: "" },
    { HostName: "host" },
  ];
  const onErrors = ["400", "599"].map((code) => ({ ...RULE, Condition: { HttpErrorCodeReturnedEquals: code } }));
  const anyKey = { ...RULE, Condition: { KeyPrefixEquals: "" } };
  const some = [...redirects.map((redirect) => ({ Redirect: redirect })), ...onErrors, anyKey];
  const RoutingRules = [...some, ...Array.from({ length: 50 - some.length }, () => RULE)];
  await bucket.ask(PutBucketWebsite, { WebsiteConfiguration: { ...PAGES, RoutingRules } });
  assert.deepEqual((await bucket.ask(GetBucketWebsite, {})).RoutingRules, RoutingRules);
});
