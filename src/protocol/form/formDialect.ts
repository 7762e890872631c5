import { S3Error } from "../../errors/S3Error.ts";
import type { BodyReading, Dialect } from "../Dialect.ts";
import type { OperationName, PutObjectOutput } from "../generated/types.ts";
import { rest } from "../rest/rest.ts";
import { BodyReader } from "../streaming/BodyReader.ts";
import { parseContentType } from "../streaming/multipart/contentType.ts";
import { MultipartReader } from "../streaming/multipart/MultipartReader.ts";
import { declaredSize } from "../streaming/openPayload.ts";
import type { WireRequest } from "../WireRequest.ts";
import { formAnswer } from "./formAnswer.ts";
import { malformedForm } from "./formErrors.ts";
import { FormRequest, LOGGED_FORM } from "./FormRequest.ts";
import { readForm } from "./readForm.ts";

const ERRORS = { malformed: malformedForm, unfinished: malformedForm };

/**
 * Uploads by browsers' forms, for one of them: what it asks is a PUT of REST's, said by its fields, which also say how it is answered. Its errors
 * are REST's.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
 */
export function formDialect(): Dialect<OperationName> {
  let request: FormRequest;
  return {
    ...rest,
    async route(sent, reading) {
      try {
        request = await readRequest(sent, reading);
        return request;
      } catch (error) {
        if (!(error instanceof S3Error)) throw error;
        return { operation: undefined, refusal: error, loggedAs: LOGGED_FORM };
      }
    },
    async encode(operation, output, beside, ids) {
      const encoded = await rest.encode(operation, output, beside, ids);
      return formAnswer(encoded, (output as PutObjectOutput).ETag!, request);
    },
  };
}

async function readRequest(sent: WireRequest, { idleTimeoutMs, beforeFirstRead }: BodyReading): Promise<FormRequest> {
  const sizeBytes = declaredSize(sent, false, "streaming");
  const { parameters } = parseContentType(sent.headers.get("content-type") ?? "");
  const reader = new BodyReader(sent.body, idleTimeoutMs);
  try {
    const parts = new MultipartReader(reader, parameters.get("boundary"), ERRORS);
    beforeFirstRead?.();
    const form = await readForm(parts, reader);
    const maxSizeBytes = Math.max(0, sizeBytes - reader.takenSizeBytes - parts.minTailSizeBytes);
    return new FormRequest(sent, { ...form, parts, reader, maxSizeBytes });
  } finally {
    // The file is read only if nothing is wrong before.
    reader.close();
  }
}
