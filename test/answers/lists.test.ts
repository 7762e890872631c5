import { invalidArgument, refusals } from "./refusals.ts";

/** What goes wrong with lists: their limits, markers, tokens and encodings. */

refusals("ListObjects", [
  {
    cause: "a limit that is no number",
    asked: { method: "GET", path: "/bucket", query: { "max-keys": "many" } },
    stage: "early",
    answer: invalidArgument(
      "Provided max-keys not an integer or within integer range",
      "max-keys",
      "many",
      'max-keys is "many"; it must be a whole number below 2^31.',
    ),
  },
  {
    cause: "a limit beyond all integers",
    asked: { method: "GET", path: "/bucket", query: { "max-keys": "2147483648" } },
    stage: "early",
    answer: invalidArgument(
      "Provided max-keys not an integer or within integer range",
      "max-keys",
      "2147483648",
      'max-keys is "2147483648"; it must be a whole number below 2^31.',
    ),
  },
  {
    cause: "a negative limit",
    asked: { method: "GET", path: "/bucket", query: { "max-keys": "-1" } },
    answer: invalidArgument(
      "Argument maxKeys must be an integer between 0 and 2147483647",
      "maxKeys",
      "-1",
      "maxKeys is -1; a page of a list has 0 to 1000 items.",
    ),
  },
  {
    cause: "an unknown encoding",
    asked: { method: "GET", path: "/bucket", query: { "encoding-type": "base64" } },
    answer: invalidArgument(
      "Invalid Encoding Method specified in Request",
      "encoding-type",
      "base64",
      'encoding-type is "base64"; it can be url.',
    ),
  },
  {
    cause: "a key to start after",
    asked: { method: "GET", path: "/bucket", query: { "start-after": "a" } },
    answer: invalidArgument(
      "startAfter only supported in REST.GET.BUCKET with list-type=2",
      "start-after",
      "a",
      'start-after is "a"; add list-type=2 to the query, or send the key as marker.',
    ),
  },
]);

refusals("ListObjectsV2", [
  {
    cause: "a limit that is no number",
    asked: { method: "GET", path: "/bucket", query: { "list-type": "2", "max-keys": "1.5" } },
    stage: "early",
    answer: invalidArgument(
      "Provided max-keys not an integer or within integer range",
      "max-keys",
      "1.5",
      'max-keys is "1.5"; it must be a whole number below 2^31.',
    ),
  },
  {
    cause: "a limit below all integers",
    asked: { method: "GET", path: "/bucket", query: { "list-type": "2", "max-keys": "-2147483649" } },
    stage: "early",
    answer: invalidArgument(
      "Provided max-keys not an integer or within integer range",
      "max-keys",
      "-2147483649",
      'max-keys is "-2147483649"; it must be a whole number below 2^31.',
    ),
  },
  {
    cause: "a limit with a plus",
    asked: { method: "GET", path: "/bucket", query: { "list-type": "2", "max-keys": "+5" } },
    stage: "early",
    answer: invalidArgument(
      "Provided max-keys not an integer or within integer range",
      "max-keys",
      "+5",
      'max-keys is "+5"; it must be a whole number below 2^31.',
    ),
  },
  ...["-2147483648", "-01"].map((value) => ({
    cause: `a limit of ${value}`,
    asked: { method: "GET", path: "/bucket", query: { "list-type": "2", "max-keys": value } },
    answer: invalidArgument(
      "Argument maxKeys must be an integer between 0 and 2147483647",
      "maxKeys",
      String(Number(value)),
      `maxKeys is ${Number(value)}; a page of a list has 0 to 1000 items.`,
    ),
  })),
  ...["/bucket", "/bucket?list-type=2", "/bucket?versions", "/bucket?uploads"].map((target) => ({
    cause: `an empty encoding of ${target}`,
    asked: {
      method: "GET",
      path: "/bucket",
      query: { ...Object.fromEntries(new URLSearchParams(target.split("?")[1])), "encoding-type": "" },
    },
    answer: invalidArgument(
      "Invalid Encoding Method specified in Request",
      "encoding-type",
      "",
      'encoding-type is ""; it can be url.',
    ),
  })),
  {
    cause: "a token that is none",
    asked: { method: "GET", path: "/bucket", query: { "list-type": "2", "continuation-token": "x" } },
    answer: invalidArgument(
      "The continuation token provided is incorrect",
      "continuation-token",
      undefined,
      'continuation-token is "x", which is no token of this list; send the NextContinuationToken of the page before, unchanged. To begin at a key of your choice send start-after.',
    ),
  },
  {
    cause: "an unknown encoding",
    asked: { method: "GET", path: "/bucket", query: { "list-type": "2", "encoding-type": "utf-8" } },
    answer: invalidArgument(
      "Invalid Encoding Method specified in Request",
      "encoding-type",
      "utf-8",
      'encoding-type is "utf-8"; it can be url.',
    ),
  },
  {
    cause: "an owner neither wanted nor not",
    asked: { method: "GET", path: "/bucket", query: { "list-type": "2", "fetch-owner": "perhaps" } },
    answer: invalidArgument(
      "The value of fetch-owner is not valid for ListObjectsV2.",
      "fetch-owner",
      "perhaps",
      'fetch-owner is "perhaps"; it can be true, false.',
    ),
  },
]);

