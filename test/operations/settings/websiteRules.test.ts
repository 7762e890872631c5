import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { SiteRedirect, Visit } from "../../../src/operations/settings/websiteRules.ts";
import { redirectByRule, redirectOfAll } from "../../../src/operations/settings/websiteRules.ts";
import type { Condition, Redirect, RoutingRule } from "../../../src/protocol/generated/types.ts";

/** A visitor who asks for a path. */
function visitTo(path: string, more: Partial<Visit> = {}): Visit {
  const [rawPath = "", rawQuery = ""] = path.split("?");
  const key = decodeURIComponent(rawPath.slice(1));
  return { secure: false, host: "site.example:9000", key, rawPath, rawQuery, ...more };
}

/** Where rules send who asks for a path. */
function sentTo(rules: readonly RoutingRule[], path: string, errorStatus?: number): SiteRedirect | undefined {
  return redirectByRule({ RoutingRules: rules }, visitTo(path), errorStatus);
}

function rule(redirect: Redirect, condition?: Condition): RoutingRule {
  return { Redirect: redirect, ...(condition && { Condition: condition }) };
}

const HERE = "http://site.example:9000";

test("Routing rules: a renamed folder, a deleted folder and an error are redirected as AWS's page shows it", () => {
  const rules = [
    rule({ ReplaceKeyPrefixWith: "documents/" }, { KeyPrefixEquals: "docs/" }),
    rule({ ReplaceKeyWith: "folderdeleted.html" }, { KeyPrefixEquals: "images/" }),
    rule({ HostName: "other.example", ReplaceKeyPrefixWith: "report-404/" }, { HttpErrorCodeReturnedEquals: "404" }),
  ];
  assert.deepEqual(sentTo(rules, "/docs/article1.html"), { status: 301, location: `${HERE}/documents/article1.html` });
  assert.deepEqual(sentTo(rules, "/docs/"), { status: 301, location: `${HERE}/documents/` });
  assert.deepEqual(sentTo(rules, "/images/a/b.jpg"), { status: 301, location: `${HERE}/folderdeleted.html` });
  assert.equal(sentTo(rules, "/ExamplePage.html"), undefined);
  assert.deepEqual(sentTo(rules, "/ExamplePage.html", 404), {
    status: 301,
    location: "http://other.example/report-404/ExamplePage.html",
  });
  assert.equal(sentTo(rules, "/ExamplePage.html", 403), undefined);
});

test("Routing rules: what a redirect does not say is as the visitor asked for it, the query too", () => {
  const redirected = (redirect: Redirect, visit: Visit): string =>
    redirectByRule({ RoutingRules: [rule(redirect)] }, visit)!.location;
  const visit = visitTo("/a%20b/c?d=e&f");
  assert.equal(redirected({ HttpRedirectCode: "302" }, visit), `${HERE}/a%20b/c?d=e&f`);
  assert.equal(redirected({ HttpRedirectCode: "302" }, { ...visit, secure: true }), "https://site.example:9000/a%20b/c?d=e&f");
  assert.equal(redirected({ Protocol: "https" }, visit), "https://site.example:9000/a%20b/c?d=e&f");
  assert.equal(redirected({ HostName: "other.example" }, visit), "http://other.example/a%20b/c?d=e&f");
  assert.equal(redirected({ ReplaceKeyWith: "x" }, visit), `${HERE}/x?d=e&f`);
  assert.equal(redirected({ ReplaceKeyPrefixWith: "#!/" }, visit), `${HERE}/#!/a%20b/c?d=e&f`);
  assert.equal(redirected({ ReplaceKeyPrefixWith: "" }, visitTo("/")), `${HERE}/`);
});

