package photos;

import java.util.Optional;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** An album of photos in a bucket: the program under test. */
public final class Album {
    private final S3Client s3;
    private final String bucket;

    public Album(S3Client s3, String bucket) {
        this.s3 = s3;
        this.bucket = bucket;
    }

    public void add(String name, byte[] image) {
        s3.putObject(put -> put.bucket(bucket).key("photos/" + name), RequestBody.fromBytes(image));
    }

    public Optional<byte[]> image(String name) {
        try {
            return Optional.of(s3.getObjectAsBytes(get -> get.bucket(bucket).key("photos/" + name)).asByteArray());
        } catch (NoSuchKeyException missing) {
            return Optional.empty();
        }
    }
}
