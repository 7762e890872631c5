import type { QueryErrorCode } from "../../errors/QueryError.ts";

/** What a person wants to know of a code of IAM's or STS's. */
export interface QueryExplanation {
  readonly cause: string;
  readonly remedy: string;
}

const ABOUT_A_PARAMETER = "The message names the parameter; correct it by the operation's page in the API reference.";

/**
 * How one comes to see each code of IAM and STS, and what to do.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
 */
export const queryExplanations: Readonly<Record<QueryErrorCode, QueryExplanation>> = {
  AccessDenied: {
    cause: "The caller's policies, or the trust policy of the role, do not allow this operation of IAM or STS.",
    remedy:
      "Have an administrator of the account allow the action that the message names; for a role, allow the caller in its trust policy as well.",
  },
  ConcurrentModification: {
    cause: "Several requests changed the same user, role, group or policy at once.",
    remedy: "Read it again, and repeat the change after a moment; let one place make changes.",
  },
  DeleteConflict: {
    cause: "What was to be deleted still has something attached: keys, policies, members, an MFA device.",
    remedy: "Detach or delete those first; the message says which they are.",
  },
  EntityAlreadyExists: {
    cause: "The account already has a user, group, role or policy of this name; capitals make no difference.",
    remedy: "Choose another name, or go on with the one that is there.",
  },
  EntityTemporarilyUnmodifiable: {
    cause: "What was to be changed is being made or deleted at the moment.",
    remedy: "Try again after a moment.",
  },
  ExpiredToken: {
    cause: "The temporary credentials in use have run out.",
    remedy: "Get new temporary credentials and sign again.",
  },
  ExpiredTokenException: {
    cause: "The web identity token has run out, by its own exp.",
    remedy: "Get a new token from the identity provider, and ask for the session soon after.",
  },
  IDPCommunicationError: {
    cause: "The identity provider could not be asked for the keys that its tokens are signed with.",
    remedy: "Try again after a moment. If it goes on, look whether this server reaches the provider's address.",
  },
  IDPRejectedClaim: {
    cause: "The identity provider's token is not good for this: another audience, another issuer, or a claim that is missing.",
    remedy: "Ask the provider for a token with the audience that this server was told of.",
  },
  IncompleteSignature: {
    cause: "The Authorization header does not have the form of signature version 4, or lacks one of its parts.",
    remedy: "Let an SDK sign the request, for the service iam or sts.",
  },
  InternalFailure: {
    cause: "The server failed while it worked on the request. A change may or may not have happened.",
    remedy: "Try again with growing pauses. The operator finds the reason in the log under the request's id.",
  },
  InvalidAction: {
    cause: "The form's Action is the name of no operation of IAM or STS in this version.",
    remedy: "Correct Action and Version; IAM's is 2010-05-08, STS's 2011-06-15.",
  },
  InvalidAuthorizationMessageException: {
    cause: "The encoded message cannot be decoded: it is cut short, or was made by another server.",
    remedy: "Hand in the message unchanged, to the server that made it.",
  },
  InvalidClientTokenId: {
    cause: "The server knows no such access key, or the session token does not belong to it.",
    remedy: "Compare the access key with those the server knows (holdfast user list); take key, secret and token from one set.",
  },
  InvalidIdentityToken: {
    cause:
      "The web identity token is none that can be believed: it cannot be read, its signature is wrong, or nobody vouches for it.",
    remedy: "Send the token as the identity provider issued it, and look whether this server knows that provider.",
  },
  InvalidInput: {
    cause: "A parameter has a value that does not fit the others, or what the account has.",
    remedy: ABOUT_A_PARAMETER,
  },
  InvalidParameterCombination: {
    cause: "Two parameters exclude each other, or one needs another one.",
    remedy: "Leave one of the two out, as the message says.",
  },
  InvalidParameterValue: {
    cause: "A parameter has a value that the operation does not take.",
    remedy: ABOUT_A_PARAMETER,
  },
  LimitExceeded: {
    cause: "The account or the identity has as many of these as there may be.",
    remedy: "Remove one that nobody uses.",
  },
  MalformedInput: {
    cause: "A parameter cannot be read as what it stands for, such as a number or a list.",
    remedy: ABOUT_A_PARAMETER,
  },
  MalformedPolicyDocument: {
    cause: "The policy is not JSON of the policy language, or a statement has something that this kind of policy does not take.",
    remedy:
      "Correct what the message names. A trust policy has a Principal and no Resource; an identity's policy the other way round.",
  },
  MalformedQueryString: {
    cause: "The form in the body, or the query, cannot be read.",
    remedy: "Encode names and values as forms are (application/x-www-form-urlencoded), in UTF-8.",
  },
  MissingAction: {
    cause: "The form has no Action, which names the operation.",
    remedy: "Send Action and Version; SDKs do.",
  },
  MissingAuthenticationToken: {
    cause: "The request is not signed, and this operation is not for everybody.",
    remedy: "Sign it with signature version 4, for the service iam or sts.",
  },
  MissingParameter: { cause: "A parameter that the operation needs is absent.", remedy: "Send the one that the message names." },
  NoSuchEntity: {
    cause: "The account has no such user, group, role, policy, key or device.",
    remedy: "Compare the name with what the List operations show, and whether the right account is asked.",
  },
  NotImplemented: {
    cause: "It is an operation of IAM or STS that this server does not have.",
    remedy: "Do it by another operation or by the holdfast command; nothing was done, and a repetition will not be either.",
  },
  PackedPolicyTooLarge: {
    cause: "Session policies and tags are too long together.",
    remedy: "Shorten them, or attach a policy to the role and give no session policy.",
  },
  PolicyNotAttachable: {
    cause: "The policy belongs to a service and cannot be attached to identities.",
    remedy: "Attach one of the account's own policies.",
  },
  RegionDisabledException: {
    cause: "STS is not active in the region that was asked.",
    remedy: "Ask it in a region of this server.",
  },
  RequestEntityTooLarge: {
    cause: "The form in the body is larger than the server reads.",
    remedy: "Shorten its parameters; only policy documents are long, and these have limits of their own.",
  },
  ServiceFailure: {
    cause: "The server failed while it worked on the request.",
    remedy: "Try again with growing pauses. The operator finds the reason in the log under the request's id.",
  },
  ServiceUnavailable: {
    cause: "The server cannot take the request at the moment.",
    remedy: "Try again with growing pauses.",
  },
  SignatureDoesNotMatch: {
    cause:
      "The server computed another signature from what it received than the client sent, or the request was signed for another day, region or service, or too long ago.",
    remedy: "Check the secret key first, then the clock, the region, and that the service is iam or sts.",
  },
  Throttling: {
    cause: "Requests come faster than the server takes them from this caller.",
    remedy: "Send fewer requests at a time and pause longer after each refusal.",
  },
  UnmodifiableEntity: {
    cause: "What was to be changed belongs to a service, and only that may change it.",
    remedy: "Change it by its service, or make one of your own.",
  },
  ValidationError: {
    cause: "Parameters are absent, too long, or have a form that the operation does not take.",
    remedy: "Correct each one that the message lists.",
  },
};