refusals("ListObjectVersions", [
  {
    cause: "a limit that is no number",
    asked: { method: "GET", path: "/bucket", query: { versions: "", "max-keys": "all" } },
    stage: "early",
    answer: invalidArgument(
      "Provided max-keys not an integer or within integer range",
      "max-keys",
      "all",
      'max-keys is "all"; it must be a whole number below 2^31.',
    ),
  },
  {
    cause: "a negative limit",
    asked: { method: "GET", path: "/bucket", query: { versions: "", "max-keys": "-1" } },
    answer: invalidArgument(
      "max-keys cannot be negative",
      "max-keys",
      undefined,
      "max-keys is -1; a page of a list has 0 to 1000 items.",
    ),
  },
  {
    cause: "a version without a key",
    asked: { method: "GET", path: "/bucket", query: { versions: "", "version-id-marker": "null" } },
    answer: invalidArgument(
      "A version-id marker cannot be specified without a key marker.",
      "version-id-marker",
      "null",
      'version-id-marker is "null" and key-marker ""; send both, as NextKeyMarker and NextVersionIdMarker of the page before, or key-marker alone.',
    ),
  },
  {
    cause: "an empty version",
    asked: { method: "GET", path: "/bucket", query: { versions: "", "key-marker": "key", "version-id-marker": "" } },
    answer: invalidArgument(
      "A version-id marker cannot be empty.",
      "version-id-marker",
      "",
      'version-id-marker is "" and key-marker "key"; send both, as NextKeyMarker and NextVersionIdMarker of the page before, or key-marker alone.',
    ),
  },
  {
    cause: "a version that is none",
    asked: { method: "GET", path: "/bucket", query: { versions: "", "key-marker": "key", "version-id-marker": "v1" } },
    answer: invalidArgument(
      "Invalid version id specified",
      "version-id-marker",
      "v1",
      'A version id has 32 letters, digits, dots, dashes and underscores, or is "null"; "v1" came.',
    ),
  },
  {
    cause: "an unknown encoding",
    asked: { method: "GET", path: "/bucket", query: { versions: "", "encoding-type": "none" } },
    answer: invalidArgument(
      "Invalid Encoding Method specified in Request",
      "encoding-type",
      "none",
      'encoding-type is "none"; it can be url.',
    ),
  },
]);

