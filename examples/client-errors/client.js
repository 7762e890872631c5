import { S3Client } from "@aws-sdk/client-s3";
import { retryStrategy } from "holdfast/errors";

export const client = new S3Client({ retryStrategy: retryStrategy() });
