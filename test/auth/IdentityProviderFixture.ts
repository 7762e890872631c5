import type { CryptoKey, JWTPayload } from "jose";
import { CompactSign, createLocalJWKSet, exportJWK, FlattenedSign, generateKeyPair, SignJWT } from "jose";
import type { IdentityProvider } from "../../src/auth/webIdentity.ts";

/** What tokens of a test are for. */
export const AUDIENCE = "sts.amazonaws.com";

/** An identity provider of the test's own, with a key of its own. */
export class IdentityProviderFixture {
  readonly issuer: string;
  readonly #alg: string;
  readonly #privateKey: CryptoKey;
  /** Its public keys, as it publishes them. */
  readonly keys: { readonly keys: readonly object[] };

  private constructor(issuer: string, alg: string, privateKey: CryptoKey, jwk: object) {
    this.issuer = issuer;
    this.#alg = alg;
    this.#privateKey = privateKey;
    this.keys = { keys: [{ ...jwk, kid: "key-1", alg, use: "sig" }] };
  }

  static async create(issuer: string = "https://idp.example/realm", alg: string = "RS256"): Promise<IdentityProviderFixture> {
    const { publicKey, privateKey } = await generateKeyPair(alg);
    return new IdentityProviderFixture(issuer, alg, privateKey, await exportJWK(publicKey));
  }

  /** As the server knows it. */
  get provider(): IdentityProvider {
    return { issuer: this.issuer, audiences: [AUDIENCE], keys: createLocalJWKSet(this.keys as { keys: [] }) };
  }

  /** A token of a subject, valid for an hour from `nowMs`; `claims` come on top, and `undefined` leaves one out. */
  async token(nowMs: number, claims: JWTPayload = {}, header: object = {}): Promise<string> {
    const now = Math.floor(nowMs / 1000);
    const all = { iss: this.issuer, sub: "repo:ann/photos", aud: AUDIENCE, iat: now, exp: now + 3600, ...claims };
    const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
    return new SignJWT(given).setProtectedHeader({ alg: this.#alg, kid: "key-1", ...header }).sign(this.#privateKey);
  }

  /** A token whose middle part is signed as it stands there, which its header says: no other token is made so. */
  async unencodedToken(middle: string): Promise<string> {
    const header = { alg: this.#alg, kid: "key-1", b64: false, crit: ["b64"] };
    const signing = new FlattenedSign(Buffer.from(middle)).setProtectedHeader(header);
    const { protected: head, signature } = await signing.sign(this.#privateKey);
    return `${head}.${middle}.${signature}`;
  }

  /** A token of this very text, be it claims or not. */
  async signedText(text: string): Promise<string> {
    return new CompactSign(Buffer.from(text)).setProtectedHeader({ alg: this.#alg, kid: "key-1" }).sign(this.#privateKey);
  }
}
