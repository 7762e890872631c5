import type { OperationInputs, OperationOutputs } from "./generated/types.ts";
import type { IamInputs, IamOutputs } from "./generated/iamTypes.ts";
import type { StsInputs, StsOutputs } from "./generated/stsTypes.ts";

/** The input of each operation, be it S3's, IAM's or STS's: their names differ. */
export interface Inputs extends OperationInputs, IamInputs, StsInputs {}

/** The output of each operation. */
export interface Outputs extends OperationOutputs, IamOutputs, StsOutputs {}

/** The name of an operation of S3's, IAM's or STS's. */
export type AnyOperationName = keyof Inputs;
