package photos

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

const startTimeout = 30 * time.Second

// ready is what the server's ready file says; it says more.
type ready struct {
	Endpoint, Region, AccessKeyID, SecretAccessKey string
}

var client *s3.Client

// TestMain starts one Holdfast for all tests, in memory and gone with them.
func TestMain(m *testing.M) {
	os.Exit(withHoldfast(m))
}

func withHoldfast(m *testing.M) int {
	folder, err := os.MkdirTemp("", "holdfast")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	file := filepath.Join(folder, "ready.json")
	server := exec.Command("holdfast", "serve", "--memory", "--port", "0", "--ready-file", file, "--until-stdin-ends")
	server.Stderr = os.Stderr
	stdin, err := server.StdinPipe()
	if err != nil {
		panic(err)
	}
	if err := server.Start(); err != nil {
		panic(err)
	}
	// However this process ends, the pipe is closed then, and the server ends too.
	defer server.Wait()
	defer stdin.Close()
	holdfast, err := waitFor(file)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	client = s3.New(s3.Options{
		BaseEndpoint: &holdfast.Endpoint,
		Region:       holdfast.Region,
		Credentials:  credentials.NewStaticCredentialsProvider(holdfast.AccessKeyID, holdfast.SecretAccessKey, ""),
		UsePathStyle: true,
	})
	return m.Run()
}

func waitFor(file string) (content ready, err error) {
	for deadline := time.Now().Add(startTimeout); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		var text []byte
		if text, err = os.ReadFile(file); err == nil {
			return content, json.Unmarshal(text, &content)
		}
	}
	return content, fmt.Errorf("holdfast did not start: %w", err)
}

// newAlbum is an album in a bucket of the test's own: nothing has to be cleaned up.
func newAlbum(t *testing.T) Album {
	t.Helper()
	bucket := fmt.Sprintf("test-%d", time.Now().UnixNano())
	if _, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String(bucket)}); err != nil {
		t.Fatal(err)
	}
	return Album{Client: client, Bucket: bucket}
}

func TestAPhotoIsKeptUnderItsName(t *testing.T) {
	album := newAlbum(t)
	if err := album.Add(t.Context(), "sea.jpg", []byte("waves")); err != nil {
		t.Fatal(err)
	}
	image, err := album.Image(t.Context(), "sea.jpg")
	if err != nil || !bytes.Equal(image, []byte("waves")) {
		t.Fatalf("image %q, error %v", image, err)
	}
}

func TestAPhotoThatIsNotThere(t *testing.T) {
	if _, err := newAlbum(t).Image(context.Background(), "sea.jpg"); !errors.Is(err, ErrNoPhoto) {
		t.Fatalf("error %v", err)
	}
}
