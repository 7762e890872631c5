import { nearest } from "../config/nearest.ts";
import { catalogueEntry, errorCodes } from "../errors/catalogue.ts";
import type { ErrorCode } from "../errors/ErrorCode.ts";
import { explanationOf, messagesOf } from "../errors/explanationOf.ts";
import { raisedBy } from "../errors/raisedBy.ts";
import { NICKNAMES } from "./errorNicknames.ts";

/** How much a word says that is found there. */
const WEIGHTS = { name: 6, nickname: 7, status: 6, message: 3, phrase: 20, area: 2, cause: 2, remedy: 1 } as const;
/** What is left of that where only the beginning of a word is the same, or only one that is near. */
const BEGINNING_SHARE = 0.6;
/** Words that begin alike have so many letters in common at least. */
const LEAST_BEGINNING = 4;
/** A word that goes on for longer behind a known one is another one. */
const LONGEST_ENDING = 3;
/** A word that nearly every code has says this much at least. */
const LEAST_RARITY = 0.2;
/** Codes that Holdfast itself sends come before others that fit as well. */
const RAISED_FACTOR = 1.5;
/** What fits less well than this part of the best does not fit. */
const LEAST_SHARE = 0.3;
/** The same, where no code has all the words. */
const LEAST_SHARE_OF_SOME = 0.7;

/** A code of more texts than this has one for everything. */
const MOST_OWN_MESSAGES = 8;

/** Fewer words are no message that somebody has seen. */
const LEAST_PHRASE_WORDS = 3;

/** Words of questions that say nothing of the error. */
const FILLERS: ReadonlySet<string> = new Set(
  "a an and are at aws be by can code did do does error errors for from get getting got has have how http i in is it me my no not of on or s3 says that the this to too was what when why with".split(
    " ",
  ),
);

/** A code, and what each word in its texts weighs. */
interface IndexedCode {
  readonly code: ErrorCode;
  readonly weights: ReadonlyMap<string, number>;
}

/** A code that words are about. */
export interface FoundError {
  readonly code: ErrorCode;
  /** That of its texts which has most of the words; "" where it has none. */
  readonly message: string;
}

/** The codes that words are about, those that fit best first; none where no code fits. */
export function searchErrors(text: string): readonly FoundError[] {
  const index = errorCodes().map(indexed);
  const given = wordsIn(text);
  const telling = given.filter((word) => !FILLERS.has(word));
  const wanted = [...new Set((telling.length > 0 ? telling : given).map(stem))];
  const vocabulary = [...new Set(index.flatMap(({ weights }) => [...weights.keys()]))];
  const hitsByWord = wanted.map((word) => hitsOf(alike(word, vocabulary), index));
  const scored = index.map(({ code }, at) => {
    const hits = hitsByWord.map((ofWord) => ofWord[at]!);
    const sum = hits.reduce((total, hit) => total + hit, 0) * (raisedBy[code] === undefined ? 1 : RAISED_FACTOR);
    return { code, score: sum + (says(code, text) ? WEIGHTS.phrase : 0), hasAll: hits.every((hit) => hit > 0) };
  });
  const whole = scored.filter(({ hasAll }) => hasAll && wanted.length > 0);
  const fitting = (whole.length > 0 ? whole : scored).toSorted((one, other) => other.score - one.score);
  const least = (fitting[0]?.score ?? 0) * (whole.length > 0 ? LEAST_SHARE : LEAST_SHARE_OF_SOME);
  const found = fitting.filter(({ score }) => score > 0 && score >= least);
  return found.map(({ code }) => ({ code, message: fittingMessage(code, wanted) }));
}

/** Whether a code's texts have all of what was given, as it is: a message that somebody has seen, or some words of it. */
function says(code: ErrorCode, given: string): boolean {
  const phrase = given.trim().toLowerCase();
  return (
    phrase.split(" ").length >= LEAST_PHRASE_WORDS && messagesOf(code).some(({ text }) => text.toLowerCase().includes(phrase))
  );
}

function fittingMessage(code: ErrorCode, wanted: readonly string[]): string {
  const counted = messagesOf(code).map(({ text, when }) => {
    const stems = new Set(wordsIn(`${text} ${when}`).map(stem));
    return { text, count: wanted.filter((word) => stems.has(word)).length };
  });
  return counted.toSorted((one, other) => other.count - one.count)[0]?.text ?? "";
}

/** How well each code of an index fits one of the words asked for, given the terms that are as good as it. */
function hitsOf(terms: ReadonlyMap<string, number>, index: readonly IndexedCode[]): readonly number[] {
  const weights = index.map((one) =>
    [...terms].reduce((most, [term, share]) => Math.max(most, share * (one.weights.get(term) ?? 0)), 0),
  );
  const count = weights.filter((weight) => weight > 0).length;
  const rarity = Math.max(LEAST_RARITY, Math.log(index.length / Math.max(count, 1)));
  return weights.map((weight) => weight * rarity);
}

/** The words of a vocabulary that are as good as a word, each with the share of its weight that counts. */
function alike(word: string, vocabulary: readonly string[]): ReadonlyMap<string, number> {
  const begins = vocabulary.filter(
    (other) =>
      (word.length >= LEAST_BEGINNING && other.startsWith(word)) ||
      (other.length >= LEAST_BEGINNING && other.length + LONGEST_ENDING >= word.length && word.startsWith(other)),
  );
  const found = new Map(begins.map((other) => [other, BEGINNING_SHARE]));
  if (vocabulary.includes(word)) found.set(word, 1);
  const misspelt = found.size === 0 && !/\d/.test(word) ? nearest(word, vocabulary) : undefined;
  return misspelt === undefined ? found : new Map([[misspelt, BEGINNING_SHARE]]);
}

function indexed(code: ErrorCode): IndexedCode {
  const { cause, remedy, areas } = explanationOf(code);
  const messages = messagesOf(code);
  const texts: readonly (readonly [text: string, weight: number])[] = [
    [code, WEIGHTS.name],
    [NICKNAMES[code] ?? "", WEIGHTS.nickname],
    [String(catalogueEntry(code).status), WEIGHTS.status],
    // What has a text for everything is about nothing in particular.
    [messages.map(({ text }) => text).join(" "), messages.length > MOST_OWN_MESSAGES ? WEIGHTS.cause : WEIGHTS.message],
    [areas.join(" "), WEIGHTS.area],
    [`${cause} ${messages.map(({ when }) => when).join(" ")}`, WEIGHTS.cause],
    [remedy, WEIGHTS.remedy],
  ];
  const weights = new Map<string, number>();
  for (const [text, weight] of texts) {
    for (const word of wordsIn(text)) weights.set(stem(word), Math.max(weight, weights.get(stem(word)) ?? 0));
  }
  return { code, weights };
}

/** The words of a text, and those that a name is made of. */
function wordsIn(text: string): readonly string[] {
  const apart = text.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, " ");
  return apart.toLowerCase().match(/[a-z0-9]+/g) ?? [];
}

/** A word without its ending, so that its forms are one: "parts", "expired". */
function stem(word: string): string {
  if (word.length <= LEAST_BEGINNING) return word.replace(/(?<=[a-z][^s])s$/, "");
  const bare = word.replace(/(?:ing|ed|es|(?<!s)s)$/, "");
  return bare.replace(/y$/, "i").replace(/(?<=..)e$/, "");
}
