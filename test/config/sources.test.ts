import assert from "node:assert/strict";
import { test } from "node:test";
import { load, refusal } from "./load.ts";

const HELP = "See holdfast --help.";
const ANN = { name: "ann", accessKeyId: "HFANNANNANNANNANNANN", secretAccessKey: "ann's own secret key".replaceAll(" ", "-") };

test("Sources: arguments count before variables, these before the file, and that before the defaults", () => {
  const file = { port: 1, region: "file", host: "file.example" };
  const environment = { HOLDFAST_PORT: "2", HOLDFAST_REGION: "variable" };
  const { port, region, host, durability } = load({ args: ["--port", "3"], environment, file });
  assert.deepEqual(
    { port, region, host, durability },
    { port: 3, region: "variable", host: "file.example", durability: "synced" },
  );
});

test("Sources: a variable that is set to nothing is not set", () => {
  const environment = { HOLDFAST_PORT: "", HOLDFAST_CONFIG: "", HOLDFAST_ACCESS_KEY_ID: "", HOLDFAST_SECRET_ACCESS_KEY: "" };
  const { port, firstUser } = load({ environment });
  assert.equal(port, 9000);
  assert.equal(firstUser, undefined);
});

test("Sources: every --region counts, and one alone is no list", () => {
  const region = ["us-east-1", "eu-west-1"];
  assert.deepEqual(load({ args: ["--region=us-east-1", "--region", "eu-west-1"] }).region, region);
  assert.deepEqual(load({ environment: { HOLDFAST_REGION: "us-east-1,eu-west-1" } }).region, region);
  assert.deepEqual(load({ file: { region } }).region, region);
  assert.equal(load({ args: ["--region", "eu-west-1"] }).region, "eu-west-1");
});

test("Sources: of a flag given twice the last counts, but every --domain", () => {
  const { port, domains } = load({ args: ["--port=1", "--domain=a.example", "--port=2", "--domain=b.example"] });
  assert.equal(port, 2);
  assert.deepEqual(domains, ["a.example", "b.example"]);
  assert.deepEqual(load({ environment: { HOLDFAST_DOMAIN: "a.example,b.example" } }).domains, domains);
  assert.deepEqual(load({ file: { domains } }).domains, domains);
});

test("Arguments: an unknown option is refused, with the one that was meant", () => {
  assert.equal(
    refusal(() => load({ args: ["--prot", "1"] })),
    `There is no option --prot; did you mean --port? ${HELP}`,
  );
  assert.equal(
    refusal(() => load({ args: ["--tls-crt=x"] })),
    `There is no option --tls-crt; did you mean --tls-cert? ${HELP}`,
  );
  assert.equal(
    refusal(() => load({ args: ["--colour", "red"] })),
    `There is no option --colour. ${HELP}`,
  );
  assert.equal(
    refusal(() => load({ args: ["-p", "1"] })),
    `There is no option -p. ${HELP}`,
  );
  assert.equal(
    refusal(() => load({ args: ["--constructor", "1"] })),
    `There is no option --constructor. ${HELP}`,
  );
});

test("Arguments: an option without a value, and a value without an option, are refused", () => {
  assert.equal(
    refusal(() => load({ args: ["--port"] })),
    `--port needs a value. ${HELP}`,
  );
  assert.equal(
    refusal(() => load({ args: ["--data", "--port", "1"] })),
    "--data needs a value, and --port looks like another option; if it is meant: --data=--port",
  );
  assert.equal(
    refusal(() => load({ args: ["9000"] })),
    `The argument "9000" has no meaning here. ${HELP}`,
  );
  assert.equal(
    refusal(() => load({ args: ["--", "9000"] })),
    `The argument "9000" has no meaning here. ${HELP}`,
  );
});

test("Variables: one that is nearly an option's is refused, others are left alone", () => {
  assert.equal(
    refusal(() => load({ environment: { HOLDFAST_DURABILTY: "written" } })),
    `There is no variable HOLDFAST_DURABILTY; did you mean HOLDFAST_DURABILITY? ${HELP}`,
  );
  assert.equal(
    refusal(() => load({ environment: { HOLDFAST_SECRET_ACCES_KEY: "x" } })),
    `There is no variable HOLDFAST_SECRET_ACCES_KEY; did you mean HOLDFAST_SECRET_ACCESS_KEY? ${HELP}`,
  );
  const kubernetes = {
    HOLDFAST_SERVICE_HOST: "10.0.0.1",
    HOLDFAST_SERVICE_PORT: "9000",
    HOLDFAST_PORT_9000_TCP: "tcp://10.0.0.1:9000",
  };
  assert.equal(load({ environment: { ...kubernetes, HOLDFAST_TEST: "1", HOLDFAST_HOME: "/opt" } }).port, 9000);
});

test("Option file: an unknown option is refused, with the one that was meant", () => {
  const beginning = "The option file holdfast.json has an unknown option";
  assert.equal(
    refusal(() => load({ file: { prot: 1 } })),
    `${beginning} "prot"; did you mean "port"?`,
  );
  assert.equal(
    refusal(() => load({ file: { colour: "red" } })),
    `${beginning} "colour".`,
  );
  assert.equal(
    refusal(() => load({ file: '{"__proto__": {}}' })),
    `${beginning} "__proto__".`,
  );
});