refusals("ListMultipartUploads", [
  {
    cause: "a limit that is no number",
    asked: { method: "GET", path: "/bucket", query: { uploads: "", "max-uploads": "few" } },
    stage: "early",
    answer: invalidArgument(
      "Provided max-uploads not an integer or within integer range",
      "max-uploads",
      "few",
      'max-uploads is "few"; it must be a whole number below 2^31.',
    ),
  },
  {
    cause: "a negative limit",
    asked: { method: "GET", path: "/bucket", query: { uploads: "", "max-uploads": "-5" } },
    answer: invalidArgument(
      "Argument max-uploads must be an integer between 0 and 2147483647",
      "max-uploads",
      "-5",
      "max-uploads is -5; a page of a list has 0 to 1000 items.",
    ),
  },
  {
    cause: "an upload that is none",
    asked: { method: "GET", path: "/bucket", query: { uploads: "", "key-marker": "a", "upload-id-marker": "x" } },
    answer: invalidArgument(
      "Invalid uploadId marker",
      "upload-id-marker",
      "x",
      'upload-id-marker is "x", no upload id of the key in key-marker, "a"; send the NextKeyMarker and NextUploadIdMarker of the page before.',
    ),
  },
  {
    cause: "an upload of another key",
    asked: {
      method: "GET",
      path: "/bucket",
      query: { uploads: "", "key-marker": "key", "upload-id-marker": "{uploadId}" },
    },
    answer: invalidArgument(
      "Invalid uploadId marker",
      "upload-id-marker",
      "{uploadId}",
      'upload-id-marker is "{uploadId}", no upload id of the key in key-marker, "key"; send the NextKeyMarker and NextUploadIdMarker of the page before.',
    ),
  },
  {
    cause: "an unknown encoding",
    asked: { method: "GET", path: "/bucket", query: { uploads: "", "encoding-type": "none" } },
    answer: invalidArgument(
      "Invalid Encoding Method specified in Request",
      "encoding-type",
      "none",
      'encoding-type is "none"; it can be url.',
    ),
  },
]);

refusals("ListParts", [
  {
    cause: "a limit that is no number",
    asked: { method: "GET", path: "/bucket/upload", query: { uploadId: "{uploadId}", "max-parts": "few" } },
    stage: "early",
    answer: invalidArgument(
      "Provided max-parts not an integer or within integer range",
      "max-parts",
      "few",
      'max-parts is "few"; it must be a whole number below 2^31.',
    ),
  },
  {
    cause: "a negative limit",
    asked: { method: "GET", path: "/bucket/upload", query: { uploadId: "{uploadId}", "max-parts": "-1" } },
    answer: invalidArgument(
      "Argument max-parts must be an integer between 0 and 2147483647",
      "max-parts",
      "-1",
      "max-parts is -1; a page of a list has 0 to 1000 items.",
    ),
  },
  {
    cause: "a marker that is no number",
    asked: { method: "GET", path: "/bucket/upload", query: { uploadId: "{uploadId}", "part-number-marker": "x" } },
    answer: invalidArgument(
      "Provided part-number-marker not an integer or within integer range",
      "part-number-marker",
      "x",
      'part-number-marker is "x"; it must be a whole number below 2^31.',
    ),
  },
  {
    cause: "a negative part to go on behind",
    asked: { method: "GET", path: "/bucket/upload", query: { uploadId: "{uploadId}", "part-number-marker": "-2" } },
    answer: invalidArgument(
      "Argument part-number-marker must be an integer between 0 and 2147483647",
      "part-number-marker",
      "-2",
      "part-number-marker is -2; send the NextPartNumberMarker of the page before, or leave it out.",
    ),
  },
  {
    cause: "an upload that is not there",
    asked: { method: "GET", path: "/bucket/upload", query: { uploadId: "x" } },
    answer: {
      status: 404,
      code: "NoSuchUpload",
      message:
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
      details: { UploadId: "x" },
      says: 'No upload "x" is under way for this key; it may have been completed or aborted, or belong to another key.',
    },
  },
  {
    cause: "an upload of another key",
    asked: { method: "GET", path: "/bucket/key", query: { uploadId: "{uploadId}" } },
    answer: {
      status: 404,
      code: "NoSuchUpload",
      message:
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
      details: { UploadId: "{uploadId}" },
      says: 'No upload "{uploadId}" is under way for this key; it may have been completed or aborted, or belong to another key.',
    },
  },
]);
