import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import { expectRefusal } from "../../../auth/expectRefusal.ts";
import { AXIS_DIME, AXIS_MIME } from "./axisMessages.ts";
import { dime, ENVELOPE, ENVELOPE_RECORD } from "./dimeBytes.ts";
import { begin, cutAt, drained, everywhere, lost, read } from "./reading.ts";

const BODY = Buffer.from(ENVELOPE);

for (const contentType of ["text/xml", "TEXT/XML ; charset=utf-8", 'application/soap+xml; action=""', "application/xml"]) {
  test(`readMessage: a body of ${contentType} is the envelope`, async () => {
    const expected = { envelope: ENVELOPE, mediaType: undefined, content: undefined };
    assert.deepEqual(await read({ contentType, body: BODY }, 0), expected);
    assert.deepEqual(await read({ contentType, body: BODY }, 0, everywhere(BODY)), expected);
    assert.deepEqual(await read({ contentType, body: Buffer.alloc(0) }, 0), { ...expected, envelope: "" });
  });
}

for (const contentType of [undefined, "", "text/plain", "multipart/form-data; boundary=b", "application/octet-stream"]) {
  test(`readMessage: a body of ${contentType ?? "no type"} is InvalidSOAPRequest`, async () => {
    await expectRefusal(() => begin(contentType, [BODY]), {
      code: "InvalidSOAPRequest",
      status: 400,
      message: "The SOAP request body is invalid",
      details: [],
    });
  });
}

test("readMessage: a large envelope is read whole, however its bytes arrive", async () => {
  const envelope = Buffer.from("abcdefghijklmnopqrstuvwxyz ".repeat(20_000));
  for (const places of [[], [1, 20_000, 20_001, 400_000], everywhere(envelope).filter((place) => place % 97 === 0)]) {
    assert.equal((await begin("text/xml", cutAt(envelope, places))).envelope.equals(envelope), true);
  }
});

test("readMessage: an envelope of more than the limit is MaxMessageLengthExceeded, however it is wrapped", async () => {
  const data = "x".repeat(100);
  const mime = `--b\r\n\r\n${data}\r\n--b--`;
  const messages = [
    { contentType: "text/xml", body: Buffer.from(data) },
    dime({ ...ENVELOPE_RECORD, flags: 6, data }),
    dime({ ...ENVELOPE_RECORD, flags: 5, data: data.slice(50) }, { flags: 2, typeFormat: 0, data: data.slice(50) }),
    { contentType: "multipart/related; boundary=b", body: Buffer.from(mime) },
  ];
  for (const { contentType, body } of messages) {
    assert.equal((await begin(contentType, [body], 100)).envelope.toString(), data);
    await expectRefusal(() => begin(contentType, [body], 99), {
      code: "MaxMessageLengthExceeded",
      status: 400,
      details: [["MaxMessageLengthBytes", "99"]],
    });
  }
});

test("readMessage: a connection lost anywhere is IncompleteBody", async () => {
  const alone = { contentType: "text/xml", body: BODY };
  for (const { contentType, body } of [alone, AXIS_DIME, AXIS_MIME]) {
    for (let sizeBytes = 0; sizeBytes <= body.length; sizeBytes += 29) {
      const { error } = await failureOf(contentType, lost(body.subarray(0, sizeBytes)));
      await expectRefusal(() => Promise.reject(error), { code: "IncompleteBody", status: 400 });
    }
    const { error } = await failureOf(contentType, lost(body));
    await expectRefusal(() => Promise.reject(error), {
      code: "IncompleteBody",
      status: 400,
      message: "The request body terminated unexpectedly",
      details: [],
    });
  }
});

async function failureOf(contentType: string, body: Readable): Promise<{ error: unknown }> {
  try {
    const { attachment } = await begin(contentType, body);
    await drained(attachment!.framing(5));
  } catch (error) {
    return { error };
  }
  return assert.fail("nothing was refused");
}

test("readMessage: a client that sends nothing for the idle timeout gets RequestTimeout, within envelope and attachment", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  for (const { contentType, body } of [AXIS_DIME, AXIS_MIME]) {
    for (const sizeBytes of [10, body.indexOf("ha-ha") + 2]) {
      const socket = new Readable({ read() {} });
      socket.push(body.subarray(0, sizeBytes));
      const reading = begin(contentType, socket).then(({ attachment }) => drained(attachment!.framing(5)));
      reading.catch(() => undefined);
      for (let turns = 0; turns < 5; turns += 1) await new Promise(setImmediate);
      context.mock.timers.tick(20_000);
      await expectRefusal(() => reading, { code: "RequestTimeout", status: 400 });
    }
  }
});

test("readMessage: who is done with an attachment has let go of the body, whose trailers mean nothing", async () => {
  const socket = new Readable({ read() {} });
  socket.push(AXIS_DIME.body.subarray(0, 300));
  const beginning = begin(AXIS_DIME.contentType, socket);
  await new Promise(setImmediate);
  assert.notDeepEqual(socket.eventNames(), []);
  socket.push(AXIS_DIME.body.subarray(300));
  const framing = (await beginning).attachment!.framing(5);
  assert.equal((await framing.next())?.toString(), "ha-ha");
  assert.equal(framing.trailer("x-amz-checksum-crc32"), undefined);
  framing.close();
  assert.deepEqual(socket.eventNames(), []);
});