test("Option file: one that is missing, no JSON or no object is refused", () => {
  assert.equal(
    refusal(() => load({ args: ["--config", "elsewhere.json"] })),
    "The option file elsewhere.json cannot be read: ENOENT: no such file or directory, open 'elsewhere.json'.",
  );
  assert.equal(
    refusal(() => load({ environment: { HOLDFAST_CONFIG: "elsewhere.json" } })),
    "The option file elsewhere.json cannot be read: ENOENT: no such file or directory, open 'elsewhere.json'.",
  );
  for (const file of ["[]", "null", "7"]) {
    assert.equal(
      refusal(() => load({ file })),
      "The option file holdfast.json must hold a JSON object.",
    );
  }
  assert.match(
    refusal(() => load({ file: '{"port": 1,}' })),
    /^The option file holdfast\.json is not valid JSON: .+\.$/,
  );
});

test("Option file: what is said of broken JSON repeats no piece of it", () => {
  const secret = "hushhush";
  for (const file of [`{"secretAccessKey":${secret}}`, `{"a":"${secret}" x}`, secret, `{"secretAccessKey":"${secret}`]) {
    const sentence = refusal(() => load({ file }));
    assert.ok(!sentence.includes(secret), sentence);
  }
});

test("Users: those of the option file are taken as they stand", () => {
  assert.deepEqual(load({ file: { users: [ANN] } }).users, [ANN]);
  assert.deepEqual(load({}).users, []);
});

test("Users: whoever could not be added is refused before anything is started", () => {
  const where = '"users" in holdfast.json';
  const said = (...users: unknown[]): string => refusal(() => load({ file: { users } }));
  for (const users of [null, {}, "ann"]) {
    assert.equal(
      refusal(() => load({ file: { users } })),
      `${where} must be a list of objects with name, accessKeyId and secretAccessKey.`,
    );
  }
  const shape = "must be an object with the texts name, accessKeyId and secretAccessKey.";
  assert.equal(said("ann"), `User 1 of ${where} ${shape}`);
  assert.equal(said(ANN, { ...ANN, secretAccessKey: undefined }), `User 2 of ${where} ${shape}`);
  assert.equal(
    said({ ...ANN, acesskeyid: "x" }),
    `User 1 of ${where} has an unknown member "acesskeyid"; did you mean "accessKeyId"?`,
  );
  assert.equal(
    said({ ...ANN, name: " ann" }),
    `User 1 of ${where}: " ann" cannot be a user's name: 1 to 64 visible characters, please.`,
  );
  assert.equal(
    said({ ...ANN, secretAccessKey: "short" }),
    `User 1 of ${where}: The secret key must have 8 to 128 visible ASCII characters.`,
  );
  assert.equal(
    said(ANN, { ...ANN, name: "ben" }),
    `User 2 of ${where} has the access key ${ANN.accessKeyId}, which is that of "ann".`,
  );
});

test("First user: set by both variables together, or by neither", () => {
  const HOLDFAST_ACCESS_KEY_ID = "HFFIRST";
  const HOLDFAST_SECRET_ACCESS_KEY = "first-secret";
  const { firstUser } = load({ environment: { HOLDFAST_ACCESS_KEY_ID, HOLDFAST_SECRET_ACCESS_KEY } });
  assert.deepEqual(firstUser, { accessKeyId: "HFFIRST", secretAccessKey: "first-secret" });
  const names = "HOLDFAST_ACCESS_KEY_ID and HOLDFAST_SECRET_ACCESS_KEY";
  for (const environment of [{ HOLDFAST_ACCESS_KEY_ID }, { HOLDFAST_ACCESS_KEY_ID: "", HOLDFAST_SECRET_ACCESS_KEY }]) {
    assert.equal(
      refusal(() => load({ environment })),
      `${names} are set together or not at all.`,
    );
  }
  assert.equal(
    refusal(() => load({ environment: { HOLDFAST_ACCESS_KEY_ID: "a/b", HOLDFAST_SECRET_ACCESS_KEY } })),
    `${names}: "a/b" cannot be an access key: 3 to 128 letters, digits, "_", "." or "-", please.`,
  );
  assert.equal(
    refusal(() =>
      load({ environment: { HOLDFAST_ACCESS_KEY_ID: ANN.accessKeyId, HOLDFAST_SECRET_ACCESS_KEY }, file: { users: [ANN] } }),
    ),
    `${names}: the access key ${ANN.accessKeyId} is that of "ann" already.`,
  );
});

test("HTTPS: a certificate without its key, and a key without its certificate, are refused", () => {
  const sentence = "HTTPS needs both a certificate and its private key: --tls-cert and --tls-key.";
  assert.equal(
    refusal(() => load({ args: ["--tls-cert", "c"] })),
    sentence,
  );
  assert.equal(
    refusal(() => load({ environment: { HOLDFAST_TLS_KEY: "k" } })),
    sentence,
  );
  assert.equal(load({ args: ["--tls-cert", "c"], file: { tlsPrivateKeyPath: "k" } }).tlsPrivateKeyPath, "k");
});
