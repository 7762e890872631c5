import type { SelectErrorCode } from "../ErrorCode.ts";
import type { Explanation } from "../Explanation.ts";
import { documented } from "../Explanation.ts";

const query = documented(["select"]);

/** Queries by SelectObjectContent. */
export const selectExplanations: Readonly<Record<SelectErrorCode, Explanation>> = {
  AmbiguousFieldName: query(
    "A column name in the query fits several columns of the data.",
    "Use positions (_1, _2), quote the name to make it case-sensitive, or rename the columns.",
  ),
  Busy: query("There is no capacity for the query at the moment.", "Try again with growing pauses."),
  CastFailed: query(
    "A CAST meets a value that has no form in the wanted type.",
    "Filter such values out first, or cast to a type that holds them.",
  ),
  ColumnTooLong: query(
    "A column of the result is longer than 1 MB.",
    "Select less of it, or read the object and search it yourself.",
  ),
  CSVEscapingRecordDelimiter: query(
    "A quoted CSV field contains a record delimiter, which the request did not allow.",
    "Set AllowQuotedRecordDelimiter to TRUE.",
  ),
  CSVParsingError: query(
    "The object cannot be read as CSV with the delimiters given.",
    "Compare the delimiters and quote characters of the request with the object.",
  ),
  CSVUnescapedQuote: query(
    "A CSV field contains a quote that is not escaped.",
    "Escape it, or set the quote character to the one the object uses.",
  ),
  EmptyRequestBody: query("The query came without its document.", "Send the SelectObjectContentRequest document."),
  EvaluatorBindingDoesNotExist: query(
    "The query names a column or path that the data does not have.",
    "Check the name and FileHeaderInfo: only USE gives columns their names.",
  ),
  EvaluatorInvalidArguments: query(
    "The query gives a function more or fewer arguments than it takes.",
    "Look the function up in the SQL reference.",
  ),
  EvaluatorInvalidTimestampFormatPattern: query(
    "The format of a timestamp cannot be used.",
    "Write the pattern as the SQL reference shows.",
  ),
  EvaluatorInvalidTimestampFormatPatternSymbol: query(
    "The format of a timestamp has a letter without meaning.",
    "Use the letters of the SQL reference; quote others.",
  ),
  EvaluatorInvalidTimestampFormatPatternSymbolForParsing: query(
    "The format of a timestamp has a letter that can only be written, not read.",
    "Use a letter that TO_TIMESTAMP reads.",
  ),
  EvaluatorInvalidTimestampFormatPatternToken: query(
    "The format of a timestamp repeats a letter more often than means anything.",
    "Use the lengths the SQL reference lists.",
  ),
  EvaluatorLikePatternInvalidEscapeSequence: query(
    "The ESCAPE of a LIKE is not one character, or escapes something other than %, _ or itself.",
    "Escape only these.",
  ),
  EvaluatorNegativeLimit: query("LIMIT is given a negative number.", "Give a whole number from zero up."),
  EvaluatorTimestampFormatPatternDuplicateFields: query(
    "The format of a timestamp names the same field twice.",
    "Name each field once.",
  ),
  EvaluatorTimestampFormatPatternHourClockAmPmMismatch: query(
    "The format of a timestamp has a 12-hour clock without AM/PM, or a 24-hour clock with it.",
    "Use h with a, or H alone.",
  ),
  EvaluatorUnterminatedTimestampFormatPatternToken: query(
    "A quoted text in the format of a timestamp does not end.",
    "Close the quote.",
  ),
  ExpressionTooLong: query("The query is longer than 256 KB.", "Shorten it, or split long IN lists over several queries."),
  ExternalEvalException: query(
    "The query is correct and cannot be run on this data.",
    "Check the data and its description in the request.",
  ),
  IllegalSqlFunctionArgument: query(
    "A function got a value it cannot use.",
    "Look at the values that reach the function, and filter out the odd ones.",
  ),
  IncorrectSqlFunctionArgumentType: query(
    "A function got a value of the wrong type.",
    "Cast the value; everything in a CSV is text.",
  ),
  IntegerOverflow: query("A calculation left the range of integers.", "Cast to DECIMAL or FLOAT first."),
  InvalidCast: query(
    "A CAST goes to a type that cannot be reached from there.",
    "Cast by way of STRING, or choose another type.",
  ),
  InvalidColumnIndex: query("A column's position is out of range.", "Positions begin with _1."),
  InvalidCompressionFormat: query(
    "The object is not compressed as the request says, or the compression is unknown.",
    "Say NONE, GZIP or BZIP2, as the object is.",
  ),
  InvalidDataSource: query(
    "The input is none of CSV, JSON and Parquet, or FROM names something other than S3Object.",
    "Describe the input as one of the three and query S3Object.",
  ),
  InvalidDataType: query("The query uses a type that does not exist.", "Use the types of the SQL reference."),
  InvalidExpressionType: query("The query is said to be in a language other than SQL.", "Say SQL."),
  InvalidFileHeaderInfo: query("FileHeaderInfo has a value that does not exist.", "Use one of these."),
  InvalidJsonType: {
    cause: "The JSON input is said to be neither DOCUMENT nor LINES.",
    remedy: "Use LINES for one value per line, otherwise DOCUMENT.",
    areas: ["select"],
    confidence: "observed",
    messages: [
      {
        text: "The {value} jsonType is invalid. Please check the service documentation and try again.",
        when: "As recorded from S3.",
      },
      { text: "The JsonType value is not valid. Only DOCUMENT and LINES are supported.", when: "As the documentation has it." },
    ],
  },
  InvalidKeyPath: query("A path in the query cannot be used.", "Write it as S3Object[*].name."),
  InvalidQuoteFields: query("QuoteFields has a value that does not exist.", "Use one of these."),
  InvalidRequestParameter: query(
    "An element of the request has a value that is not accepted.",
    "Compare the request with the API reference.",
  ),
  InvalidScanRange: query(
    "ScanRange ends before it begins, is negative, or lies behind the object.",
    "Give Start and End within the object's size.",
  ),
  InvalidTableAlias: query("The name given to the table cannot be used.", "Use a plain word that is no keyword."),
  InvalidTextEncoding: {
    cause: "The object is not UTF-8.",
    remedy: "Convert it to UTF-8.",
    areas: ["select"],
    confidence: "observed",
    messages: [
      { text: "UTF-8 encoding is required. The text encoding error was found near byte {n}.", when: "As recorded from S3." },
      { text: "The encoding type is not valid. Only UTF-8 encoding is supported.", when: "As the documentation has it." },
    ],
  },
  JSONParsingError: {
    cause: "The object cannot be read as JSON.",
    remedy: "Check the object, and whether DOCUMENT or LINES describes it.",
    areas: ["select"],
    confidence: "observed",
    messages: [
      { text: "Error parsing JSON file. Please check the file and try again.", when: "As recorded from S3." },
      {
        text: "An error occurred while parsing the JSON file. Check the file and try again.",
        when: "As the documentation has it.",
      },
    ],
  },
  LexerInvalidChar: query(
    "The query has a character that SQL does not know.",
    "Take it out; typographic quotes are the usual one.",
  ),
  LexerInvalidIONLiteral: query("The query has a broken Ion value between backquotes.", "Correct or remove it."),
  LexerInvalidLiteral: query("The query has a broken literal.", "Put text into single quotes and write numbers plainly."),
  LexerInvalidOperator: query("The query has a broken operator.", "Use the operators of the SQL reference."),
  LikeInvalidInputs: query("LIKE is given something other than text.", "Cast the value to STRING."),
  MaxOperatorsExceeded: query("The query has too many operators.", "Use IN for long chains of OR, or divide the query."),
  MissingHeaders: query(
    "The query names columns that the CSV's first line does not have.",
    "Compare the names with the first line.",
  ),
  MissingRequiredParameter: query("The request lacks a required element.", "Compare it with the API reference."),
  MultipleDataSourcesUnsupported: query("FROM names several tables.", "Query one object at a time."),
  NumberFormatError: query(
    "A number in the data cannot be read or is too large.",
    "Filter such values out, or read them as text.",
  ),
  ObjectSerializationConflict: query("The request describes the input or the output in two formats.", "Leave one."),
  OverMaxColumn: query("The data has more columns than can be handled.", "Divide the data, or read the object yourself."),
  OverMaxParquetBlockSize: query("A row group of the Parquet file is too large.", "Write the file with smaller row groups."),
  OverMaxRecordSize: query("A record is longer than 1 MB.", "Check the record delimiter; if it is right, divide the records."),
  ParquetParsingError: query("The object cannot be read as Parquet.", "Check that it is a whole Parquet file."),
  ParquetUnsupportedCompressionCodec: query(
    "The Parquet file is compressed in a way that is not supported.",
    "Write it with Snappy or GZIP.",
  ),
  ParseAsteriskIsNotAloneInSelectList: query(
    "* stands in the SELECT list beside other items.",
    "Select * alone, or name the columns.",
  ),
  ParseCannotMixSqbAndWildcardInSelectList: query("One item of the SELECT list has both [] and *.", "Use one of them."),
  ParseCastArity: query("CAST needs one value and one type, and has more or fewer.", "Write CAST(value AS type)."),
  ParseEmptySelect: query("SELECT lists nothing.", "Name a column or *."),
  ParseExpected2TokenTypes: query(
    "At one place the query needs one of two things and has neither.",
    "Look at the line and column, and at what stands before.",
  ),
  ParseExpectedArgumentDelimiter: query("Two arguments of a function stand without a comma between them.", "Put it in."),
  ParseExpectedDatePart: query("A date function lacks its part (YEAR, MONTH …).", "Name the part first."),
  ParseExpectedExpression: query("An expression is missing.", "Look for an operator or keyword with nothing behind it."),
  ParseExpectedIdentForAlias: query("Behind AS there is no name.", "Put a name behind it."),
  ParseExpectedIdentForAt: query("Behind AT there is no name.", "Put a name behind it."),
  ParseExpectedIdentForGroupName: query("GROUP … AS was used, and grouping does not exist here.", "Group the result yourself."),
  ParseExpectedKeyword: query("A keyword is missing.", "Compare the query with SELECT … FROM S3Object … WHERE …."),
  ParseExpectedLeftParenAfterCast: query("CAST is not followed by a parenthesis.", "Write CAST(value AS type)."),
  ParseExpectedLeftParenBuiltinFunctionCall: query(
    "A function's name is not followed by a parenthesis.",
    "Add it, or quote the name if a column is meant.",
  ),
  ParseExpectedLeftParenValueConstructor: query(
    "A list of values does not begin with a parenthesis.",
    "Put the values into parentheses.",
  ),
  ParseExpectedMember: query("A member of a structure is missing or cannot be used here.", "Name members as path.name."),
  ParseExpectedNumber: query("A number is missing.", "Put one there; LIMIT takes no expression."),
  ParseExpectedRightParenBuiltinFunctionCall: query("A function call does not end.", "Close the parenthesis."),
  ParseExpectedTokenType: query(
    "The query needs a certain thing at one place and has another.",
    "Look at the line and column, and at what stands before.",
  ),
  ParseExpectedTypeName: query("A type's name is missing.", "Name one behind AS."),
  ParseExpectedWhenClause: query("CASE has no WHEN.", "Write CASE WHEN … THEN … END."),
  ParseInvalidContextForWildcardInSelectList: query("* stands where it means nothing.", "Use it alone, or behind a path."),
  ParseInvalidPathComponent: query("One step of a path cannot be used.", "Use names, positions in brackets, and [*]."),
  ParseInvalidTypeParam: query("A type has a parameter it cannot have.", "Leave it out, or make it a positive number."),
  ParseMalformedJoin: query(
    "The query joins tables, which does not exist here.",
    "Query one object and join the results yourself.",
  ),
  ParseMissingIdentAfterAt: query("Behind @ there is no name.", "Put a name behind it."),
  ParseNonUnaryAgregateFunctionCall: query(
    "An aggregate function got more or fewer than one argument. The code is spelt with one g.",
    "Give it one.",
  ),
  ParseSelectMissingFrom: query("The query has no FROM.", "Add FROM S3Object."),
  ParseUnExpectedKeyword: query(
    "A keyword stands where none may be. The code is spelt with a capital E.",
    "Put names that are keywords into double quotes.",
  ),
  ParseUnexpectedOperator: query("An operator stands where none may be.", "Look for a missing operand before it."),
  ParseUnexpectedTerm: query("A value or name stands where none may be.", "Look for a missing comma or operator before it."),
  ParseUnexpectedToken: {
    cause: "Something stands where nothing of its kind may be.",
    remedy: "Look at the line and column in the message.",
    areas: ["select"],
    confidence: "observed",
    messages: [
      { text: "Unexpected token found {KEYWORD:UNKNOWN} at line {line}, column {column}.", when: "As recorded from S3." },
      { text: "The SQL expression contains an unexpected token.", when: "As the documentation has it." },
    ],
  },
  ParseUnknownOperator: query("An operator does not exist.", "Use the operators of the SQL reference."),
  ParseUnsupportedAlias: query("A name is given where none can be.", "Take the alias out."),
  ParseUnsupportedCallWithStar: query("A function was given *, which only COUNT takes.", "Name a column."),
  ParseUnsupportedCase: query(
    "CASE is used in a form or place that does not exist here.",
    "Use CASE WHEN in the SELECT list or the condition.",
  ),
  ParseUnsupportedCaseClause: query("A clause of CASE does not exist here.", "Use WHEN, THEN and ELSE."),
  ParseUnsupportedLiteralsGroupBy: query("GROUP BY does not exist here.", "Group the result yourself."),
  ParseUnsupportedSelect: query("The form of SELECT does not exist here.", "Use a plain SELECT without subqueries."),
  ParseUnsupportedSyntax: query("The query is SQL of a kind that does not exist here.", "Keep to SELECT, FROM, WHERE and LIMIT."),
  ParseUnsupportedToken: query("The query has a word or sign that does not exist here.", "Look at the line and column."),
  TruncatedInput: query(
    "The compressed object ends too early.",
    "Check that the upload was whole, and that the compression is the one said.",
  ),
  UnauthorizedAccess: query("The caller may not run this query.", "Have the owner allow s3:GetObject on the object."),
  UnrecognizedFormatException: query("The object is not in the format the request says.", "Describe the input as what it is."),
  UnsupportedFunction: query("The query calls a function that does not exist here.", "Use the functions of the SQL reference."),
  UnsupportedParquetType: query(
    "A column of the Parquet file has a type that cannot be read.",
    "Leave the column out, or write it with another type.",
  ),
  UnsupportedRangeHeader: query("A Range header came with a query.", "Use ScanRange in the request."),
  UnsupportedScanRangeInput: query(
    "ScanRange was used on data that cannot be divided: compressed, with quoted delimiters, or one JSON document.",
    "Query the whole object.",
  ),
  UnsupportedSqlOperation: query(
    "The query asks for something that does not exist here.",
    "Keep to SELECT, FROM, WHERE and LIMIT.",
  ),
  UnsupportedSqlStructure: query("The query is put together in a way that does not exist here.", "Use one plain SELECT."),
  UnsupportedStorageClass: query("The object's storage class cannot be queried.", "Copy the object to STANDARD, or restore it."),
  UnsupportedSyntax: query("The query is not valid.", "Compare it with the SQL reference."),
  UnsupportedTypeForQuerying: query(
    "The query compares a type that cannot be compared, such as Parquet's INT96.",
    "Leave the column out of the condition.",
  ),
  ValueParseFailure: query(
    "The data has a timestamp of an unknown form.",
    "Filter such values out, or give the format with TO_TIMESTAMP.",
  ),
};
