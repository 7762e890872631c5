import { catalogueEntry } from "./catalogue.ts";
import type { ErrorCode } from "./ErrorCode.ts";
import type { Explanation, MessageVariant } from "./Explanation.ts";
import { accessExplanations } from "./explanations/access.ts";
import { bucketsExplanations } from "./explanations/buckets.ts";
import { controlExplanations } from "./explanations/control.ts";
import { objectsExplanations } from "./explanations/objects.ts";
import { requestsExplanations } from "./explanations/requests.ts";
import { selectExplanations } from "./explanations/select.ts";
import { storageLensExplanations } from "./explanations/storageLens.ts";

const explanations: Readonly<Record<ErrorCode, Explanation>> = {
  ...accessExplanations,
  ...requestsExplanations,
  ...objectsExplanations,
  ...bucketsExplanations,
  ...selectExplanations,
  ...storageLensExplanations,
  ...controlExplanations,
};

/** What a person wants to know of a code. */
export function explanationOf(code: ErrorCode): Explanation {
  return explanations[code];
}

/** Every text S3 sends with a code, the first one first; none where no text is known. */
export function messagesOf(code: ErrorCode): readonly MessageVariant[] {
  const { message } = catalogueEntry(code);
  const { cause, messages } = explanations[code];
  return messages ?? (message === "" ? [] : [{ text: message, when: cause }]);
}
