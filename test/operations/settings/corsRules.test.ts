import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { CorsQuestion } from "../../../src/operations/settings/corsRules.ts";
import { CORS_METHODS, corsHeaders, readyRules, whyRefused } from "../../../src/operations/settings/corsRules.ts";
import type { CORSRule } from "../../../src/protocol/generated/types.ts";

const VARY = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method";

/** What is answered to a question by one rule for GET. */
function answerOf(rule: Partial<CORSRule>, question: Partial<CorsQuestion> = {}): Record<string, string> | undefined {
  const rules = readyRules([{ AllowedOrigins: ["http://page.example"], AllowedMethods: ["GET"], ...rule }]);
  return pairs(corsHeaders(rules, { origin: "http://page.example", method: "GET", headers: [], ...question }));
}

function pairs(flat: readonly string[] | undefined): Record<string, string> | undefined {
  if (flat === undefined) return undefined;
  return Object.fromEntries(flat.flatMap((text, index) => (index % 2 === 0 ? [[text, flat[index + 1]!]] : [])));
}

/** Whether a rule with one origin allows another. */
function allowsOrigin(allowed: string, origin: string): boolean {
  return answerOf({ AllowedOrigins: [allowed] }, { origin }) !== undefined;
}

test("CORS rules: an answer has the rule's methods, what pages may read, and how long it holds, in S3's order", () => {
  const rule = {
    AllowedMethods: ["PUT", "GET"],
    AllowedHeaders: ["x-*"],
    ExposeHeaders: ["ETag", "x-amz-id-2"],
    MaxAgeSeconds: 0,
  };
  assert.deepEqual(
    Object.entries(answerOf(rule, { headers: ["x-b", "x-a"] })!),
    Object.entries({
      "Access-Control-Allow-Origin": "http://page.example",
      "Access-Control-Allow-Methods": "PUT, GET",
      "Access-Control-Allow-Headers": "x-b, x-a",
      "Access-Control-Expose-Headers": "ETag, x-amz-id-2",
      "Access-Control-Max-Age": "0",
      "Access-Control-Allow-Credentials": "true",
      Vary: VARY,
    }),
  );
});

test("CORS rules: what a rule does not say is not in its answer; credentials are for named origins", () => {
  const bare = { "Access-Control-Allow-Methods": "GET", Vary: VARY };
  assert.deepEqual(answerOf({ AllowedOrigins: ["*"] }), { "Access-Control-Allow-Origin": "*", ...bare });
  assert.deepEqual(answerOf({ AllowedOrigins: ["http://*", "*"] }), { "Access-Control-Allow-Origin": "*", ...bare });
  assert.deepEqual(answerOf({ AllowedOrigins: ["http://*"] }), {
    "Access-Control-Allow-Origin": "http://page.example",
    "Access-Control-Allow-Credentials": "true",
    ...bare,
  });
});

test("CORS rules: an origin is compared to the letter, and a * stands for any text", () => {
  assert.ok(allowsOrigin("http://*.example.com", "http://a.b.example.com"));
  assert.ok(allowsOrigin("http://page.example:*", "http://page.example:"));
  assert.ok(allowsOrigin("http*", "https://page.example"));
  assert.ok(allowsOrigin("*", "null"));
  for (const other of [
    "https://page.example",
    "http://page.example:80",
    "http://page.example/",
    "http://PAGE.example",
    "page.example",
  ]) {
    assert.ok(!allowsOrigin("http://page.example", other), other);
  }
  assert.ok(!allowsOrigin("http://*.example.com", "http://example.com"));
  assert.ok(!allowsOrigin("http://a*a", "http://a"));
  assert.ok(!allowsOrigin("http://page.example", "x http://page.example"));
  assert.ok(!allowsOrigin("", "http://page.example"));
});

test("CORS rules: a rule allows GET or HEAD, not one for the other, and methods in capitals", () => {
  assert.equal(answerOf({ AllowedMethods: ["GET"] }, { method: "HEAD" }), undefined);
  assert.equal(answerOf({ AllowedMethods: ["GET"] }, { method: "get" }), undefined);
  assert.ok(answerOf({ AllowedMethods: ["GET", "HEAD"] }, { method: "HEAD" }));
});

test("CORS rules: every header that is asked for must be allowed, in any case; without AllowedHeader none is", () => {
  const asking = (...headers: string[]) => ({ headers });
  assert.ok(answerOf({ AllowedHeaders: ["X-Amz-*", "Content-TYPE"] }, asking("content-type", "x-amz-date")));
  assert.equal(answerOf({ AllowedHeaders: ["X-Amz-*"] }, asking("x-amz-date", "content-type")), undefined);
  assert.equal(answerOf({}, asking("content-type")), undefined);
  assert.ok(answerOf({ AllowedHeaders: ["*"] }, asking("authorization")));
});

