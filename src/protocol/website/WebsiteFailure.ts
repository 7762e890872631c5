import { ServiceError } from "../../errors/ServiceError.ts";

/** What a visitor is told who cannot be shown the error document either. */
export class WebsiteFailure extends ServiceError {
  override readonly name = "WebsiteFailure";
  /** Why the error document cannot be shown. */
  readonly documentError: ServiceError;

  constructor(error: ServiceError, documentError: ServiceError) {
    super(error);
    this.documentError = documentError;
  }
}
