import type { AdminOperation } from "../AdminOperation.ts";
import { REQUESTS_ARN } from "../AdminOperation.ts";
import { object, reference, text } from "../description/schema.ts";
import { findRecord } from "./findRecord.ts";
import { toldRequest } from "../../../journal/toldRequest.ts";

/** Shows one request whole, and explains it. */
export const ExplainRequest: AdminOperation = {
  name: "ExplainRequest",
  method: "GET",
  path: "/-/requests/{id}",
  summary: "Shows the record of a request with its story, and says where it stopped, why, and what to change.",
  resource: REQUESTS_ARN,
  parameters: {},
  answers: {
    description: "The record, what it comes to, and that as text for people.",
    schema: object({ request: reference("RequestRecord"), explained: reference("Explained"), text: text() }),
  },
  errors: { NoSuchResource: "The journal has no such request, or not any more." },
  async handle(call) {
    const request = await findRecord(call);
    return { request, ...(await toldRequest(request)) };
  },
};
