import type { Dialect } from "../../protocol/Dialect.ts";
import { rest } from "../../protocol/rest/rest.ts";

/** The type of what the admin API answers. */
export const JSON_TYPE = "application/json";

/**
 * The admin API's language: REST's statuses, codes, headers and ids, with errors in JSON. It has no operations of S3's: `answerAdmin` reads its
 * requests and writes its answers.
 */
export const adminDialect: Dialect = {
  ...rest,
  documentType: JSON_TYPE,
  opening: "",
  sizesErrors: true,
  renderError({ code, message, details, explanation }, { requestId, hostId }) {
    // What is not there, JSON leaves out.
    return Buffer.from(JSON.stringify({ code, message, details: Object.fromEntries(details), explanation, requestId, hostId }));
  },
};
