import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodedWords, encodedWords } from "../../src/protocol/rest/encodedWords.ts";

test("encodedWords: text beyond US-ASCII becomes words, of form Q where most of it is ASCII, and other text stays", () => {
  for (const [text, words] of [
    ["", ""],
    ["plain =?text?= of_all (kinds)", "plain =?text?= of_all (kinds)"],
    ["é", "=?UTF-8?B?w6k=?="],
    ["aé", "=?UTF-8?B?YcOp?="],
    ["café: au_lait=1?", "=?UTF-8?Q?caf=C3=A9:_au=5Flait=3D1=3F?="],
    // A pair of surrogates counts twice.
    ["ab\u{1f600}", "=?UTF-8?B?YWLwn5iA?="],
  ] as const) {
    assert.equal(encodedWords(text), words);
  }
});

test("encodedWords: text too long for a word is halved until its pieces have room, as S3 shows it", () => {
  const text =
    "Workout Completed: Congratulations!  You just completed the “Finding Vocal Freedom Workout”.  Make sure you drink some water, rest " +
    "your voice, and review your lesson in your vocal journal.  Make comments about how you felt, the circumstances of your workout, and " +
    "anything you think you did poorly or well.  Be sure to come back tomorrow for another workout!  Practicing on a daily basis is key " +
    "to growth.";
  const words = encodedWords(text).split(" ");
  assert.deepEqual(words.slice(0, 3), [
    "=?UTF-8?Q?Workout_Completed:_Congratulations!__You_just_comp?=",
    "=?UTF-8?Q?leted_the_=E2=80=9CFinding_Vocal_?=",
    "=?UTF-8?Q?Freedom_Workout=E2=80=9D.__Make_su?=",
  ]);
  assert.equal(words.length, 9);
});

test("encodedWords: a word has 75 characters at most, and never ends inside a character", () => {
  assert.equal(encodedWords(`${"a".repeat(57)}é`), `=?UTF-8?Q?${"a".repeat(57)}=C3=A9?=`);
  assert.equal(encodedWords(`${"a".repeat(58)}é`), `=?UTF-8?Q?${"a".repeat(29)}?= =?UTF-8?Q?${"a".repeat(29)}=C3=A9?=`);
  for (const [character, numbers] of [
    // Half of 26 units of UTF-16 would lie inside the seventh character.
    ["\u{10000}", [6, 7]],
    ["\uffff", [11, 11]],
  ] as const) {
    const words = numbers.map((number) => `=?UTF-8?B?${Buffer.from(character.repeat(number)).toString("base64")}?=`);
    assert.equal(encodedWords(character.repeat(numbers[0] + numbers[1])), words.join(" "));
  }
  // A pair of surrogates behind the middle moves nothing.
  const halves = ["日".repeat(11), `日${"\u{1f600}".repeat(5)}`];
  assert.equal(
    encodedWords(halves.join("")),
    halves.map((half) => `=?UTF-8?B?${Buffer.from(half).toString("base64")}?=`).join(" "),
  );
});

test("decodedWords: words of both forms and any known charset are decoded, and blanks between two of them go", () => {
  for (const [words, text] of [
    ["=?UTF-8?B?w6k=?=", "é"],
    ["=?utf-8?q?=c3=A9_=5F?=", "é _"],
    ["=?utf-8?b?w6k=?=", "é"],
    ["=?ISO-8859-1?Q?Keld_J=F8rn_Simonsen?=", "Keld Jørn Simonsen"],
    ["=?US-ASCII*en?Q?Keith?=", "Keith"],
    ["a =?UTF-8?Q?b?= \t =?UTF-8?Q?c?=  d  =?UTF-8?Q??=  e", "a bc  d    e"],
    ["=?UTF-8?Q?a?= b =?UTF-8?Q?c?=", "a b c"],
    ["=?UTF-8?B?77u/YQ==?=", "\ufeffa"],
    // Once: what they say may look like a word itself.
    ["=?UTF-8?Q?=3D=3FUTF-8=3FQ=3Fa=3F=3D?=", "=?UTF-8?Q?a?="],
  ] as const) {
    assert.equal(decodedWords(words), text);
  }
});

test("decodedWords: what is malformed, in no known charset, or nothing a header could give back stays as it is", () => {
  for (const value of [
    "",
    "=?",
    "=??=",
    "=?UTF-8?B?w6k?=",
    "=?UTF-8?B?w6k*?=",
    "=?UTF-8?B?w?6k=?=",
    "=?UTF-8?Q?=C3?=",
    "=?UTF-8?Q?=C?=",
    "=?UTF-8?Q?=xy?=",
    "=?UTF-8?Q?a b?=",
    "=?UTF-8?Q?é?=",
    "=?UTF-8?X?a?=",
    "=?nobody-knows?Q?a?=",
    "=??Q?a?=",
    "a=?UTF-8?Q?a?=",
    "=?UTF-8?Q?a?=,=?UTF-8?Q?b?=",
    "=?UTF-8?Q?a=0D=0Aforged:_yes?=",
  ]) {
    assert.equal(decodedWords(value), value);
  }
  // A malformed word beside one that is not.
  assert.equal(decodedWords("=?UTF-8?Q?a?= =?UTF-8?X?b?= =?UTF-8?Q?c?="), "a =?UTF-8?X?b?= c");
});

test("encodedWords, decodedWords: any text that is no ASCII comes back from words of printable US-ASCII, none above 75 characters", () => {
  const printable = fc.string({ unit: "grapheme", minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(printable, fc.nat(300), (some, position) => {
      const text = `${some.slice(0, position)}\u{1d11e}${some.slice(position)}`.toWellFormed();
      const words = encodedWords(text);
      assert.match(words, /^[\x20-\x7e]+$/);
      for (const word of words.split(" ")) assert.ok(word.length <= 75);
      assert.equal(decodedWords(words), text);
    }),
  );
});

test("decodedWords: takes linear time, whatever it is given", () => {
  for (const piece of ["=?", "=?a", "=?a?Q?", "?=", "=?UTF-8?Q?", "=?a*", " ", "=?UTF-8?Q?=", "="]) {
    const value = `=?${piece.repeat(Math.ceil(200_000 / piece.length))}`;
    const begunMs = performance.now();
    decodedWords(value);
    assert.ok(performance.now() - begunMs < 1_000, piece);
  }
});
