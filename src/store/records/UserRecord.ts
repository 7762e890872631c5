/** An access key and its owner, stored under the access key id. */
export interface UserRecord {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly canonicalId: string;
  readonly displayName: string;
  readonly createdAtMs: number;
  /** True while the operator does not want it to open anything. */
  readonly disabled: boolean;
}
