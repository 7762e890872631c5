import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.zip.CRC32;

import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.crt.AwsCrtAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * The low-level calls of the AWS SDK for Java v2 with its default settings. Arguments: endpoint, rounds, each as
 * the HTTP client it uses and its name. Prints a line for each round: OK, or what differed.
 */
public class Round {
    static final int MIB = 1024 * 1024;
    /** Three parts, the last of them short. Every byte tells its place, so that parts in the wrong order show. */
    static final byte[] CONTENT = pattern(11 * MIB);
    static final List<byte[]> PARTS = List.of(slice(0, 5), slice(5, 10), slice(10, 11));
    /** Java has no CRC64NVME: this is that of CONTENT, as awscrt computes it. */
    static final String CRC64NVME = "cylAzBaemac=";
    static final Region REGION = Region.US_EAST_1;

    /** The three calls that have bodies; everything else is asked of `plain`. */
    interface Bodies {
        PutObjectResponse put(PutObjectRequest request, byte[] body);

        UploadPartResponse part(UploadPartRequest request, byte[] body);

        ResponseBytes<GetObjectResponse> get(GetObjectRequest request);
    }

    static String bucket;
    static S3Client plain;
    static Bodies bodies;

    public static void main(String[] args) {
        URI endpoint = URI.create(args[0]);
        for (String name : Arrays.asList(args).subList(1, args.length)) {
            String[] words = name.split(" ");
            System.out.println(name + ": " + play(endpoint, words[0], words[1]));
        }
        // Some of the clients leave threads running.
        System.exit(0);
    }

    /** Plays a round in a bucket of its own. */
    static String play(URI endpoint, String client, String round) {
        try {
            use(endpoint, client);
            bucket = (client + "-" + round).toLowerCase();
            plain.createBucket(b -> b.bucket(bucket));
            switch (round) {
                case "multipart" -> multipart();
                case "algorithms" -> algorithms();
                case "objects" -> objects();
                default -> throw new IllegalArgumentException(round);
            }
            return "OK";
        } catch (Exception | AssertionError failure) {
            return failure.toString().replace("\n", " ");
        }
    }

    @SuppressWarnings("deprecation") // Apache's version 4 is what most programs still use.
    static void use(URI endpoint, String client) {
        switch (client) {
            case "URLConnection" -> use(blocking(endpoint, UrlConnectionHttpClient.create()));
            case "Apache" -> use(blocking(endpoint, ApacheHttpClient.create()));
            case "Apache5" -> use(blocking(endpoint, Apache5HttpClient.create()));
            case "Netty" -> use(async(endpoint, NettyNioAsyncHttpClient.create()));
            case "AwsCrt" -> use(async(endpoint, AwsCrtAsyncHttpClient.create()));
            case "S3Crt" -> use(S3AsyncClient.crtBuilder().endpointOverride(endpoint).region(REGION).forcePathStyle(true).build());
            default -> throw new IllegalArgumentException(client);
        }
    }

    static S3Client blocking(URI endpoint, SdkHttpClient http) {
        return S3Client.builder().endpointOverride(endpoint).region(REGION).forcePathStyle(true).httpClient(http).build();
    }

    static S3AsyncClient async(URI endpoint, SdkAsyncHttpClient http) {
        return S3AsyncClient.builder().endpointOverride(endpoint).region(REGION).forcePathStyle(true).httpClient(http).build();
    }

    static void use(S3Client client) {
        plain = client;
        bodies = new Bodies() {
            public PutObjectResponse put(PutObjectRequest request, byte[] body) {
                return client.putObject(request, RequestBody.fromBytes(body));
            }

            public UploadPartResponse part(UploadPartRequest request, byte[] body) {
                return client.uploadPart(request, RequestBody.fromBytes(body));
            }

            public ResponseBytes<GetObjectResponse> get(GetObjectRequest request) {
                return client.getObject(request, ResponseTransformer.toBytes());
            }
        };
    }

    static void use(S3AsyncClient client) {
        plain = (S3Client) Proxy.newProxyInstance(Round.class.getClassLoader(), new Class<?>[] {S3Client.class}, (proxy, method, args) -> {
            // Calls with a builder's consumer turn themselves into calls with a request.
            if (method.isDefault() && args[0] instanceof Consumer) return InvocationHandler.invokeDefault(proxy, method, args);
            Method same = S3AsyncClient.class.getMethod(method.getName(), method.getParameterTypes());
            return join((CompletableFuture<?>) same.invoke(client, args));
        });
        bodies = new Bodies() {
            public PutObjectResponse put(PutObjectRequest request, byte[] body) {
                return join(client.putObject(request, AsyncRequestBody.fromBytes(body)));
            }

            public UploadPartResponse part(UploadPartRequest request, byte[] body) {
                return join(client.uploadPart(request, AsyncRequestBody.fromBytes(body)));
            }

            public ResponseBytes<GetObjectResponse> get(GetObjectRequest request) {
                return join(client.getObject(request, AsyncResponseTransformer.toBytes()));
            }
        };
    }

