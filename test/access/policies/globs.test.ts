import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { arnLike, resourceLike } from "../../../src/access/policies/arnPatterns.ts";
import { Glob } from "../../../src/access/policies/Glob.ts";
import { ANY_CHARACTER, ANY_TEXT } from "../../../src/access/policies/Piece.ts";
import type { Piece } from "../../../src/access/policies/Piece.ts";
import { likeText, sameText } from "../../../src/access/policies/Template.ts";
import { anonymous, request } from "./requests.ts";

/** What a pattern means, by trying everything. */
function naive(pieces: readonly Piece[], text: readonly string[]): boolean {
  const [piece, ...rest] = pieces;
  if (piece === undefined) return text.length === 0;
  if (piece === ANY_TEXT) return naive(rest, text) || (text.length > 0 && naive(pieces, text.slice(1)));
  if (piece === ANY_CHARACTER) return text.length > 0 && naive(rest, text.slice(1));
  const letters = [...piece];
  return letters.every((letter, index) => text[index] === letter) && naive(rest, text.slice(letters.length));
}

const letters = fc.string({ unit: fc.constantFrom("a", "b", "😀"), maxLength: 3 });
const pieces = fc.array(fc.oneof(letters, fc.constant<Piece>(ANY_TEXT), fc.constant<Piece>(ANY_CHARACTER)), { maxLength: 7 });
const texts = fc.string({ unit: fc.constantFrom("a", "b", "😀"), maxLength: 9 });

test("Glob: matches what trying everything matches", () => {
  fc.assert(
    fc.property(pieces, texts, (pattern, text) => {
      assert.equal(new Glob(pattern).matches(text), naive(pattern, [...text]));
    }),
    { numRuns: 3000 },
  );
});

test("Glob: matches long patterns, of more places than a word has bits, as short ones", () => {
  const long = fc.array(
    fc.oneof(fc.constantFrom("a".repeat(20), "b".repeat(13), "ab".repeat(20)), fc.constantFrom<Piece>(ANY_TEXT, ANY_CHARACTER)),
    {
      minLength: 3,
      maxLength: 8,
    },
  );
  fc.assert(
    fc.property(
      long,
      fc.array(fc.constantFrom("a".repeat(20), "b".repeat(13), "ab".repeat(20), "a"), { maxLength: 6 }),
      (pattern, parts) => {
        const text = parts.join("");
        assert.equal(new Glob(pattern).matches(text), naive(pattern, [...text]));
        const filled = pattern
          .map((piece) => (piece === ANY_TEXT ? parts.join("") : piece === ANY_CHARACTER ? "b" : piece))
          .join("");
        assert.ok(new Glob(pattern).matches(filled), filled);
      },
    ),
    { numRuns: 300 },
  );
});

test("Glob: texts that follow each other in a pattern have to do so in what it matches", () => {
  const glob = new Glob([ANY_TEXT, "a", "b", ANY_TEXT]);
  assert.ok(glob.matches("xaby"));
  assert.ok(!glob.matches("xa-by"));
});

test("Glob: takes no more than a moment for the worst of patterns and texts", () => {
  const text = "a".repeat(30_000);
  const patterns: Piece[][] = [
    Array.from({ length: 20_000 }, (_, index): Piece => (index % 2 === 0 ? ANY_TEXT : "a")),
    Array.from({ length: 20_000 }, (_, index): Piece => (index % 2 === 0 ? ANY_CHARACTER : "a")),
    [ANY_TEXT, "a".repeat(10_000), ANY_TEXT, "b", ANY_TEXT],
    [ANY_TEXT, ...Array.from({ length: 600 }, (): Piece[] => ["a".repeat(31), ANY_TEXT]).flat(), "b", ANY_TEXT],
  ];
  for (const pattern of patterns) {
    const glob = new Glob(pattern);
    const before = process.cpuUsage();
    glob.matches(text);
    const { user } = process.cpuUsage(before);
    assert.ok(user < 1_000_000, `${user} µs`);
  }
});

const nothing = request("s3:GetObject", "*", anonymous);

test("policy text: a variable stands for the request's value, which has no wildcards of its own", () => {
  const asking = request("s3:GetObject", "*", anonymous, { "aws:username": "a*" });
  const like = likeText("home/${aws:username}/*", true);
  assert.ok(like("home/a*/x", asking));
  assert.ok(!like("home/ab/x", asking));
});

