package photos;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** One Holdfast for all test classes that are extended with it, in memory and gone with them. */
public final class Holdfast implements BeforeAllCallback {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(30);
    private static final String ACCESS_KEY = "test-access-key";
    private static final String SECRET_KEY = "test-secret-key";

    private static S3Client client;

    /** A client of the server. */
    public static S3Client client() {
        return client;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        // Kept for all classes, and closed behind the last one.
        context.getRoot().getStore(Namespace.GLOBAL).getOrComputeIfAbsent(Server.class, key -> new Server());
    }

    private static final class Server implements AutoCloseable, ExtensionContext.Store.CloseableResource {
        private final Process process;

        Server() {
            try {
                Path folder = Files.createTempDirectory("holdfast");
                Path ready = folder.resolve("ready.json");
                // Standard input is a pipe: however this JVM ends, it is closed then, and the server ends too.
                process = new ProcessBuilder(
                        "holdfast", "serve", "--memory", "--port", "0", "--ready-file", ready.toString(), "--until-stdin-ends",
                        "--access-key", ACCESS_KEY, "--secret-key", SECRET_KEY)
                        .redirectOutput(Redirect.DISCARD)
                        .redirectError(Redirect.INHERIT)
                        .start();
                client = S3Client.builder()
                        .endpointOverride(URI.create(endpointIn(ready)))
                        .region(Region.US_EAST_1)
                        .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY, SECRET_KEY)))
                        .forcePathStyle(true)
                        .build();
            } catch (IOException | InterruptedException failure) {
                throw new IllegalStateException("holdfast could not be started", failure);
            }
        }

        /** The endpoint in the ready file, whose members have a line each. */
        private String endpointIn(Path ready) throws IOException, InterruptedException {
            Instant deadline = Instant.now().plus(START_TIMEOUT);
            while (!Files.exists(ready)) {
                if (!process.isAlive() || Instant.now().isAfter(deadline)) throw new IOException("it says why above");
                Thread.sleep(20);
            }
            return Files.readString(ready).lines()
                    .filter(line -> line.contains("\"endpoint\""))
                    .map(line -> line.split("\"")[3])
                    .findFirst().orElseThrow();
        }

        @Override
        public void close() throws IOException, InterruptedException {
            client.close();
            process.getOutputStream().close();
            process.waitFor();
        }
    }
}