test("Routing rules: the first that applies counts, with its code", () => {
  const rules = [
    rule({ ReplaceKeyWith: "1" }, { KeyPrefixEquals: "a/", HttpErrorCodeReturnedEquals: "404" }),
    rule({ ReplaceKeyWith: "2", HttpRedirectCode: "307" }, { KeyPrefixEquals: "a/" }),
    rule({ ReplaceKeyWith: "3" }, { HttpErrorCodeReturnedEquals: "404" }),
    rule({ ReplaceKeyWith: "4" }),
  ];
  assert.deepEqual(sentTo(rules, "/a/"), { status: 307, location: `${HERE}/2` });
  assert.deepEqual(sentTo(rules, "/a/", 404), { status: 301, location: `${HERE}/1` });
  assert.deepEqual(sentTo(rules, "/b", 404), { status: 301, location: `${HERE}/3` });
  assert.deepEqual(sentTo(rules, "/b"), { status: 301, location: `${HERE}/4` });
  assert.equal(sentTo(rules, "/b", 403), undefined);
});

test("Routing rules: a prefix is compared with the decoded key, and the rest of it is encoded", () => {
  const rules = [rule({ ReplaceKeyPrefixWith: "ü " }, { KeyPrefixEquals: "a b/" })];
  assert.equal(sentTo(rules, "/a%20b/%C3%BC%25%3F/c")!.location, `${HERE}/ü %C3%BC%25%3F/c`);
  assert.equal(sentTo(rules, "/a%2520b/c"), undefined);
});

test("A redirect of all: path and query stay, and a host may have a path of its own", () => {
  const redirected = (target: { HostName: string; Protocol?: string }, path: string): SiteRedirect | undefined =>
    redirectOfAll({ RedirectAllRequestsTo: target }, visitTo(path));
  assert.deepEqual(redirected({ HostName: "other.example" }, "/"), { status: 301, location: "http://other.example/" });
  assert.deepEqual(redirected({ HostName: "other.example/at", Protocol: "https" }, "/a%20b/?c=d"), {
    status: 301,
    location: "https://other.example/at/a%20b/?c=d",
  });
  assert.equal(redirectOfAll({ IndexDocument: { Suffix: "index.html" } }, visitTo("/")), undefined);
});

/** Texts of which some begin like others. */
const keys = fc.stringMatching(/^[ab/ü%]{0,4}$/);
const conditions = fc.record(
  { KeyPrefixEquals: keys, HttpErrorCodeReturnedEquals: fc.constantFrom("403", "404", "500") },
  { requiredKeys: [] },
);
const redirects = fc.oneof(
  fc.record({ HttpRedirectCode: fc.constantFrom("301", "302", "308") }),
  fc.record({ ReplaceKeyWith: keys }),
  fc.record({ ReplaceKeyPrefixWith: keys }),
  fc.record({ HostName: fc.constant("other.example"), Protocol: fc.constantFrom("http", "https") }),
);
const rulesOf = fc.array(fc.record({ Condition: conditions, Redirect: redirects }), { maxLength: 6 });

test("Routing rules: of any rules the first whose condition holds counts, and its address decodes to what it says", () => {
  fc.assert(
    fc.property(rulesOf, keys, fc.constantFrom(undefined, 403, 404, 500), (rules, key, errorStatus) => {
      const visit = { ...visitTo("/"), key, rawPath: `/${encodeURIComponent(key)}` };
      const expected = rules.find(
        ({ Condition: { KeyPrefixEquals: prefix, HttpErrorCodeReturnedEquals: code } }) =>
          (prefix === undefined || key.slice(0, prefix.length) === prefix) && code === errorStatus?.toString(),
      );
      const found = redirectByRule({ RoutingRules: rules }, visit, errorStatus);
      assert.equal(found === undefined, expected === undefined);
      if (found === undefined || expected === undefined) return;
      const redirect: Redirect = expected.Redirect;
      assert.equal(found.status, Number(redirect.HttpRedirectCode ?? 301));
      const origin = redirect.HostName === undefined ? HERE : `${redirect.Protocol}://other.example`;
      assert.ok(found.location.startsWith(`${origin}/`), found.location);
      const path = found.location.slice(origin.length + 1);
      const rest = key.slice(expected.Condition.KeyPrefixEquals?.length ?? 0);
      const { ReplaceKeyWith: whole, ReplaceKeyPrefixWith: beginning } = redirect;
      if (whole !== undefined) assert.equal(path, whole);
      else if (beginning === undefined) assert.equal(decodeURIComponent(path), key);
      else
        assert.deepEqual([path.slice(0, beginning.length), decodeURIComponent(path.slice(beginning.length))], [beginning, rest]);
    }),
  );
});