test("policy text: a variable without a value matches nothing, but for its default", () => {
  assert.ok(!likeText("home/${aws:username}/*", true)("home/${aws:username}/x", nothing));
  assert.ok(likeText("team/${aws:PrincipalTag/team, 'none'}/*", true)("team/none/x", nothing));
  const tagged = request("s3:GetObject", "*", anonymous, { "aws:PrincipalTag/team": "red" });
  assert.ok(likeText("team/${aws:PrincipalTag/team, 'none'}/*", true)("team/red/x", tagged));
  assert.ok(!likeText("team/${aws:PrincipalTag/team, 'none'}/*", true)("team/none/x", tagged));
});

test("policy text: a variable of a key with several values has none", () => {
  const several = request("s3:GetObject", "*", anonymous, { "aws:TagKeys": ["a", "b"] });
  assert.ok(!sameText("${aws:TagKeys}", true)("a", several));
});

test("policy text: ${*}, ${?} and ${$} are the characters", () => {
  const like = likeText("${*}${?}${$}{x}", true);
  assert.ok(like("*?${x}", nothing));
  assert.ok(!like("ab${x}", nothing));
});

test("policy text: the older version has no variables", () => {
  const asking = request("s3:GetObject", "*", anonymous, { "aws:username": "alice" });
  assert.ok(likeText("${aws:username}", false)("${aws:username}", asking));
  assert.ok(!likeText("${aws:username}", false)("alice", asking));
});

test("policy text: what begins as a variable and is none is text", () => {
  for (const text of ["${", "${aws:username", "$aws", "${}", "${aws:username, none}", "${aws:username, 'none'x}"])
    assert.ok(sameText(text, true)(text, nothing), text);
});

test("policy text: never fails, whatever it looks like", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("$", "{", "}", ",", "'", "a", "*", "?") }), (text) => {
      assert.equal(typeof likeText(text, true)(text, nothing), "boolean");
    }),
  );
});

test("Resource: a wildcard stays in its part of an ARN, but for a * at the part's end", () => {
  const asking = request("s3:GetObject", "*", anonymous);
  const has = (pattern: string, arn: string): boolean => resourceLike(pattern, true)(arn, asking);
  assert.ok(has("*", "arn:aws:s3:::b/k"));
  assert.ok(has("arn:aws:s3:::b/*", "arn:aws:s3:::b/k:with:colons"));
  assert.ok(has("arn:aws:iam::*:role/r", "arn:aws:iam::111122223333:role/r"));
  assert.ok(has("arn:aws:iam::1*3:role/r", "arn:aws:iam::111122223333:role/r"));
  assert.ok(!has("arn:aws:iam::1*3:role/r", "arn:aws:iam::1:2:3:role/r"));
  assert.ok(has("arn:aws:s3:*", "arn:aws:s3:::b/k"));
  assert.ok(has("arn:aws:s*:b/k", "arn:aws:s3:::b/k"));
  assert.ok(!has("arn:aws:s3:::b", "arn:aws:s3:::b/k"));
  assert.ok(has("arn:aws:s3", "arn:aws:s3:::b/k"));
  assert.ok(!has("arn:aws:sqs", "arn:aws:s3:::b/k"));
  assert.ok(!has("arn:aws:s3:::B/*", "arn:aws:s3:::b/k"));
});

test("Resource: variables stand for something behind the fifth colon only", () => {
  const asking = request("iam:GetUser", "*", anonymous, { "aws:PrincipalAccount": "111122223333", "aws:username": "alice" });
  const arn = "arn:aws:iam::111122223333:user/alice";
  assert.ok(resourceLike("arn:aws:iam::111122223333:user/${aws:username}", true)(arn, asking));
  assert.ok(resourceLike("arn:aws:iam::*:user/${aws:username}", true)(arn, asking));
  assert.ok(!resourceLike("arn:aws:iam::${aws:PrincipalAccount}:user/alice", true)(arn, asking));
  assert.ok(!resourceLike("arn:aws:iam::${aws:PrincipalAccount}*:user/alice", true)(arn, asking));
});

test("ArnLike: each part is looked at by itself", () => {
  const asking = request("s3:GetObject", "*", anonymous, { "aws:PrincipalAccount": "111122223333" });
  assert.ok(arnLike("arn:aws:iam::*:role/*", true)("arn:aws:iam::111122223333:role/r", asking));
  assert.ok(!arnLike("arn:aws:*:role/r", true)("arn:aws:iam::111122223333:user/role/r", asking));
  assert.ok(!arnLike("arn:aws:iam::*:role/r", true)("arn:aws:iam::1:2:role/r", asking));
  assert.ok(arnLike("arn:aws:iam::${aws:PrincipalAccount}:role/?", true)("arn:aws:iam::111122223333:role/r", asking));
});
