# Completion of holdfast for bash. Generated from the table of its commands. Do not edit.

# What may stand behind the words $1: sets words, flags and tail.
_holdfast_behind() {
  words= flags= tail=
  case "$1" in
    "") words="serve user account group role policy keys clock lifecycle scrub requests why fault try-client errors completion help version" flags="--access-key --secret-key --port --host --data --memory --bucket --ready-file --until-stdin-ends --region --domain --workers --durability --storage-class --restore-times --tls-cert --tls-key --trust-proxy --mfa-without-tls --soap-over-http --sse-c-over-http --block-sse-c --oidc-issuer --limit-requests --limit-prefix --idle-timeout-ms --shutdown-timeout-ms --map-size-bytes --metrics-token --access-log --log-delivery-ms --lifecycle-run-ms --default-encryption --key-ring --vault-address --vault-token-file --vault-mount --vault-ca --log-level --test-clock --faults --fault-header --journal-size-bytes --journal-age-ms --config --help --version" ;;
    "serve") flags="--access-key --secret-key --port --host --data --memory --bucket --ready-file --until-stdin-ends --region --domain --workers --durability --storage-class --restore-times --tls-cert --tls-key --trust-proxy --mfa-without-tls --soap-over-http --sse-c-over-http --block-sse-c --oidc-issuer --limit-requests --limit-prefix --idle-timeout-ms --shutdown-timeout-ms --map-size-bytes --metrics-token --access-log --log-delivery-ms --lifecycle-run-ms --default-encryption --key-ring --vault-address --vault-token-file --vault-mount --vault-ca --log-level --test-clock --faults --fault-header --journal-size-bytes --journal-age-ms --config --help" ;;
    "user") words="add list remove key mfa" flags="--help" ;;
    "user add") flags="--access-key --secret-key --account --path --data --config --help" ;;
    "user list") flags="--account --data --config --help" ;;
    "user remove") flags="--give-buckets-to --account --data --config --help" ;;
    "user key") words="add remove disable enable" flags="--help" ;;
    "user key add") flags="--access-key --secret-key --account --data --config --help" ;;
    "user key remove") flags="--data --config --help" ;;
    "user key disable") flags="--data --config --help" ;;
    "user key enable") flags="--data --config --help" ;;
    "user mfa") words="add enable remove" flags="--help" ;;
    "user mfa add") flags="--account --data --config --help" ;;
    "user mfa enable") flags="--first-code --second-code --account --data --config --help" ;;
    "user mfa remove") flags="--account --data --config --help" ;;
    "account") words="add list email remove public-access-block" flags="--help" ;;
    "account add") flags="--email --access-key --secret-key --data --config --help" ;;
    "account list") flags="--data --config --help" ;;
    "account email") flags="--email --data --config --help" ;;
    "account remove") flags="--give-buckets-to --data --config --help" ;;
    "account public-access-block") flags="--block --data --config --help" ;;
    "group") words="add list join leave remove" flags="--help" ;;
    "group add") flags="--path --account --data --config --help" ;;
    "group list") flags="--account --data --config --help" ;;
    "group join") flags="--user --account --data --config --help" ;;
    "group leave") flags="--user --account --data --config --help" ;;
    "group remove") flags="--account --data --config --help" ;;
    "role") words="add list trust show remove" flags="--help" ;;
    "role add") flags="--trust-policy --path --description --max-session --account --data --config --help" ;;
    "role list") flags="--account --data --config --help" ;;
    "role trust") flags="--trust-policy --account --data --config --help" ;;
    "role show") flags="--account --data --config --help" ;;
    "role remove") flags="--account --data --config --help" ;;
    "policy") words="add set list show attach detach bound unbound remove" flags="--help" ;;
    "policy add") flags="--document --path --description --account --data --config --help" ;;
    "policy set") flags="--document --account --data --config --help" ;;
    "policy list") flags="--account --data --config --help" ;;
    "policy show") flags="--account --data --config --help" ;;
    "policy attach") flags="--user --group --role --account --data --config --help" ;;
    "policy detach") flags="--user --group --role --account --data --config --help" ;;
    "policy bound") flags="--user --role --account --data --config --help" ;;
    "policy unbound") flags="--user --role --account --data --config --help" ;;
    "policy remove") flags="--account --data --config --help" ;;
    "keys") words="list rotate create disable enable delete cancel-deletion alias" flags="--help" ;;
    "keys list") flags="--key-ring --data --config --help" ;;
    "keys rotate") flags="--kms --key-ring --data --config --help" ;;
    "keys create") flags="--alias --description --region --key-ring --data --config --help" ;;
    "keys disable") flags="--key-ring --data --config --help" ;;
    "keys enable") flags="--key-ring --data --config --help" ;;
    "keys delete") flags="--days --key-ring --data --config --help" ;;
    "keys cancel-deletion") flags="--key-ring --data --config --help" ;;
    "keys alias") words="set remove" flags="--help" ;;
    "keys alias set") flags="--kms --key-ring --data --config --help" ;;
    "keys alias remove") flags="--key-ring --data --config --help" ;;
    "clock") words="show advance set reset" flags="--help" ;;
    "clock show") flags="--data --config --help" ;;
    "clock advance") flags="--data --config --help" ;;
    "clock set") flags="--data --config --help" ;;
    "clock reset") flags="--data --config --help" ;;
    "lifecycle") words="run" flags="--help" ;;
    "lifecycle run") flags="--dry-run --at --bucket --json --data --config --help" ;;
    "scrub") flags="--data --config --help" ;;
    "requests") flags="--operation --bucket --key --prefix --method --caller --status --code --fault --id --since --until --limit --follow --json --format --data --config --help" ;;
    "why") flags="--canonical --json --data --config --help" ;;
    "fault") words="add apply list remove clear" flags="--help" ;;
    "fault add") flags="--error --message --status --body --slow-down-over --per --error-inside-200 --key-error --redirect --endpoint --delay --throttle --stall --disconnect --at-byte --content-length --corrupt --clock --stale --disk --disk-delay --id --stage --operation --bucket --key --prefix --method --caller --part --from --until --nth --every --probability --seed --times --data --config --help" ;;
    "fault apply") flags="--seed --data --config --help" ;;
    "fault list") flags="--json --data --config --help" ;;
    "fault remove") flags="--data --config --help" ;;
    "fault clear") flags="--data --config --help" ;;
    "try-client") flags="--scenario --seed --bucket --compare --timeout --json --help" tail=-- ;;
    "errors") flags="--search --help" ;;
    "completion") flags="--help" ;;
    "help") flags="--help" ;;
    "version") flags="--help" ;;
  esac
}

