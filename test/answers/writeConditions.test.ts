import type { Row } from "./refusals.ts";
import { refusals } from "./refusals.ts";

/** What goes wrong with the conditions of a write. */

const BODY = "hello";

function put(headers: Readonly<Record<string, string>>): Row["asked"] {
  return { method: "PUT", path: "/bucket/new", headers, body: BODY };
}

const NOT_IMPLEMENTED = "A header you provided implies functionality that is not implemented";

refusals("PutObject", [
  {
    cause: "an If-None-Match with an ETag",
    asked: put({ "If-None-Match": '"e"' }),
    answer: {
      status: 501,
      code: "NotImplemented",
      message: NOT_IMPLEMENTED,
      details: {
        Header: "If-None-Match",
        additionalMessage: "We don't accept the provided value of If-None-Match header for this API",
      },
      says: 'A write takes If-None-Match only with the value *, which means "if there is no such object"; "e" came.',
    },
  },
  {
    cause: "an If-Match with any object",
    asked: put({ "If-Match": "*" }),
    answer: {
      status: 501,
      code: "NotImplemented",
      message: NOT_IMPLEMENTED,
      details: {
        Header: "If-Match",
        additionalMessage: "We don't accept the provided value of If-Match header for this API",
      },
      says: "A write takes If-Match only with the ETag of the object it is to replace; * came, which only deletes take.",
    },
  },
  {
    cause: "both conditions",
    asked: put({ "If-Match": '"e"', "If-None-Match": '"e"' }),
    answer: {
      status: 501,
      code: "NotImplemented",
      message: NOT_IMPLEMENTED,
      details: {
        Header: "If-Match,If-None-Match",
        additionalMessage: "Multiple conditional request headers present in the request",
      },
      says: "If-Match asks that the object exists and If-None-Match: * that it does not; send one of the two.",
    },
  },
  {
    cause: "an object that is there against If-None-Match",
    asked: { method: "PUT", path: "/bucket/key", headers: { "If-None-Match": "*" }, body: BODY },
    answer: {
      status: 412,
      code: "PreconditionFailed",
      message: "At least one of the pre-conditions you specified did not hold",
      details: { Condition: "If-None-Match" },
      says: "If-None-Match: * asks that no object exists under this key, but one does.",
    },
  },
  {
    cause: "another object than If-Match names",
    asked: { method: "PUT", path: "/bucket/key", headers: { "If-Match": '"other"' }, body: BODY },
    answer: {
      status: 412,
      code: "PreconditionFailed",
      message: "At least one of the pre-conditions you specified did not hold",
      details: { Condition: "If-Match" },
      says: 'If-Match is "other", and the object under this key has another ETag: read it again before writing.',
    },
  },
  {
    cause: "no object for If-Match",
    asked: put({ "If-Match": '"other"' }),
    answer: {
      status: 404,
      code: "NoSuchKey",
      message: "The specified key does not exist.",
      details: { Key: "new" },
      says: 'If-Match is "other", which can only hold for an object that exists, and there is none under this key.',
    },
  },
]);
