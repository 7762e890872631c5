import type { Credential, CredentialSource } from "../../src/auth/Caller.ts";
import { rootOf } from "../testCallers.ts";

/** The access key of AWS's documentation. */
export const EXAMPLE_KEY: Credential = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  caller: rootOf("example", "c".repeat(64), "AKIAIOSFODNN7EXAMPLE"),
};

/** Knows that key, and no other. */
export const exampleCredentials: CredentialSource = {
  find: (accessKeyId) => (accessKeyId === EXAMPLE_KEY.accessKeyId ? EXAMPLE_KEY : undefined),
};
