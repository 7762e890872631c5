/** An identity or trust policy that IAM does not take. The message is IAM's own, of MalformedPolicyDocument. */
export class PolicyFault extends Error {
  override readonly name = "PolicyFault";
  /** A sentence or two about this very document. */
  readonly explanation: string;

  constructor(message: string, explanation: string) {
    super(message);
    this.explanation = explanation;
  }
}
