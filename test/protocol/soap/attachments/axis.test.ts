import assert from "node:assert/strict";
import { test } from "node:test";
import { expectRefusal } from "../../../auth/expectRefusal.ts";
import { AXIS_DIME, AXIS_ENVELOPE, AXIS_MIME } from "./axisMessages.ts";
import { everywhere, read } from "./reading.ts";

const EXPECTED = { envelope: AXIS_ENVELOPE, mediaType: "text/plain", content: Buffer.from("ha-ha") };

for (const [format, message] of [
  ["DIME", AXIS_DIME],
  ["MIME", AXIS_MIME],
] as const) {
  test(`readMessage: what Axis sends in ${format} is its envelope and its attachment, wherever its bytes are cut`, async () => {
    assert.deepEqual(await read(message, 5), EXPECTED);
    assert.deepEqual(await read(message, 5, everywhere(message.body)), EXPECTED);
    for (const place of everywhere(message.body)) assert.deepEqual(await read(message, 5, [place]), EXPECTED);
  });

  test(`readMessage: what Axis sends in ${format} is IncompleteBody with both numbers where another size is announced`, async () => {
    for (const sizeBytes of [0, 4, 6]) {
      await expectRefusal(() => read(message, sizeBytes), {
        code: "IncompleteBody",
        status: 400,
        message: "You did not provide the number of bytes specified by the Content-Length HTTP header",
        details: [
          ["NumberBytesExpected", String(sizeBytes)],
          ["NumberBytesProvided", "5"],
        ],
      });
    }
  });

  test(`readMessage: what Axis sends in ${format} and comes as less than all of it is refused`, async () => {
    // The last line break of MIME may be missing: what it ends is complete.
    const end = format === "MIME" ? message.body.length - 2 : message.body.length;
    for (let sizeBytes = 0; sizeBytes < end; sizeBytes += 1) {
      const cut = { ...message, body: message.body.subarray(0, sizeBytes) };
      // Before the first boundary there is no message that could be incomplete.
      const isUnknown = format === "MIME" && sizeBytes < message.body.indexOf("Content-Type");
      await expectRefusal(() => read(cut, 5), { code: isUnknown ? "InvalidSOAPRequest" : "IncompleteBody", status: 400 });
    }
  });
}
