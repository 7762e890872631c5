import { test } from "node:test";
import { AbortMultipartUpload } from "../../../src/operations/uploads/AbortMultipartUpload.ts";
import { contextFor, refusal } from "../contextFor.ts";
import { Uploads } from "../uploads.ts";

test("AbortMultipartUpload: the upload is gone, and a second abort answers NoSuchUpload", async () => {
  const uploads = await Uploads.inNewBucket();
  const id = await uploads.begin("k");
  const parts = [await uploads.part("k", id, 1, "all")];
  const abort = () =>
    AbortMultipartUpload.handle(
      { ...uploads.target("k"), UploadId: id },
      contextFor({ store: uploads.store, bucket: uploads.bucket }),
    );
  await abort();
  await refusal(abort(), { code: "NoSuchUpload", details: { UploadId: id } });
  await refusal(uploads.complete("k", id, parts), { code: "NoSuchUpload" });
  await refusal(uploads.part("k", id, 2, "more"), { code: "NoSuchUpload" });
});