    static <T> T join(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException failure) {
            throw failure.getCause() instanceof RuntimeException cause ? cause : failure;
        }
    }

    /** An upload with nothing set: the SDK sends a checksum with each part all the same. */
    static void multipart() throws Exception {
        var upload = plain.createMultipartUpload(b -> b.bucket(bucket).key("k"));
        same(upload.checksumAlgorithm(), null, "the algorithm of the upload");
        List<CompletedPart> sent = new ArrayList<>();
        for (byte[] part : PARTS) {
            int number = sent.size() + 1;
            var answer = bodies.part(UploadPartRequest.builder().bucket(bucket).key("k").uploadId(upload.uploadId()).partNumber(number).build(), part);
            same(answer.eTag(), etag(part), "the ETag of part " + number);
            same(answer.checksumCRC32(), crc32(part), "the checksum of part " + number);
            sent.add(CompletedPart.builder().partNumber(number).eTag(answer.eTag()).build());
        }
        var listed = plain.listParts(b -> b.bucket(bucket).key("k").uploadId(upload.uploadId())).parts();
        same(listed.stream().map(part -> part.size().intValue()).toList(), PARTS.stream().map(part -> part.length).toList(), "the sizes of the parts");
        same(listed.get(0).checksumCRC32(), null, "the checksum of a listed part");
        var done = plain.completeMultipartUpload(b -> b.bucket(bucket).key("k").uploadId(upload.uploadId()).multipartUpload(m -> m.parts(sent)));
        same(done.eTag(), multipartEtag(), "the ETag");
        same(done.checksumCRC64NVME(), CRC64NVME, "the checksum");
        same(done.checksumType(), ChecksumType.FULL_OBJECT, "the type of the checksum");
        var got = bodies.get(GetObjectRequest.builder().bucket(bucket).key("k").build());
        same(Arrays.equals(got.asByteArrayUnsafe(), CONTENT), true, "the content");
        same(got.response().eTag(), multipartEtag(), "the ETag of GET");
        var part = bodies.get(GetObjectRequest.builder().bucket(bucket).key("k").partNumber(2).build());
        same(Arrays.equals(part.asByteArrayUnsafe(), PARTS.get(1)), true, "the content of part 2");
        same(part.response().partsCount(), PARTS.size(), "the number of parts");
        var range = bodies.get(GetObjectRequest.builder().bucket(bucket).key("k").range("bytes=0-9").build());
        same(Arrays.equals(range.asByteArrayUnsafe(), Arrays.copyOf(CONTENT, 10)), true, "the content of a range");
    }

    /** Uploads whose algorithm is named when they begin, each of its first type. */
    static void algorithms() throws Exception {
        for (ChecksumAlgorithm algorithm : List.of(ChecksumAlgorithm.CRC32, ChecksumAlgorithm.SHA1, ChecksumAlgorithm.SHA256)) {
            String key = algorithm.toString();
            var upload = plain.createMultipartUpload(b -> b.bucket(bucket).key(key).checksumAlgorithm(algorithm));
            same(upload.checksumAlgorithm(), algorithm, "the algorithm of the upload");
            List<CompletedPart> sent = new ArrayList<>();
            for (byte[] part : PARTS) {
                int number = sent.size() + 1;
                var answer = bodies.part(UploadPartRequest.builder().bucket(bucket).key(key).uploadId(upload.uploadId()).partNumber(number).checksumAlgorithm(algorithm).build(), part);
                sent.add(CompletedPart.builder().partNumber(number).eTag(answer.eTag()).checksumCRC32(answer.checksumCRC32()).checksumSHA1(answer.checksumSHA1()).checksumSHA256(answer.checksumSHA256()).build());
            }
            var done = plain.completeMultipartUpload(b -> b.bucket(bucket).key(key).uploadId(upload.uploadId()).multipartUpload(m -> m.parts(sent)));
            same(done.checksumType(), ChecksumType.COMPOSITE, "the type of the checksum");
            same(done.eTag(), multipartEtag(), "the ETag");
            var got = bodies.get(GetObjectRequest.builder().bucket(bucket).key(key).build());
            same(Arrays.equals(got.asByteArrayUnsafe(), CONTENT), true, "the content");
        }
    }

    /** Objects in one request, under keys with everything that an address escapes. */
    static void objects() throws Exception {
        byte[] hello = "hello".getBytes();
        List<String> keys = List.of("a b/ü+%2F", "empty", "plain");
        for (String key : keys) {
            byte[] body = key.equals("empty") ? new byte[0] : hello;
            var put = bodies.put(PutObjectRequest.builder().bucket(bucket).key(key).metadata(Map.of("colour", "blue")).build(), body);
            same(put.eTag(), etag(body), "the ETag");
            same(put.checksumCRC32(), crc32(body), "the checksum of PUT");
            var got = bodies.get(GetObjectRequest.builder().bucket(bucket).key(key).checksumMode(ChecksumMode.ENABLED).build());
            same(Arrays.equals(got.asByteArrayUnsafe(), body), true, "the content of " + key);
            same(got.response().metadata(), Map.of("colour", "blue"), "the metadata of " + key);
            same(got.response().checksumCRC32(), crc32(body), "the checksum of GET");
            same(plain.headObject(b -> b.bucket(bucket).key(key)).contentLength(), (long) body.length, "the length of " + key);
        }
        bodies.put(PutObjectRequest.builder().bucket(bucket).key("large").build(), CONTENT);
        same(Arrays.equals(bodies.get(GetObjectRequest.builder().bucket(bucket).key("large").build()).asByteArrayUnsafe(), CONTENT), true, "the large content");
        refused(412, "PreconditionFailed", () -> bodies.put(PutObjectRequest.builder().bucket(bucket).key("plain").ifNoneMatch("*").build(), hello));
        refused(404, "NoSuchKey", () -> bodies.get(GetObjectRequest.builder().bucket(bucket).key("never there").build()));
        var copied = plain.copyObject(b -> b.sourceBucket(bucket).sourceKey("a b/ü+%2F").destinationBucket(bucket).destinationKey("z copy"));
        same(copied.copyObjectResult().checksumCRC32(), crc32(hello), "the checksum of the copy");
        List<String> all = List.of("a b/ü+%2F", "empty", "large", "plain", "z copy");
        same(plain.listObjectsV2(b -> b.bucket(bucket)).contents().stream().map(object -> object.key()).toList(), all, "the keys");
        var gone = plain.deleteObjects(b -> b.bucket(bucket).delete(d -> d.objects(all.stream().map(key -> ObjectIdentifier.builder().key(key).build()).toList())));
        same(gone.deleted().size(), all.size(), "the number of objects deleted");
        same(gone.errors().size(), 0, "the number of objects not deleted");
        plain.deleteBucket(b -> b.bucket(bucket));
    }

    static byte[] pattern(int size) {
        byte[] bytes = new byte[size];
        for (int at = 0; at < size; at++) bytes[at] = (byte) (at % 251);
        return bytes;
    }

    static byte[] slice(int fromMib, int toMib) {
        return Arrays.copyOfRange(CONTENT, fromMib * MIB, toMib * MIB);
    }

    static byte[] md5(byte[] content) throws Exception {
        return MessageDigest.getInstance("MD5").digest(content);
    }

    static String etag(byte[] content) throws Exception {
        return '"' + HexFormat.of().formatHex(md5(content)) + '"';
    }

    static String multipartEtag() throws Exception {
        MessageDigest all = MessageDigest.getInstance("MD5");
        for (byte[] part : PARTS) all.update(md5(part));
        return '"' + HexFormat.of().formatHex(all.digest()) + "-" + PARTS.size() + '"';
    }

    static String crc32(byte[] content) {
        CRC32 crc = new CRC32();
        crc.update(content);
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(String.format("%08x", crc.getValue())));
    }

    static void refused(int status, String code, Runnable call) {
        try {
            call.run();
        } catch (S3Exception refusal) {
            same(refusal.statusCode(), status, "the status of a refusal");
            // The CRT client asks by HEAD before it reads, and such an answer names no code.
            same(Objects.requireNonNullElse(refusal.awsErrorDetails().errorCode(), code), code, "the code of a refusal");
            return;
        }
        throw new AssertionError("not refused with " + code);
    }

    static void same(Object found, Object expected, String what) {
        if (!Objects.equals(found, expected)) throw new AssertionError(what + ": " + found + ", not " + expected);
    }
}
