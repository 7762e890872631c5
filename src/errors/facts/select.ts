import type { SelectErrorCode } from "../ErrorCode.ts";
import type { ErrorFacts } from "../ErrorFacts.ts";

/** Queries by SelectObjectContent. */
export const selectFacts: Readonly<Record<SelectErrorCode, ErrorFacts>> = {
  AmbiguousFieldName: {
    message: "The field name matches to multiple fields in the file. Check the SQL expression and the file, and try again.",
  },
  Busy: { status: 503, message: "The service is unavailable. Try again later.", retryable: true },
  CastFailed: { message: "An attempt to convert from one data type to another using CAST failed in the SQL expression." },
  ColumnTooLong: { message: "The length of a column in the result is greater than maxCharsPerColumn of 1 MB." },
  CSVEscapingRecordDelimiter: {
    message:
      "A quoted record delimiter was found in the file. To allow quoted record delimiters, set AllowQuotedRecordDelimiter to 'TRUE'.",
  },
  CSVParsingError: { message: "An error occurred while parsing the CSV file. Check the file and try again." },
  CSVUnescapedQuote: {
    message:
      "An unescaped quote was found while parsing the CSV file. To allow quoted record delimiters, set AllowQuotedRecordDelimiter to 'TRUE'.",
  },
  EmptyRequestBody: { message: "The request body cannot be empty." },
  EvaluatorBindingDoesNotExist: { message: "A column name or a path provided does not exist in the SQL expression." },
  EvaluatorInvalidArguments: { message: "There is an incorrect number of arguments in the function call in the SQL expression." },
  EvaluatorInvalidTimestampFormatPattern: { message: "The timestamp format string in the SQL expression is not valid." },
  EvaluatorInvalidTimestampFormatPatternSymbol: {
    message: "The timestamp format pattern contains a symbol in the SQL expression that is not valid.",
  },
  EvaluatorInvalidTimestampFormatPatternSymbolForParsing: {
    message:
      "The timestamp format pattern contains a valid format symbol that cannot be applied to timestamp parsing in the SQL expression.",
  },
  EvaluatorInvalidTimestampFormatPatternToken: {
    message: "The timestamp format pattern contains a token in the SQL expression that is not valid.",
  },
  EvaluatorLikePatternInvalidEscapeSequence: { message: "An argument given to the LIKE expression was not valid." },
  EvaluatorNegativeLimit: { message: "LIMIT must not be negative." },
  EvaluatorTimestampFormatPatternDuplicateFields: {
    message:
      "The timestamp format pattern contains multiple format specifiers representing the timestamp field in the SQL expression.",
  },
  EvaluatorTimestampFormatPatternHourClockAmPmMismatch: {
    message:
      "The timestamp format pattern contains a 12-hour hour of day format symbol but doesn't also contain an AM/PM field, or it contains a 24-hour hour of day format specifier and contains an AM/PM field in the SQL expression..",
  },
  EvaluatorUnterminatedTimestampFormatPatternToken: {
    message: "The timestamp format pattern contains an unterminated token in the SQL expression.",
  },
  ExpressionTooLong: { message: "The SQL expression is too long. The maximum byte-length for an SQL expression is 256 KB." },
  ExternalEvalException: { message: "The query cannot be evaluated. Check the file and try again." },
  IllegalSqlFunctionArgument: { message: "An illegal argument was used in the SQL function." },
  IncorrectSqlFunctionArgumentType: {
    message: "An incorrect argument type was specified in a function call in the SQL expression.",
  },
  IntegerOverflow: { message: "An integer overflow or underflow occurred in the SQL expression." },
  InvalidCast: { message: "An attempt to convert from one data type to another using CAST failed in the SQL expression." },
  InvalidColumnIndex: { message: "The column index in the SQL expression is not valid." },
  InvalidCompressionFormat: { message: "The file is not in a supported compression format. Only GZIP and BZIP2 are supported." },
  InvalidDataSource: { message: "The data source type is not valid. Only CSV, JSON, and Parquet are supported." },
  InvalidDataType: { message: "The SQL expression contains a data type that is not valid." },
  InvalidExpressionType: { message: "The ExpressionType value is not valid. Only SQL expressions are supported." },
  InvalidFileHeaderInfo: { message: "The FileHeaderInfo value is not valid. Only NONE, USE, and IGNORE are supported." },
  InvalidJsonType: { message: "The {value} jsonType is invalid. Please check the service documentation and try again." },
  InvalidKeyPath: { message: "The key path in the SQL expression is not valid." },
  InvalidQuoteFields: { message: "The QuoteFields value is not valid. Only ALWAYS and ASNEEDED are supported." },
  InvalidRequestParameter: {
    message:
      "The value of a parameter in the SelectRequest element is not valid. Check the service API documentation and try again.",
  },
  InvalidScanRange: { message: "The provided scan range is not valid." },
  InvalidTableAlias: { message: "The SQL expression contains a table alias that is not valid." },
  InvalidTextEncoding: { message: "UTF-8 encoding is required. The text encoding error was found near byte {n}." },
  JSONParsingError: { message: "Error parsing JSON file. Please check the file and try again." },
  LexerInvalidChar: { message: "The SQL expression contains a character that is not valid." },
  LexerInvalidIONLiteral: { message: "The SQL expression contains an operator that is not valid." },
  LexerInvalidLiteral: { message: "The SQL expression contains an operator that is not valid." },
  LexerInvalidOperator: { message: "The SQL expression contains a literal that is not valid." },
  LikeInvalidInputs: { message: "The argument given to the LIKE clause in the SQL expression is not valid." },
  MaxOperatorsExceeded: {
    message: "Failed to parse SQL expression, try reducing complexity. For example, reduce number of operators used.",
  },
  MissingHeaders: { soap: null, message: "Some headers in the query are missing from the file. Check the file and try again." },
  MissingRequiredParameter: {
    message: "The SelectRequest entity is missing a required parameter. Check the service documentation and try again.",
  },
  MultipleDataSourcesUnsupported: { message: "Multiple data sources are not supported." },
  NumberFormatError: {
    message: "An error occurred while parsing a number. This error can be caused by underflow or overflow of integers.",
  },
  ObjectSerializationConflict: {
    message:
      "InputSerialization specifies more than one format (CSV, JSON, or Parquet), or OutputSerialization specifies more than one format (CSV or JSON).",
  },
  OverMaxColumn: { message: "The number of columns in the result is greater than the maximum allowable number of columns." },
  OverMaxParquetBlockSize: { message: "The Parquet file is above the max row group size." },
  OverMaxRecordSize: {
    message: "The length of a record in the input or result is greater than the maxCharsPerRecord limit of 1 MB.",
  },
  ParquetParsingError: { message: "An error occurred while parsing the Parquet file. Check the file and try again." },
  ParquetUnsupportedCompressionCodec: { message: "The specified Parquet compression codec is not supported." },
  ParseAsteriskIsNotAloneInSelectList: {
    message: "Other expressions are not allowed in the SELECT list when * is used without dot notation in the SQL expression.",
  },
  ParseCannotMixSqbAndWildcardInSelectList: {
    message: "Cannot mix [] and * in the same expression in a SELECT list in the SQL expression.",
  },
  ParseCastArity: { message: "The SQL expression CAST has incorrect arity." },
  ParseEmptySelect: { message: "The SQL expression contains an empty SELECT clause." },
  ParseExpected2TokenTypes: { message: "The expected token in the SQL expression was not found." },
  ParseExpectedArgumentDelimiter: { message: "The expected argument delimiter in the SQL expression was not found." },
  ParseExpectedDatePart: { message: "The expected date part in the SQL expression was not found." },
  ParseExpectedExpression: { message: "The expected SQL expression was not found." },
  ParseExpectedIdentForAlias: { message: "The expected identifier for the alias in the SQL expression was not found." },
  ParseExpectedIdentForAt: { message: "The expected identifier for AT name in the SQL expression was not found." },
  ParseExpectedIdentForGroupName: { message: "GROUP is not supported in the SQL expression." },
  ParseExpectedKeyword: { message: "The expected keyword in the SQL expression was not found." },
  ParseExpectedLeftParenAfterCast: { message: "The expected left parenthesis after CAST in the SQL expression was not found." },
  ParseExpectedLeftParenBuiltinFunctionCall: { message: "The expected left parenthesis in the SQL expression was not found." },
  ParseExpectedLeftParenValueConstructor: { message: "The expected left parenthesis in the SQL expression was not found." },
  ParseExpectedMember: { message: "The SQL expression contains an unsupported use of MEMBER." },
  ParseExpectedNumber: { message: "The expected number in the SQL expression was not found." },
  ParseExpectedRightParenBuiltinFunctionCall: {
    message: "The expected right parenthesis character in the SQL expression was not found.",
  },
  ParseExpectedTokenType: { message: "The expected token in the SQL expression was not found." },
  ParseExpectedTypeName: { message: "The expected type name in the SQL expression was not found." },
  ParseExpectedWhenClause: { message: "The expected WHEN clause in the SQL expression was not found. CASE is not supported." },
  ParseInvalidContextForWildcardInSelectList: { message: "The use of * in the SELECT list in the SQL expression is not valid." },
  ParseInvalidPathComponent: { message: "The SQL expression contains a path component that is not valid." },
  ParseInvalidTypeParam: { message: "The SQL expression contains a parameter value that is not valid." },
  ParseMalformedJoin: { message: "JOIN is not supported in the SQL expression." },
  ParseMissingIdentAfterAt: { message: "The expected identifier after the @ symbol in the SQL expression was not found." },
  ParseNonUnaryAgregateFunctionCall: { message: "Only one argument is supported for aggregate functions in the SQL expression." },
  ParseSelectMissingFrom: { message: "The SQL expression contains a missing FROM after the SELECT list." },
  ParseUnExpectedKeyword: { message: "The SQL expression contains an unexpected keyword." },
  ParseUnexpectedOperator: { message: "The SQL expression contains an unexpected operator." },
  ParseUnexpectedTerm: { message: "The SQL expression contains an unexpected term." },
  ParseUnexpectedToken: { message: "Unexpected token found {KEYWORD:UNKNOWN} at line {line}, column {column}." },
  ParseUnknownOperator: { message: "The SQL expression contains an operator that is not valid." },
  ParseUnsupportedAlias: { message: "The SQL expression contains an unsupported use of ALIAS." },
  ParseUnsupportedCallWithStar: { message: "Only COUNT with (*) as a parameter is supported in the SQL expression." },
  ParseUnsupportedCase: { message: "The SQL expression contains an unsupported use of CASE." },
  ParseUnsupportedCaseClause: { message: "The SQL expression contains an unsupported use of CASE." },
  ParseUnsupportedLiteralsGroupBy: { message: "The SQL expression contains an unsupported use of GROUP BY." },
  ParseUnsupportedSelect: { message: "The SQL expression contains an unsupported use of SELECT." },
  ParseUnsupportedSyntax: { message: "The SQL expression contains unsupported syntax." },
  ParseUnsupportedToken: { message: "The SQL expression contains an unsupported token." },
  TruncatedInput: {
    message:
      "Object decompression failed. Check that the object is properly compressed using the format specified in the request.",
  },
  UnauthorizedAccess: { status: 401, message: "You are not authorized to perform this operation." },
  UnrecognizedFormatException: { message: "We encountered a record type that is not valid." },
  UnsupportedFunction: { message: "We encountered an unsupported SQL function." },
  UnsupportedParquetType: { message: "The specified Parquet type is not supported." },
  UnsupportedRangeHeader: { message: "A range header is not supported for this operation." },
  UnsupportedScanRangeInput: { message: "Scan range queries are not supported on this type of object." },
  UnsupportedSqlOperation: { message: "We encountered an unsupported SQL operation." },
  UnsupportedSqlStructure: { message: "We encountered an unsupported SQL structure. Check the SQL Reference." },
  UnsupportedStorageClass: {
    message:
      "We encountered a storage class that is not supported. Only STANDARD, STANDARD_IA, and ONEZONE_IA storage classes are supported.",
  },
  UnsupportedSyntax: { message: "We encountered syntax that is not valid." },
  UnsupportedTypeForQuerying: {
    message:
      "Your query contains an unsupported type for comparison (e.g. verifying that a Parquet INT96 column type is greater than 0).",
  },
  ValueParseFailure: { message: "A timestamp parse failure occurred in the SQL expression." },
};
