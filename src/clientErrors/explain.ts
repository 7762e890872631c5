import type { MessageVariant } from "../errors/Explanation.ts";
import type { ClientError } from "./ClientError.ts";
import { lookUp } from "./lookUp.ts";
import type { CodeEntry } from "./lookUp.ts";
import { parseError } from "./parseError.ts";
import type { Retry } from "./RetryAdvice.ts";
import { adviceFor } from "./adviceFor.ts";

/** An error, told for a person. Each is a sentence or more. */
export interface ErrorStory {
  /** What was answered: code, HTTP status and text. */
  readonly what: string;
  /** Why: what the server says of this very request, where it does (Holdfast), and how one comes to see such an error. */
  readonly why: string;
  /** What to do about it. */
  readonly remedy: string;
  /** Whether and how to send it again. */
  readonly retry: string;
  /** Where to read more. */
  readonly docs: string;
}

const S3_ERRORS = "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html";
const QUERY_ERRORS = "https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html";
const CONNECTIONS = "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorBestPractices.html";

const WORTH: Readonly<Record<Retry, string>> = {
  no: "No.",
  asIs: "Yes, as it is.",
  slower: "Yes, but slower.",
  afterChange: "Yes, after a change.",
};

/** Tells an error for a person, from the catalogue and from what the error itself says. Takes whatever `parseError` takes; never throws. */
export function explain(input: unknown): ErrorStory {
  const error = parseError(input);
  const { retry, how } = adviceFor(error);
  return { ...storyOf(error), what: what(error), retry: `${WORTH[retry]} ${how}` };
}

function what({ kind, code, isCodeGuessed, status, message }: ClientError): string {
  const numbered = status === undefined ? code : `${code} (${status})`;
  if (isCodeGuessed) return `The answer had no error in it; its status ${status ?? "is not known, and"} mostly means ${code}.`;
  const said = message === "" ? numbered : `${numbered}: ${message}`;
  return kind === "connection" ? `No answer came, or not all of it: ${said}` : said;
}

function storyOf(error: ClientError): Pick<ErrorStory, "why" | "remedy" | "docs"> {
  const { kind, code, explanation } = error;
  if (kind !== "answer") return { ...WITHOUT_ANSWER[kind], docs: CONNECTIONS };
  const entry = lookUp(code);
  if (entry === undefined) {
    return {
      why: explanation ?? NOT_LISTED,
      remedy: "Read its text, and the documentation of what sent it.",
      docs: QUERY_ERRORS,
    };
  }
  const cause = causeOf(error.message, entry);
  return { why: explanation === undefined ? cause : `${explanation} ${cause}`, remedy: entry.remedy, docs: S3_ERRORS };
}

const NOT_LISTED = "It is none of S3's codes: IAM, STS, a proxy or a gateway sent it.";

const WITHOUT_ANSWER: Readonly<Record<"connection" | "aborted" | "unknown", Pick<ErrorStory, "why" | "remedy">>> = {
  connection: {
    why: "The connection was not made, was lost, or was silent for too long.",
    remedy: "Look at the endpoint's name and port, at proxies in between, and at the client's timeouts.",
  },
  aborted: { why: "The program, or a deadline of its own, ended the request.", remedy: "Look at who aborts it and when." },
  unknown: {
    why: "What was thrown is neither an answer of a service nor a failed connection.",
    remedy: "Look at its text and its stack.",
  },
};

/** The cause of the text that came, where the code has several; of those that it fits, the one with the most words of its own. */
function causeOf(message: string, { messages, cause }: CodeEntry): string {
  let best: MessageVariant | undefined;
  for (const variant of messages) {
    if (variant.text === message) return variant.when;
    if (fits(message, variant.text) && ownLength(variant.text) > ownLength(best?.text ?? "")) best = variant;
  }
  return best?.when ?? cause;
}

function ownLength(template: string): number {
  return template.split(BRACES).join("").length;
}

const BRACES = /\{[^{}]*\}/;

/** Whether a message is this text with anything in place of its {braces}. */
function fits(message: string, template: string): boolean {
  const pieces = template.split(BRACES);
  const last = pieces.pop()!;
  if (pieces.length === 0) return message === last;
  let at = 0;
  for (const [index, piece] of pieces.entries()) {
    const found = message.indexOf(piece, at);
    if (found === -1 || (index === 0 && found !== 0)) return false;
    at = found + piece.length;
  }
  return message.length - last.length >= at && message.endsWith(last);
}