# What the value of the flag $2 may be behind the words $1, or without a flag what may stand there: sets kind (words, path, text, or
# nothing where there is no value) and values.
_holdfast_values() {
  kind= values=
  case "$1 $2" in
    " --access-key" | " --secret-key" | " --port" | " --host" | " --bucket" | " --region" | " --domain" | " --workers" | " --storage-class" | " --trust-proxy" | " --oidc-issuer" | " --limit-requests" | " --limit-prefix" | " --idle-timeout-ms" | " --shutdown-timeout-ms" | " --map-size-bytes" | " --metrics-token" | " --log-delivery-ms" | " --lifecycle-run-ms" | " --vault-address" | " --vault-mount" | " --journal-size-bytes" | " --journal-age-ms" | "serve --access-key" | "serve --secret-key" | "serve --port" | "serve --host" | "serve --bucket" | "serve --region" | "serve --domain" | "serve --workers" | "serve --storage-class" | "serve --trust-proxy" | "serve --oidc-issuer" | "serve --limit-requests" | "serve --limit-prefix" | "serve --idle-timeout-ms" | "serve --shutdown-timeout-ms" | "serve --map-size-bytes" | "serve --metrics-token" | "serve --log-delivery-ms" | "serve --lifecycle-run-ms" | "serve --vault-address" | "serve --vault-mount" | "serve --journal-size-bytes" | "serve --journal-age-ms" | "user add --access-key" | "user add --secret-key" | "user add --account" | "user add --path" | "user add " | "user list --account" | "user remove --give-buckets-to" | "user remove --account" | "user remove " | "user key add --access-key" | "user key add --secret-key" | "user key add --account" | "user key add " | "user key remove " | "user key disable " | "user key enable " | "user mfa add --account" | "user mfa add " | "user mfa enable --first-code" | "user mfa enable --second-code" | "user mfa enable --account" | "user mfa enable " | "user mfa remove --account" | "user mfa remove " | "account add --email" | "account add --access-key" | "account add --secret-key" | "account add " | "account email --email" | "account email " | "account remove --give-buckets-to" | "account remove " | "account public-access-block " | "group add --path" | "group add --account" | "group add " | "group list --account" | "group join --user" | "group join --account" | "group join " | "group leave --user" | "group leave --account" | "group leave " | "group remove --account" | "group remove " | "role add --path" | "role add --description" | "role add --max-session" | "role add --account" | "role add " | "role list --account" | "role trust --account" | "role trust " | "role show --account" | "role show " | "role remove --account" | "role remove " | "policy add --path" | "policy add --description" | "policy add --account" | "policy add " | "policy set --account" | "policy set " | "policy list --account" | "policy show --account" | "policy show " | "policy attach --user" | "policy attach --group" | "policy attach --role" | "policy attach --account" | "policy attach " | "policy detach --user" | "policy detach --group" | "policy detach --role" | "policy detach --account" | "policy detach " | "policy bound --user" | "policy bound --role" | "policy bound --account" | "policy bound " | "policy unbound --user" | "policy unbound --role" | "policy unbound --account" | "policy unbound " | "policy remove --account" | "policy remove " | "keys rotate --kms" | "keys create --alias" | "keys create --description" | "keys create --region" | "keys disable " | "keys enable " | "keys delete --days" | "keys delete " | "keys cancel-deletion " | "keys alias set --kms" | "keys alias set " | "keys alias remove " | "clock advance " | "clock set " | "lifecycle run --at" | "lifecycle run --bucket" | "requests --bucket" | "requests --key" | "requests --prefix" | "requests --caller" | "requests --fault" | "requests --id" | "requests --since" | "requests --until" | "requests --limit" | "why " | "fault add --message" | "fault add --body" | "fault add --slow-down-over" | "fault add --endpoint" | "fault add --delay" | "fault add --throttle" | "fault add --stall" | "fault add --at-byte" | "fault add --content-length" | "fault add --clock" | "fault add --stale" | "fault add --disk-delay" | "fault add --id" | "fault add --bucket" | "fault add --key" | "fault add --prefix" | "fault add --caller" | "fault add --part" | "fault add --from" | "fault add --until" | "fault add --nth" | "fault add --every" | "fault add --probability" | "fault add --seed" | "fault add --times" | "fault add " | "fault apply --seed" | "fault remove " | "try-client --seed" | "try-client --bucket" | "try-client --timeout" | "errors --search")
      kind=text ;;
    " --data" | " --ready-file" | " --tls-cert" | " --tls-key" | " --access-log" | " --key-ring" | " --vault-token-file" | " --vault-ca" | " --config" | "serve --data" | "serve --ready-file" | "serve --tls-cert" | "serve --tls-key" | "serve --access-log" | "serve --key-ring" | "serve --vault-token-file" | "serve --vault-ca" | "serve --config" | "user add --data" | "user add --config" | "user list --data" | "user list --config" | "user remove --data" | "user remove --config" | "user key add --data" | "user key add --config" | "user key remove --data" | "user key remove --config" | "user key disable --data" | "user key disable --config" | "user key enable --data" | "user key enable --config" | "user mfa add --data" | "user mfa add --config" | "user mfa enable --data" | "user mfa enable --config" | "user mfa remove --data" | "user mfa remove --config" | "account add --data" | "account add --config" | "account list --data" | "account list --config" | "account email --data" | "account email --config" | "account remove --data" | "account remove --config" | "account public-access-block --data" | "account public-access-block --config" | "group add --data" | "group add --config" | "group list --data" | "group list --config" | "group join --data" | "group join --config" | "group leave --data" | "group leave --config" | "group remove --data" | "group remove --config" | "role add --trust-policy" | "role add --data" | "role add --config" | "role list --data" | "role list --config" | "role trust --trust-policy" | "role trust --data" | "role trust --config" | "role show --data" | "role show --config" | "role remove --data" | "role remove --config" | "policy add --document" | "policy add --data" | "policy add --config" | "policy set --document" | "policy set --data" | "policy set --config" | "policy list --data" | "policy list --config" | "policy show --data" | "policy show --config" | "policy attach --data" | "policy attach --config" | "policy detach --data" | "policy detach --config" | "policy bound --data" | "policy bound --config" | "policy unbound --data" | "policy unbound --config" | "policy remove --data" | "policy remove --config" | "keys list --key-ring" | "keys list --data" | "keys list --config" | "keys rotate --key-ring" | "keys rotate --data" | "keys rotate --config" | "keys create --key-ring" | "keys create --data" | "keys create --config" | "keys disable --key-ring" | "keys disable --data" | "keys disable --config" | "keys enable --key-ring" | "keys enable --data" | "keys enable --config" | "keys delete --key-ring" | "keys delete --data" | "keys delete --config" | "keys cancel-deletion --key-ring" | "keys cancel-deletion --data" | "keys cancel-deletion --config" | "keys alias set --key-ring" | "keys alias set --data" | "keys alias set --config" | "keys alias remove --key-ring" | "keys alias remove --data" | "keys alias remove --config" | "clock show --data" | "clock show --config" | "clock advance --data" | "clock advance --config" | "clock set --data" | "clock set --config" | "clock reset --data" | "clock reset --config" | "lifecycle run --data" | "lifecycle run --config" | "scrub --data" | "scrub --config" | "requests --data" | "requests --config" | "why --canonical" | "why --data" | "why --config" | "fault add --data" | "fault add --config" | "fault apply --data" | "fault apply --config" | "fault list --data" | "fault list --config" | "fault remove --data" | "fault remove --config" | "fault clear --data" | "fault clear --config" | "try-client --compare")
      kind=path ;;
    " --durability" | "serve --durability")
      kind=words values="synced written" ;;
    " --restore-times" | "serve --restore-times")
      kind=words values="instant s3" ;;
    " --default-encryption" | "serve --default-encryption")
      kind=words values="AES256 off" ;;
    " --log-level" | "serve --log-level")
      kind=words values="trace debug info warn error fatal silent" ;;
    "account public-access-block --block")
      kind=words values="all none BlockPublicAcls IgnorePublicAcls BlockPublicPolicy RestrictPublicBuckets" ;;
    "requests --operation" | "fault add --operation")
      kind=words values="AbortMultipartUpload CompleteMultipartUpload CopyObject CreateBucket CreateBucketMetadataConfiguration CreateBucketMetadataTableConfiguration CreateMultipartUpload CreateSession DeleteBucket DeleteBucketAnalyticsConfiguration DeleteBucketCors DeleteBucketEncryption DeleteBucketIntelligentTieringConfiguration DeleteBucketInventoryConfiguration DeleteBucketLifecycle DeleteBucketMetadataConfiguration DeleteBucketMetadataTableConfiguration DeleteBucketMetricsConfiguration DeleteBucketOwnershipControls DeleteBucketPolicy DeleteBucketReplication DeleteBucketTagging DeleteBucketWebsite DeleteObject DeleteObjectAnnotation DeleteObjectTagging DeleteObjects DeletePublicAccessBlock GetBucketAbac GetBucketAccelerateConfiguration GetBucketAcl GetBucketAnalyticsConfiguration GetBucketCors GetBucketEncryption GetBucketIntelligentTieringConfiguration GetBucketInventoryConfiguration GetBucketLifecycleConfiguration GetBucketLocation GetBucketLogging GetBucketMetadataConfiguration GetBucketMetadataTableConfiguration GetBucketMetricsConfiguration GetBucketNotificationConfiguration GetBucketOwnershipControls GetBucketPolicy GetBucketPolicyStatus GetBucketReplication GetBucketRequestPayment GetBucketTagging GetBucketVersioning GetBucketWebsite GetObject GetObjectAcl GetObjectAnnotation GetObjectAttributes GetObjectLegalHold GetObjectLockConfiguration GetObjectRetention GetObjectTagging GetObjectTorrent GetPublicAccessBlock HeadBucket HeadObject ListBucketAnalyticsConfigurations ListBucketIntelligentTieringConfigurations ListBucketInventoryConfigurations ListBucketMetricsConfigurations ListBuckets ListDirectoryBuckets ListMultipartUploads ListObjectAnnotations ListObjectVersions ListObjects ListObjectsV2 ListParts PutBucketAbac PutBucketAccelerateConfiguration PutBucketAcl PutBucketAnalyticsConfiguration PutBucketCors PutBucketEncryption PutBucketIntelligentTieringConfiguration PutBucketInventoryConfiguration PutBucketLifecycleConfiguration PutBucketLogging PutBucketMetricsConfiguration PutBucketNotificationConfiguration PutBucketOwnershipControls PutBucketPolicy PutBucketReplication PutBucketRequestPayment PutBucketTagging PutBucketVersioning PutBucketWebsite PutObject PutObjectAcl PutObjectAnnotation PutObjectLegalHold PutObjectLockConfiguration PutObjectRetention PutObjectTagging PutPublicAccessBlock RenameObject RestoreObject SelectObjectContent UpdateBucketMetadataAnnotationTableConfiguration UpdateBucketMetadataInventoryTableConfiguration UpdateBucketMetadataJournalTableConfiguration UpdateObjectEncryption UploadPart UploadPartCopy WriteGetObjectResponse" ;;
    "requests --method" | "fault add --method")
      kind=words values="GET HEAD PUT POST DELETE" ;;
    "requests --status")
      kind=words values="2xx 3xx 4xx 5xx" ;;
    "requests --code" | "fault add --error" | "fault add --error-inside-200" | "fault add --key-error" | "errors ")
      kind=words values="AccessControlListNotSupported AccessDenied AccessDeniedException AccessForbidden AccessGrantAlreadyExists AccessGrantsInstanceAlreadyExists AccessGrantsInstanceNotEmptyError AccessGrantsInstanceNotExistsError AccessGrantsInstanceResourcePolicyNotExists AccessGrantsLocationAlreadyExistsError AccessGrantsLocationNotEmptyError AccessGrantsLocationsQuotaExceededError AccessGrantsQuotaExceededError AccessPointAlreadyOwnedByYou AccountNotAuthorized AccountProblem ActivityMetricsMustEnabled AllAccessDisabled AmbiguousFieldName AmbiguousGrantByEmailAddress AnnotationLimitExceeded AnnotationNameTooLong AnnotationRequestConflict AuthorizationHeaderMalformed AuthorizationQueryParametersError AWSOrganizationsNotInUseException BadDigest BadRequest BadRequestException BucketAlreadyExists BucketAlreadyOwnedByYou BucketHasAccessPointsAttached BucketNotEmpty Busy CastFailed ClientTokenConflict ColumnTooLong ConditionalRequestConflict ConfigurationAlreadyExists ConflictException ConnectionClosedByRequester CredentialsNotSupported CrossLocationLoggingProhibited CrossLocationLoggingProhibitted CSVEscapingRecordDelimiter CSVParsingError CSVUnescapedQuote DefaultConfigurationDeleteForbidden DeviceNotActiveError DuplicateElement DuplicateStorageLensGroupARN EmptyExcludeContainer EmptyExcludeElement EmptyIncludeContainer EmptyIncludeElement EmptyRequestBody EncryptionTypeMismatch EndpointNotFound EntityTooLarge EntityTooSmall EvaluatorBindingDoesNotExist EvaluatorInvalidArguments EvaluatorInvalidTimestampFormatPattern EvaluatorInvalidTimestampFormatPatternSymbol EvaluatorInvalidTimestampFormatPatternSymbolForParsing EvaluatorInvalidTimestampFormatPatternToken EvaluatorLikePatternInvalidEscapeSequence EvaluatorNegativeLimit EvaluatorTimestampFormatPatternDuplicateFields EvaluatorTimestampFormatPatternHourClockAmPmMismatch EvaluatorUnterminatedTimestampFormatPatternToken ExpiredToken ExpressionTooLong ExternalEvalException ForbiddenException Found GlacierExpeditedRetrievalNotAvailable IdempotencyException IdempotencyParameterMismatch IdMismatch IllegalLocationConstraintException IllegalSqlFunctionArgument IllegalVersioningConfigurationException IncompleteBody IncorrectEndpoint IncorrectNumberOfFilesInPostRequest IncorrectSqlFunctionArgumentType InlineDataTooLarge InsufficientCapacity IntegerOverflow InternalError InternalErrors InternalServerErrorException InternalServiceException InvalidAccessGrant InvalidAccessGrantsLocation InvalidAccessKeyId InvalidAccessPoint InvalidAccessPointAliasError InvalidAddressingHeader InvalidAge InvalidAnnotationName InvalidArgument InvalidAWSOrgArn InvalidBucketAclWithBlockPublicAccessError InvalidBucketAclWithObjectOwnership InvalidBucketFilter InvalidBucketName InvalidBucketOwnerAWSAccountID InvalidBucketState InvalidCast InvalidChunkSizeError InvalidColumnIndex InvalidCompressionFormat InvalidConfigId InvalidDataSource InvalidDataType InvalidDestination InvalidDigest InvalidEncryptionAlgorithmError InvalidEncryptionMethod InvalidExpressionType InvalidFileHeaderInfo InvalidFilter InvalidFilterForDefaultConfiguration InvalidHostHeader InvalidHttpMethod InvalidIamRole InvalidIdentityCenterInstance InvalidIncludeExcludeContainers InvalidIncludeExcludeElements InvalidJsonType InvalidKey InvalidKeyPath InvalidKMSEncryptionKeyId InvalidLocationConstraint InvalidLogicalOperator InvalidMatchAnyPrefix InvalidMatchAnySuffix InvalidMatchAnyTag InvalidMatchObjectAge InvalidMatchObjectSize InvalidMaximumPrefixDepth InvalidMinimumStorageBytesPercentage InvalidName InvalidNextTokenException InvalidNumericCombination InvalidObjectState InvalidOrganizationARN InvalidOrganizationForDefaultConfiguration InvalidOutpostState InvalidPart InvalidPartNumber InvalidPartOrder InvalidPayer InvalidPolicyDocument InvalidPrefix InvalidQuoteFields InvalidRange InvalidRedirectLocation InvalidRegion InvalidRegionForDefaultConfiguration InvalidRegionName InvalidRequest InvalidRequestException InvalidRequestParameter InvalidResourcePolicy InvalidRetentionPeriod InvalidS3DestinationBucket InvalidScanRange InvalidSecurity InvalidSessionException InvalidSignature InvalidSize InvalidSOAPRequest InvalidStorageClass InvalidStorageLensArn InvalidStorageLensGroupARN InvalidSuffix InvalidTableAlias InvalidTag InvalidTags InvalidTargetBucketForLogging InvalidTextEncoding InvalidToken InvalidURI InvalidWriteOffset JobStatusException JSONParsingError KeyTooLongError KMS.DisabledException KMS.InvalidKeyUsageException KMS.KMSInvalidStateException KMS.NotFoundException LambdaInvalidResponse LambdaInvocationFailed LambdaNotFound LambdaPermissionError LambdaResponseNotReceived LambdaRuntimeError LambdaTimeout LexerInvalidChar LexerInvalidIONLiteral LexerInvalidLiteral LexerInvalidOperator LikeInvalidInputs MalformedACLError MalformedContinuationToken MalformedPolicy MalformedPOSTRequest MalformedTrailerError MalformedXML MaxMessageLengthExceeded MaxOperatorsExceeded MaxPostPreDataLengthExceeded MaxPostPreDataLengthExceededError MetadataConfigurationNotFound MetadataTooLarge MethodNotAllowed MismatchedName MissingAccountLevelActivityMetrics MissingAttachment MissingAuthenticationToken MissingBucketLevelActivityMetrics MissingContentLength MissingEncryptionMethod MissingHeaders MissingPrefixLevelStorageMetrics MissingRequestBodyError MissingRequiredParameter MissingSecurityElement MissingSecurityHeader MultipleDataSourcesUnsupported MultiRegionAccessPointAlreadyOwnedByYou MultiRegionAccessPointModifiedByAnotherRequest MultiRegionAccessPointNotReady MultiRegionAccessPointSameBucketRegion MultiRegionAccessPointUnsupportedRegion NoLoggingStatusForKey NoSuchAccessGrantError NoSuchAccessGrantsLocationError NoSuchAccessPoint NoSuchAnnotation NoSuchAsyncRequest NoSuchBucket NoSuchBucketPolicy NoSuchConfiguration NoSuchCORSConfiguration NoSuchKey NoSuchLifecycleConfiguration NoSuchMultiRegionAccessPoint NoSuchObjectLockConfiguration NoSuchOutpost NoSuchPublicAccessBlockConfiguration NoSuchResource NoSuchTagSet NoSuchUpload NoSuchVersion NoSuchWebsiteConfiguration NotDeviceOwnerError NotFound NotFoundException NotImplemented NotModified NoTransformationDefined NotSignedUp NumberFormatError ObjectAlreadyInActiveTierError ObjectLockConfigurationNotFoundError ObjectNotInActiveTierError ObjectSerializationConflict OperationAborted OrganizationAccessDenied OrgConfigurationNotSupported OverMaxColumn OverMaxParquetBlockSize OverMaxRecordSize OwnershipControlsNotFoundError ParquetParsingError ParquetUnsupportedCompressionCodec ParseAsteriskIsNotAloneInSelectList ParseCannotMixSqbAndWildcardInSelectList ParseCastArity ParseEmptySelect ParseExpected2TokenTypes ParseExpectedArgumentDelimiter ParseExpectedDatePart ParseExpectedExpression ParseExpectedIdentForAlias ParseExpectedIdentForAt ParseExpectedIdentForGroupName ParseExpectedKeyword ParseExpectedLeftParenAfterCast ParseExpectedLeftParenBuiltinFunctionCall ParseExpectedLeftParenValueConstructor ParseExpectedMember ParseExpectedNumber ParseExpectedRightParenBuiltinFunctionCall ParseExpectedTokenType ParseExpectedTypeName ParseExpectedWhenClause ParseInvalidContextForWildcardInSelectList ParseInvalidPathComponent ParseInvalidTypeParam ParseMalformedJoin ParseMissingIdentAfterAt ParseNonUnaryAgregateFunctionCall ParseSelectMissingFrom ParseUnExpectedKeyword ParseUnexpectedOperator ParseUnexpectedTerm ParseUnexpectedToken ParseUnknownOperator ParseUnsupportedAlias ParseUnsupportedCallWithStar ParseUnsupportedCase ParseUnsupportedCaseClause ParseUnsupportedLiteralsGroupBy ParseUnsupportedSelect ParseUnsupportedSyntax ParseUnsupportedToken PermanentRedirect PermanentRedirectControlError PreconditionFailed Redirect RegionSetMismatch ReplicationConfigurationNotFoundError RequestHeaderSectionTooLarge RequestIsNotMultiPartContent RequestTimeout RequestTimeTooSkewed RequestTorrentOfBucketError ResponseInterrupted RestoreAlreadyInProgress ServerSideEncryptionConfigurationNotFoundError ServiceNotEnabledForOrg ServiceUnavailable SignatureDoesNotMatch SlowDown StorageMetricsMustEnabled StsNotAuthorizedError StsPackedPolicyTooLargeError StsValidationError TagPolicyException TemporaryRedirect TokenCodeInvalidError TokenRefreshRequired TooManyAccessPoints TooManyBuckets TooManyConfigurations TooManyElements TooManyMultiRegionAccessPointregionsError TooManyMultiRegionAccessPoints TooManyParts TooManyRegions TooManyRequestsException TooManyStorageLensGroups TooManyTags TooManyTagsException TruncatedInput UnauthorizedAccess UnauthorizedAccessError UnexpectedContent UnexpectedIPError UnrecognizedFormatException UnresolvableGrantByEmailAddress UnsupportedArgument UnsupportedFunction UnsupportedMediaType UnsupportedOperation UnsupportedParquetType UnsupportedRangeHeader UnsupportedScanRangeInput UnsupportedSignature UnsupportedSqlOperation UnsupportedSqlStructure UnsupportedStorageClass UnsupportedSyntax UnsupportedTypeForQuerying UserAnnotationNameMustBeSpecified UserKeyMustBeSpecified V1APIsNotAllowed ValidationError ValueParseFailure WebsiteRedirect XAmzContentSHA256Mismatch" ;;
    "requests --format")
      kind=words values="aws" ;;
    "fault add --status")
      kind=words values="500 502 503 504" ;;
    "fault add --per")
      kind=words values="prefix bucket rule" ;;
    "fault add --redirect")
      kind=words values="301 307" ;;
    "fault add --disconnect")
      kind=words values="reset end half-close" ;;
    "fault add --corrupt")
      kind=words values="body checksum" ;;
    "fault add --disk")
      kind=words values="full slow" ;;
    "fault add --stage")
      kind=words values="beforeAuthentication beforeExecution receiving afterCommit sending" ;;
    "fault apply " | "try-client --scenario")
      kind=path values="flaky-network lost-acknowledgements multipart-hell read-the-code retry-internal-error s3s-bad-day slow-down throttled-prefix" ;;
    "completion ")
      kind=words values="bash zsh" ;;
    "help ")
      kind=words values="serve user account group role policy keys clock lifecycle scrub requests why fault try-client errors completion help version" ;;
  esac
}

_holdfast() {
  local cur=${COMP_WORDS[COMP_CWORD]} given= flag= word words flags tail kind values i
  COMPREPLY=()
  _holdfast_behind ""
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if [[ -n $flag ]]; then
      # bash takes --flag=value apart at the sign.
      [[ $word == = ]] || flag=
    elif [[ $word == -- ]]; then
      if ((i == COMP_CWORD - 1)); then
        mapfile -t COMPREPLY < <(compgen -c -- "$cur")
      else
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$cur")
      fi
      return
    elif [[ $word == -* ]]; then
      _holdfast_values "$given" "${word%%=*}"
      [[ -n $kind && $word != *=* ]] && flag=$word
    elif [[ " $words " == *" $word "* ]]; then
      given="${given:+$given }$word"
      _holdfast_behind "$given"
    fi
  done
  [[ -n $flag && $cur == = ]] && cur=
  if [[ -z $flag && $cur == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$flags $tail" -- "$cur")
    return
  fi
  _holdfast_values "$given" "$flag"
  if [[ $kind == path ]]; then
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$cur")
    [[ -z $values ]] && return
  fi
  [[ -z $flag ]] && values="$words $values"
  mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -W "$values" -- "$cur")
}

complete -F _holdfast holdfast
