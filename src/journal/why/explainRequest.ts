import type { RequestRecord, Stage } from "../RequestRecord.ts";
import { STAGES } from "../RequestRecord.ts";
import { explainAccess } from "./explainAccess.ts";
import { explainCode } from "./explainCode.ts";
import { explainCondition, failedConditionOf } from "./explainCondition.ts";
import type { AskedRequest, Explained, StageTime } from "./Explained.ts";
import { explainFaults, faultsOf } from "./explainFaults.ts";
import { explainSignature } from "./explainSignature.ts";

/** What helps to explain a request. */
export interface ExplainOptions {
  /**
   * What the client signed by its own account: its canonical request or its string to sign, told apart by their form. It is compared with the
   * server's line by line. Line ends of Windows and empty lines at the end do not count.
   */
  readonly canonical?: string;
}

/** The stage that a request was in when its time went. */
const DOING: Readonly<Record<Stage, string>> = {
  head: "reading its head",
  authentication: "finding out who sent it",
  authorization: "finding out whether they may",
  input: "reading its input",
  execution: "doing it",
  answer: "sending the answer",
};

/** Explains a request from its record and the catalogue of errors alone. A function of its arguments. */
export function explainRequest(record: RequestRecord, { canonical }: ExplainOptions = {}): Explained {
  const { requestId, hostId, status, errorCode, milliseconds, story } = record;
  const isRefused = errorCode !== undefined || status >= 300;
  const parts = isRefused ? refusalOf(record) : successOf(record);
  const isAboutSignature = errorCode === "SignatureDoesNotMatch" || canonical !== undefined;
  const signature = isAboutSignature ? explainSignature(record, canonical) : undefined;
  const faults = faultsOf(record);
  const struck = faults.length === 0 ? undefined : explainFaults(faults);
  // What a comparison found says more than what can be said of any such refusal.
  const compared = canonical !== undefined && signature?.signature.difference !== undefined;
  const own = compared && errorCode === "SignatureDoesNotMatch" ? { why: [], change: [] } : parts;
  return {
    requestId,
    hostId,
    asked: askedOf(record),
    outcome: outcomeOf(record),
    ...(isRefused && {
      stopped: {
        stage: story?.stage ?? "answer",
        status,
        ...(errorCode !== undefined && { code: errorCode }),
        ...(story?.error !== undefined && { message: story.error.message }),
      },
    }),
    why: distinct([...(struck?.why ?? []), ...own.why, ...(signature?.why ?? [])]),
    change: distinct([...(struck?.change ?? []), ...(signature?.change ?? []), ...own.change]),
    ...(parts.access !== undefined && { access: parts.access }),
    ...(signature !== undefined && { signature: signature.signature }),
    ...(parts.condition !== undefined && { condition: parts.condition }),
    ...(faults.length > 0 && { faults }),
    ...(story?.stack !== undefined && { stack: story.stack }),
    stages: stagesOf(record),
    milliseconds,
  };
}

type Parts = Pick<Explained, "why" | "change" | "access" | "condition">;

function refusalOf(record: RequestRecord): Parts {
  const { errorCode, status, story } = record;
  if (errorCode === undefined) return bareRefusal(record);
  const said = explainCode(record);
  const explanation = story?.error?.explanation;
  const own = explanation === undefined ? [] : [explanation];
  if (errorCode === "AccessDenied") {
    const found = explainAccess(record);
    if (found !== undefined) {
      // What is said to callers is told with more below, unless it is of one operation.
      const isUsual = explanation?.endsWith(`this needs ${found.access.action}.`) === true;
      return { access: found.access, why: [...(isUsual ? [] : own), ...found.why], change: found.change };
    }
  }
  const condition = failedConditionOf(record);
  if (condition !== undefined) {
    const found = explainCondition(condition, record);
    const isPlain = errorCode === "PreconditionFailed" || errorCode === "NotModified";
    return {
      condition,
      why: isPlain ? [found.why] : [...said.why, found.why],
      change: [...found.change, ...(isPlain ? [] : said.change)],
    };
  }
  const hasFailed = story?.stack !== undefined && (status >= 500 || errorCode === "InternalError");
  // Where a fault was planned, nothing failed of itself.
  const found = hasFailed && faultsOf(record).length === 0 ? failureOf(record, said) : said;
  if (status >= 300) return found;
  const begun = `The answer had begun with ${status} before this was known: the error stands in its body, or its connection was cut.`;
  return {
    why: [...found.why, begun],
    change: [...found.change, "Do not take the status for success: read the body to its end, and look for an Error in it."],
  };
}

