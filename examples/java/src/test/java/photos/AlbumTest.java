package photos;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Holdfast.class)
class AlbumTest {
    private Album album;

    /** A bucket of the test's own: nothing has to be cleaned up. */
    @BeforeEach
    void makeBucket() {
        String bucket = "test-" + UUID.randomUUID();
        Holdfast.client().createBucket(create -> create.bucket(bucket));
        album = new Album(Holdfast.client(), bucket);
    }

    @Test
    void aPhotoIsKeptUnderItsName() {
        album.add("sea.jpg", "waves".getBytes());
        assertArrayEquals("waves".getBytes(), album.image("sea.jpg").orElseThrow());
    }

    @Test
    void aPhotoThatIsNotThereIsEmpty() {
        assertEquals(Optional.empty(), album.image("sea.jpg"));
    }
}