test("CORS rules: the first rule that allows it answers, whatever those before it allow", () => {
  const rules = readyRules([
    { AllowedOrigins: ["http://other.example"], AllowedMethods: ["GET"], MaxAgeSeconds: 1 },
    { AllowedOrigins: ["*"], AllowedMethods: ["PUT"], MaxAgeSeconds: 2 },
    { AllowedOrigins: ["http://page.example"], AllowedMethods: ["GET"], MaxAgeSeconds: 3 },
    { AllowedOrigins: ["*"], AllowedMethods: ["GET"], MaxAgeSeconds: 4 },
  ]);
  const question = { origin: "http://page.example", method: "GET", headers: [] };
  assert.equal(pairs(corsHeaders(rules, question))?.["Access-Control-Max-Age"], "3");
});

test("CORS rules: why no rule allows it is said of the origin, the method or the header", () => {
  const rules = readyRules([
    { AllowedOrigins: ["http://a.example"], AllowedMethods: ["GET", "PUT"], AllowedHeaders: ["x-a"] },
    { AllowedOrigins: ["http://a.example"], AllowedMethods: ["PUT"], AllowedHeaders: ["x-b"] },
    { AllowedOrigins: ["http://b.example"], AllowedMethods: ["DELETE"], AllowedHeaders: ["x-c"] },
  ]);
  const why = (origin: string, method: string, ...headers: string[]) => whyRefused(rules, { origin, method, headers });
  assert.equal(
    why("http://c.example", "GET"),
    'No CORS rule of the bucket allows the origin "http://c.example"; scheme, host and port must be those of an AllowedOrigin.',
  );
  assert.equal(
    why("http://a.example", "DELETE"),
    'The bucket\'s CORS rules for the origin "http://a.example" do not allow DELETE.',
  );
  const ending = "; AllowedHeader lists what may be sent.";
  assert.equal(
    why("http://a.example", "PUT", "x-b", "x-c"),
    `No CORS rule of the bucket for this origin and PUT allows the request header "x-c"${ending}`,
  );
  assert.equal(
    why("http://a.example", "PUT", "x-a", "x-b"),
    `No CORS rule of the bucket for this origin and PUT allows these request headers together${ending}`,
  );
});

/** Whether a text is as a pattern says, by trying everything. */
function isLike(pattern: string, text: string): boolean {
  if (pattern === "") return text === "";
  if (pattern.startsWith("*")) return isLike(pattern.slice(1), text) || (text !== "" && isLike(pattern, text.slice(1)));
  return text.startsWith(pattern[0]!) && isLike(pattern.slice(1), text.slice(1));
}

/** What S3's documentation says of a match, word for word. */
function isAllowed(rule: CORSRule, { origin, method, headers }: CorsQuestion): boolean {
  const isOriginAllowed = rule.AllowedOrigins.some((allowed) => isLike(allowed, origin));
  const isMethodAllowed = rule.AllowedMethods.some((allowed) => allowed === method);
  const allowedHeaders = rule.AllowedHeaders ?? [];
  const areHeadersAllowed = headers.every((name) => allowedHeaders.some((allowed) => isLike(allowed.toLowerCase(), name)));
  return isOriginAllowed && isMethodAllowed && areHeadersAllowed;
}

const letters = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 3 });
const pattern = fc.oneof(
  letters,
  fc.tuple(letters, letters).map((sides) => sides.join("*")),
);
const methods = fc.constantFrom(...CORS_METHODS);
const rule = fc.record(
  {
    AllowedOrigins: fc.array(pattern, { minLength: 1, maxLength: 3 }),
    AllowedMethods: fc.array(methods, { minLength: 1, maxLength: 3 }),
    AllowedHeaders: fc.array(
      pattern.map((text) => text.toUpperCase()),
      { maxLength: 3 },
    ),
  },
  { requiredKeys: ["AllowedOrigins", "AllowedMethods"] },
);
const question = fc.record({
  origin: fc.string({ unit: fc.constantFrom("a", "b"), minLength: 1, maxLength: 5 }),
  method: methods,
  headers: fc.array(fc.string({ unit: fc.constantFrom("a", "b"), minLength: 1, maxLength: 4 }), { maxLength: 2 }),
});

test("CORS rules: whatever is asked of whatever rules, the first that allows it answers, and none where none does", () => {
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 4 }), question, (rules, asked) => {
      const numbered = rules.map((one, MaxAgeSeconds) => ({ ...one, MaxAgeSeconds }));
      const answer = pairs(corsHeaders(readyRules(numbered), asked));
      const expected = numbered.find((one) => isAllowed(one, asked));
      assert.equal(answer?.["Access-Control-Max-Age"], expected?.MaxAgeSeconds.toString());
      if (answer === undefined) assert.match(whyRefused(readyRules(numbered), asked), /\.$/);
      else assert.ok(["*", asked.origin].includes(answer["Access-Control-Allow-Origin"]!));
    }),
    { numRuns: 2_000 },
  );
});