/** Where the server failed, and something was thrown. */
function failureOf({ operation, story }: RequestRecord, said: Parts): Parts {
  const [first = ""] = story!.stack!.split("\n", 1);
  if (first.startsWith("AbortError"))
    return {
      why: ["The client went away before its answer was ready, and the work was given up."],
      change: ["Look at the client's own time limits, and at proxies in between: one of them ended the connection."],
    };
  const what = `${operation ?? "The request"} failed inside the server: ${first}`;
  return {
    why: [`${what}${/[.!?]$/.test(first) ? "" : "."}`, ...said.why],
    change: [...said.change, "If the stack below shows a defect of Holdfast, report it with this story; it holds no secrets."],
  };
}

/** Answers that have no code: what came was no request of S3's. */
function bareRefusal({ status, target }: RequestRecord): Parts {
  if (status < 400)
    return {
      why: [`The answer was ${status}: what was asked for lies elsewhere.`],
      change: ["Follow the Location of the answer."],
    };
  if (status === 501)
    return {
      why: ["The body came in a Transfer-Encoding that S3 does not take, and was not read."],
      change: ["Send the body with a Content-Length, or in chunks (Transfer-Encoding: chunked) and in no other coding."],
    };
  if (status >= 500)
    return {
      why: [`The server answered ${status} without a body: it takes no requests at the moment.`],
      change: ["Try again with growing pauses."],
    };
  return {
    why: [
      `The answer was ${status} without a code: the head, or the path ${target}, is nothing that S3 reads. A path whose ".." leads out of its bucket is answered so.`,
    ],
    change: ["Look at what the client and the proxies in between really send."],
  };
}

function successOf(record: RequestRecord): Parts {
  const { status, milliseconds, receivedSizeBytes, sentSizeBytes, attempt } = record;
  const longest = stagesOf(record).toSorted((one, other) => other.milliseconds - one.milliseconds)[0];
  const why = [
    `It succeeded with ${status} in ${shown(milliseconds)} ms; ${receivedSizeBytes} bytes of a body came, ${sentSizeBytes} went.`,
  ];
  if (longest !== undefined) why.push(`Most of its time (${shown(longest.milliseconds)} ms) went into ${DOING[longest.stage]}.`);
  if (attempt !== undefined && attempt > 1)
    why.push(`It was try ${attempt} of its call: the ones before have records of their own, under the same invocation id.`);
  return { why, change: [] };
}

function outcomeOf({ status, errorCode, faults }: RequestRecord): Explained["outcome"] {
  if (status === 304) return "unchanged";
  if (status >= 300 && status < 400) return "redirected";
  if (status >= 500 || (status < 400 && errorCode !== undefined)) return "failed";
  if (status >= 400) return faults === undefined || faults.length === 0 ? "refused" : "failed";
  return "done";
}

function askedOf(record: RequestRecord): AskedRequest {
  const {
    atMs,
    method,
    target,
    operation,
    bucket,
    key,
    versionId,
    uploadId,
    partNumber,
    caller,
    accessKeyId,
    userAgent,
    attempt,
  } = record;
  return {
    atMs,
    method,
    target,
    ...(operation !== undefined && { operation }),
    ...(bucket !== undefined && { bucket }),
    ...(key !== undefined && { key }),
    ...(versionId !== undefined && { versionId }),
    ...(uploadId !== undefined && { uploadId }),
    ...(partNumber !== undefined && { partNumber }),
    ...(caller !== undefined && { caller }),
    ...(accessKeyId !== undefined && { accessKeyId }),
    remoteAddress: record.remoteAddress,
    ...(userAgent !== undefined && { userAgent }),
    ...(attempt !== undefined && { attempt }),
  };
}

function stagesOf({ stages }: RequestRecord): StageTime[] {
  return stages.flatMap((milliseconds, index) => {
    const stage = STAGES[index];
    return stage === undefined ? [] : [{ stage, milliseconds }];
  });
}

function distinct(sentences: readonly string[]): string[] {
  return [...new Set(sentences)];
}

/** Milliseconds with so many digits as mean something. */
function shown(milliseconds: number): string {
  return milliseconds >= 100 ? String(Math.round(milliseconds)) : String(Number(milliseconds.toPrecision(2)));
}
