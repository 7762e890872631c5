const assert = require("node:assert/strict");
const { test } = require("node:test");
const { lookUp, parseError, retryStrategy } = require("holdfast/errors");

test("programs that are not ES modules require it", () => {
  assert.equal(lookUp("SlowDown").advice.retry, "slower");
  assert.equal(parseError("<Error><Code>NoSuchKey</Code></Error>").code, "NoSuchKey");
  assert.equal(retryStrategy().mode, "adaptive");
});
