import { invalidArgument } from "../../../errors/invalidArgument.ts";
import { quoted } from "../../../errors/quoted.ts";
import type { RequestFilter } from "../../../journal/Journal.ts";
import type { AdminParameter } from "../AdminParameter.ts";
import type { Parameters } from "../Parameters.ts";

const TEXT = { type: "string" } as const;
const MOMENT = { type: "string", format: "date-time" } as const;
const CLASSES = ["2xx", "3xx", "4xx", "5xx"] as const;

/** The parameters that say which requests are asked for. */
export const FILTER_PARAMETERS: Readonly<Record<string, AdminParameter>> = {
  operation: { description: "S3's, IAM's or STS's name. Given several times: any of them.", schema: TEXT, repeated: true },
  bucket: { description: "The bucket that was addressed.", schema: TEXT },
  key: { description: "The whole key.", schema: TEXT },
  prefix: { description: "With what the key begins.", schema: TEXT },
  method: { description: "Of HTTP, in capitals.", schema: TEXT },
  caller: { description: "The access key id that was claimed, or the ARN of who was proven to ask.", schema: TEXT },
  status: { description: "A status, or a class of them: 404, 4xx.", schema: { type: "string", pattern: "^[1-5](?:\\d\\d|xx)$" } },
  code: { description: "The code of the error that was answered.", schema: TEXT },
  fault: { description: "The id of a planned fault that struck it.", schema: TEXT },
  since: { description: "That came at this moment or later.", schema: MOMENT },
  until: { description: "That came before this moment.", schema: MOMENT },
};

/** Which requests a query asks for. Throws InvalidArgument for a status or a moment that is none. */
export function requestFilter(query: Parameters): RequestFilter {
  return given({
    operations: query.texts("operation"),
    bucket: query.text("bucket"),
    key: query.text("key"),
    prefix: query.text("prefix"),
    method: query.text("method"),
    caller: query.text("caller"),
    status: statusOf(query.text("status")),
    errorCode: query.text("code"),
    fault: query.text("fault"),
    fromMs: query.moment("since"),
    untilMs: query.moment("until"),
  });
}

/** Those members that have a value. */
function given(members: { readonly [Name in keyof RequestFilter]: RequestFilter[Name] | undefined }): RequestFilter {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

function statusOf(text: string | undefined): RequestFilter["status"] {
  if (text === undefined) return undefined;
  const known = CLASSES.find((name) => name === text);
  if (known !== undefined) return known;
  if (/^[1-5]\d\d$/.test(text)) return Number(text);
  throw invalidArgument("status", text, {
    explanation: `status is ${quoted(text)}; it must be a status such as 404, or ${CLASSES.join(", ")}.`,
  });
}
