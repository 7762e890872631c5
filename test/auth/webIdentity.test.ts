import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import type { JWK, JWTPayload } from "jose";
import { createLocalJWKSet } from "jose";
import type { WebIdentity } from "../../src/auth/webIdentity.ts";
import { providerNameOf, verifyWebIdentity } from "../../src/auth/webIdentity.ts";
import { AUDIENCE, IdentityProviderFixture } from "./IdentityProviderFixture.ts";

const NOW_MS = Date.UTC(2026, 2, 1, 12);
const NOW = NOW_MS / 1000;
const idp = await IdentityProviderFixture.create();

async function verified(claims: JWTPayload = {}, nowMs: number = NOW_MS): Promise<WebIdentity> {
  return verifyWebIdentity(await idp.token(NOW_MS, claims), [idp.provider], nowMs);
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

test("verifyWebIdentity: a token says who somebody is, by whom and for whom", async () => {
  const { claims, ...identity } = await verified({ amr: ["pwd", "otp"] });
  assert.deepEqual(identity, {
    issuer: "https://idp.example/realm",
    providerName: "idp.example/realm",
    subject: "repo:ann/photos",
    audiences: [AUDIENCE],
    audience: AUDIENCE,
    methods: ["pwd", "otp"],
  });
  assert.equal(claims.exp, NOW + 3600);
});

test("verifyWebIdentity: one of several audiences is enough, and whom it was issued to counts as the audience", async () => {
  const identity = await verified({ aud: ["other", AUDIENCE], azp: "app-1" });
  assert.deepEqual(identity.audiences, ["other", AUDIENCE]);
  assert.equal(identity.audience, "app-1");
});

for (const alg of ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"]) {
  test(`verifyWebIdentity: tokens signed with ${alg} are taken`, async () => {
    const other = await IdentityProviderFixture.create("https://other.example", alg);
    const token = await other.token(NOW_MS);
    assert.equal((await verifyWebIdentity(token, [idp.provider, other.provider], NOW_MS)).issuer, "https://other.example");
  });
}

test("verifyWebIdentity: what is signed with a secret, or not at all, is no proof", async () => {
  const claims = { iss: idp.issuer, sub: "s", aud: AUDIENCE, iat: NOW, exp: NOW + 60 };
  const refused = { code: "InvalidIdentityToken", status: 400 };
  const plain = `${encoded({ alg: "none" })}.${encoded(claims)}.`;
  await assert.rejects(verifyWebIdentity(plain, [idp.provider], NOW_MS), refused);
  // The public key is known to everybody: as a secret it would sign anything.
  const head = `${encoded({ alg: "HS256", kid: "key-1" })}.${encoded(claims)}`;
  const mac = createHmac("sha256", JSON.stringify(idp.keys.keys[0])).update(head).digest("base64url");
  await assert.rejects(verifyWebIdentity(`${head}.${mac}`, [idp.provider], NOW_MS), refused);
});

test("verifyWebIdentity: a token of which a claim was changed, or that another key signed, is InvalidIdentityToken", async () => {
  const [head, , signature] = (await idp.token(NOW_MS)).split(".");
  const changed = encoded({ iss: idp.issuer, sub: "root", aud: AUDIENCE, iat: NOW, exp: NOW + 3600 });
  await assert.rejects(verifyWebIdentity(`${head}.${changed}.${signature}`, [idp.provider], NOW_MS), {
    code: "InvalidIdentityToken",
  });
  const impostor = await IdentityProviderFixture.create(idp.issuer);
  await assert.rejects(verifyWebIdentity(await impostor.token(NOW_MS), [idp.provider], NOW_MS), { code: "InvalidIdentityToken" });
});

test("verifyWebIdentity: a key that the provider has not is said to be missing", async () => {
  const token = await idp.token(NOW_MS, {}, { kid: "key-2" });
  await assert.rejects(verifyWebIdentity(token, [idp.provider], NOW_MS), {
    code: "InvalidIdentityToken",
    message: /^Couldn't retrieve verification key from your identity provider/,
  });
});

test("verifyWebIdentity: a provider that nobody named is no provider", async () => {
  const other = await IdentityProviderFixture.create("https://other.example");
  await assert.rejects(verifyWebIdentity(await other.token(NOW_MS), [idp.provider], NOW_MS), {
    code: "InvalidIdentityToken",
    message: "No OpenIDConnect provider found in your account for https://other.example",
  });
});

for (const text of ["", "token", "a.b.c", `${encoded({})}.${Buffer.from("[]").toString("base64url")}.x`]) {
  test(`verifyWebIdentity: ${JSON.stringify(text)} is no token`, async () => {
    await assert.rejects(verifyWebIdentity(text, [idp.provider], NOW_MS), { code: "InvalidIdentityToken", status: 400 });
  });
}

test("verifyWebIdentity: what is signed well and holds no claims is no token", async () => {
  for (const text of ["null", "[]", '"text"', "{", ""]) {
    await assert.rejects(verifyWebIdentity(await idp.signedText(text), [idp.provider], NOW_MS), {
      code: "InvalidIdentityToken",
      message: "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)",
    });
  }
});

test("verifyWebIdentity: a token without iss, or with one that is no text or too long, lacks it", async () => {
  const longest = "i".repeat(2_048);
  for (const iss of [undefined, null, 1, `${longest}i`] as readonly string[]) {
    await assert.rejects(verified({ iss }), { code: "InvalidIdentityToken", message: "Missing a required claim: iss" });
  }
  await assert.rejects(verified({ iss: longest }), { message: /^No OpenIDConnect provider found in your account for iiii/ });
});

test("verifyWebIdentity: a token of which what was signed is no claims, read as others do, is no proof", async () => {
  const token = await idp.unencodedToken(encoded({ iss: idp.issuer, sub: "s", aud: AUDIENCE, iat: NOW, exp: NOW + 60 }));
  await assert.rejects(verifyWebIdentity(token, [idp.provider], NOW_MS), {
    code: "InvalidIdentityToken",
    message: "The web identity token that was passed could not be validated",
  });
});

test("verifyWebIdentity: a token that could be of several keys is said to name none", async () => {
  const [key] = idp.keys.keys as [JWK];
  const provider = { ...idp.provider, keys: createLocalJWKSet({ keys: [key, { ...key, kid: "key-2" }] }) };
  const token = await idp.token(NOW_MS, {}, { kid: undefined });
  await assert.rejects(verifyWebIdentity(token, [provider], NOW_MS), {
    code: "InvalidIdentityToken",
    message: /^Couldn't retrieve verification key from your identity provider/,
  });
});

test("verifyWebIdentity: an end that no number can say is none", async () => {
  for (const exp of ["1e999", "-1e999"]) {
    const token = await idp.signedText(`{"iss":"${idp.issuer}","sub":"s","aud":"${AUDIENCE}","iat":${NOW},"exp":${exp}}`);
    await assert.rejects(verifyWebIdentity(token, [idp.provider], NOW_MS), { message: "Missing a required claim: exp" });
  }
});

test("verifyWebIdentity: a provider whose keys cannot be had, or that fails otherwise, is not the token's fault", async () => {
  const token = await idp.token(NOW_MS);
  const failure = new TypeError("the keys cannot be had");
  const provider = { ...idp.provider, keys: () => Promise.reject(failure) };
  await assert.rejects(verifyWebIdentity(token, [provider], NOW_MS), failure);
});

test("verifyWebIdentity: a refusal explains what is wrong with the signature", async () => {
  const refused = (explanation: RegExp | string) => ({
    code: "InvalidIdentityToken",
    message: "The web identity token that was passed could not be validated",
    explanation,
  });
  const [head, payload] = (await idp.token(NOW_MS)).split(".");
  const verify = (token: string) => verifyWebIdentity(token, [idp.provider], NOW_MS);
  await assert.rejects(
    verify(`${head}.${payload}.${"A".repeat(342)}`),
    refused("The signature is not the provider's, or the token was changed."),
  );
  await assert.rejects(
    verify(`${encoded({ alg: "none" })}.${payload}.`),
    refused("The token may be signed with RS256, RS384, RS512, ES256, ES384, ES512, and is not."),
  );
  await assert.rejects(
    verify(`${encoded({})}.${payload}.AAAA`),
    refused("The token cannot be read, or its key is none for such a signature."),
  );
});

test("verifyWebIdentity: a token for others is told so", async () => {
  await assert.rejects(verified({ aud: "others" }), { code: "InvalidIdentityToken", message: "Incorrect token audience" });
  await assert.rejects(verified({ aud: [] }), { message: "Missing a required claim: aud" });
});

for (const name of ["sub", "exp", "iat"]) {
  test(`verifyWebIdentity: a token without ${name}, or with one of another type, lacks it`, async () => {
    for (const value of [undefined, null, {}]) {
      await assert.rejects(verified({ [name]: value }), {
        code: "InvalidIdentityToken",
        message: `Missing a required claim: ${name}`,
      });
    }
  });
}

test("verifyWebIdentity: a token ends when it says, to the second", async () => {
  const endMs = NOW_MS + 3_600_000;
  await verified({}, endMs - 1);
  await assert.rejects(verified({}, endMs), {
    code: "ExpiredTokenException",
    status: 400,
    message: `Token expired: current date/time ${NOW + 3600} must be before the expiration date/time ${NOW + 3600}`,
  });
});

test("verifyWebIdentity: a token is not valid before it says so, but for a minute of clocks that differ", async () => {
  for (const name of ["nbf", "iat"]) {
    await verified({ [name]: NOW + 60 });
    await assert.rejects(verified({ [name]: NOW + 61 }), { code: "IDPRejectedClaim", status: 403 });
  }
});

test("verifyWebIdentity: a claim has 2048 characters at most, and of a list those with more count for nothing", async () => {
  const [longest, tooLong] = ["s".repeat(2_048), "s".repeat(2_049)];
  assert.equal((await verified({ sub: longest })).subject, longest);
  await assert.rejects(verified({ sub: tooLong }), { code: "InvalidIdentityToken", message: "The claim sub is too long" });
  assert.equal((await verified({ azp: longest })).audience, longest);
  await assert.rejects(verified({ azp: tooLong }), { code: "InvalidIdentityToken", message: "The claim azp is too long" });
  const some = await verified({ aud: [AUDIENCE, longest, tooLong, ""], amr: ["pwd", 1, longest, tooLong, ""] });
  assert.deepEqual(some.audiences, [AUDIENCE, longest]);
  assert.deepEqual(some.methods, ["pwd", longest]);
  await assert.rejects(verified({ sub: "" }), { message: "Missing a required claim: sub" });
});

test("providerNameOf: the issuer without its scheme", () => {
  assert.equal(providerNameOf("https://token.actions.githubusercontent.com"), "token.actions.githubusercontent.com");
  assert.equal(providerNameOf("http://localhost:8080/realms/a"), "localhost:8080/realms/a");
  assert.equal(providerNameOf("issuer of https://a"), "issuer of https://a");
});
