<?php
/** Makes the calls that come as JSON on standard input with SoapClient, as the WSDL at argv[1] describes them; prints the outcomes as JSON. */

const S3_NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

[, $wsdl, $certificate] = $argv;
$version = $argv[3] ?? '1.1';

$client = new SoapClient($wsdl, [
    'cache_wsdl' => WSDL_CACHE_NONE,
    'exceptions' => true,
    'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
    'soap_version' => $version === '1.2' ? SOAP_1_2 : SOAP_1_1,
    'stream_context' => stream_context_create(['ssl' => ['cafile' => $certificate]]),
]);

/** An argument as SoapClient wants it: bytes for what it encodes itself, an object that says its type for a grantee. */
function argument(string|int $name, mixed $value): mixed
{
    if ($name === 'Data') return base64_decode($value);
    if ($name === 'Grantee') return new SoapVar((object) $value, SOAP_ENC_OBJECT, $value['type'], S3_NAMESPACE);
    if (!is_array($value)) return $value;
    foreach ($value as $key => $inside) $value[$key] = argument($key, $inside);
    return $value;
}

/** The three elements that say who asks; nothing for a call that nobody signs. */
function signature(array $call): array
{
    if (!isset($call['as'])) return [];
    $timestamp = (new DateTime('-' . ($call['ageSeconds'] ?? 0) . ' seconds', new DateTimeZone('UTC')))->format('Y-m-d\TH:i:s.v\Z');
    $mac = hash_hmac('sha1', 'AmazonS3' . $call['operation'] . $timestamp, $call['as']['secretAccessKey'], true);
    return [
        'AWSAccessKeyId' => $call['as']['accessKeyId'],
        'Timestamp' => $call['timestamp'] ?? $timestamp,
        'Signature' => base64_encode($mac),
    ];
}

/** What SoapClient has read, as JSON can say it: bytes in base64. A grantee is what has the members of one. */
function plain(mixed $value, string|int $name = ''): mixed
{
    if ($name === 'Data' && $value !== null) return base64_encode($value);
    if (is_object($value)) $value = get_object_vars($value);
    if (!is_array($value)) return $value;
    if ($name === 'Grantee') $value = ['type' => isset($value['URI']) ? 'Group' : 'CanonicalUser'] + $value;
    foreach ($value as $key => $inside) $value[$key] = plain($inside, is_int($key) ? $name : $key);
    return $value;
}

function outcome(SoapClient $client, array $call): array
{
    try {
        $answer = $client->__soapCall($call['operation'], [argument('', $call['arguments']) + signature($call)]);
    } catch (SoapFault $fault) {
        $detail = array_map(strval(...), get_object_vars($fault->detail ?? new stdClass()));
        return ['fault' => ['code' => $fault->faultcode, 'message' => $fault->faultstring, 'detail' => (object) $detail]];
    }
    // The one element inside the response's; those that set something have none.
    $inside = array_values(get_object_vars($answer))[0] ?? new stdClass();
    return ['result' => (object) plain($inside)];
}

$calls = json_decode(file_get_contents('php://stdin'), true, flags: JSON_THROW_ON_ERROR);
echo json_encode(array_map(fn (array $call) => outcome($client, $call), $calls), JSON_THROW_ON_ERROR);
