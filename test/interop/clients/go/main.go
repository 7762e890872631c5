// The low-level calls of the AWS SDK for Go v2 with its default settings. Arguments: endpoint, rounds. Prints a line for each
// round: OK, or what differed.
package main

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"hash/crc64"
	"io"
	"net/http"
	"os"
	"reflect"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
)

const mib = 1024 * 1024

var (
	ctx    = context.Background()
	bucket *string
	client *s3.Client
	// Three parts, the last of them short. Every byte tells its place, so that parts in the wrong order show.
	content = pattern(11 * mib)
	parts   = [][]byte{content[:5*mib], content[5*mib : 10*mib], content[10*mib:]}
)

func main() {
	client = s3.NewFromConfig(must(config.LoadDefaultConfig(ctx)), func(options *s3.Options) {
		options.BaseEndpoint = aws.String(os.Args[1])
		options.UsePathStyle = true
		options.Retryer = aws.NopRetryer{}
	})
	rounds := map[string]func(){"multipart": multipart, "algorithms": algorithms, "objects": objects, "presigned": presigned}
	for _, name := range os.Args[2:] {
		fmt.Printf("%s: %s\n", name, play(name, rounds[name]))
	}
}

// Plays a round in a bucket of its own.
func play(name string, round func()) (outcome string) {
	defer func() {
		if failure := recover(); failure != nil {
			outcome = fmt.Sprint(failure)
		}
	}()
	bucket = aws.String("go-" + name)
	must(client.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: bucket}))
	round()
	return "OK"
}

// An upload with nothing set: the SDK sends a CRC32 with each part all the same.
func multipart() {
	key := aws.String("k")
	upload := must(client.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: bucket, Key: key}))
	same(upload.ChecksumAlgorithm, "", "the algorithm of the upload")
	var sent []types.CompletedPart
	for index, part := range parts {
		number := aws.Int32(int32(index + 1))
		answer := must(client.UploadPart(ctx, &s3.UploadPartInput{Bucket: bucket, Key: key, UploadId: upload.UploadId, PartNumber: number, Body: bytes.NewReader(part)}))
		same(aws.ToString(answer.ETag), etag(part), "the ETag of a part")
		same(aws.ToString(answer.ChecksumCRC32), crc32Of(part), "the checksum of a part")
		sent = append(sent, types.CompletedPart{PartNumber: number, ETag: answer.ETag})
	}
	listed := must(client.ListParts(ctx, &s3.ListPartsInput{Bucket: bucket, Key: key, UploadId: upload.UploadId}))
	same(len(listed.Parts), len(parts), "the number of parts")
	same(aws.ToString(listed.Parts[1].ChecksumCRC32), "", "the checksum of a listed part")
	same(aws.ToInt64(listed.Parts[2].Size), int64(len(parts[2])), "the size of a listed part")
	done := must(client.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{Bucket: bucket, Key: key, UploadId: upload.UploadId, MultipartUpload: &types.CompletedMultipartUpload{Parts: sent}}))
	same(aws.ToString(done.ETag), multipartETag(), "the ETag")
	same(aws.ToString(done.ChecksumCRC64NVME), crc64Of(content), "the checksum")
	same(done.ChecksumType, types.ChecksumTypeFullObject, "the type of the checksum")
	got := must(client.GetObject(ctx, &s3.GetObjectInput{Bucket: bucket, Key: key}))
	same(bytes.Equal(must(io.ReadAll(got.Body)), content), true, "the content")
	same(aws.ToString(got.ChecksumCRC64NVME), crc64Of(content), "the checksum of GET")
	part := must(client.GetObject(ctx, &s3.GetObjectInput{Bucket: bucket, Key: key, PartNumber: aws.Int32(2)}))
	same(bytes.Equal(must(io.ReadAll(part.Body)), parts[1]), true, "the content of part 2")
	same(aws.ToInt32(part.PartsCount), int32(len(parts)), "the number of parts")
	list := must(client.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: bucket}))
	same(len(list.Contents), 1, "the number of objects")
	same(list.Contents[0].ChecksumAlgorithm, []types.ChecksumAlgorithm{types.ChecksumAlgorithmCrc64nvme}, "the algorithm in the list")
}

// Uploads whose algorithm is named when they begin, each of its first type.
func algorithms() {
	for _, algorithm := range []types.ChecksumAlgorithm{"CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"} {
		key := aws.String(string(algorithm))
		upload := must(client.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: bucket, Key: key, ChecksumAlgorithm: algorithm}))
		same(upload.ChecksumAlgorithm, algorithm, "the algorithm of the upload")
		var sent []types.CompletedPart
		for index, part := range parts {
			number := aws.Int32(int32(index + 1))
			answer := must(client.UploadPart(ctx, &s3.UploadPartInput{Bucket: bucket, Key: key, UploadId: upload.UploadId, PartNumber: number, Body: bytes.NewReader(part), ChecksumAlgorithm: algorithm}))
			sent = append(sent, types.CompletedPart{PartNumber: number, ETag: answer.ETag, ChecksumCRC32: answer.ChecksumCRC32, ChecksumCRC32C: answer.ChecksumCRC32C, ChecksumCRC64NVME: answer.ChecksumCRC64NVME, ChecksumSHA1: answer.ChecksumSHA1, ChecksumSHA256: answer.ChecksumSHA256})
			same(checksumIn(sent[index], algorithm) != "", true, "a part has its checksum")
		}
		done := must(client.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{Bucket: bucket, Key: key, UploadId: upload.UploadId, MultipartUpload: &types.CompletedMultipartUpload{Parts: sent}}))
		composite := algorithm != types.ChecksumAlgorithmCrc64nvme
		same(strings.HasSuffix(checksumIn(*done, algorithm), "-3"), composite, "the checksum counts its parts")
		same(done.ChecksumType == types.ChecksumTypeComposite, composite, "the checksum is of the parts")
		got := must(client.GetObject(ctx, &s3.GetObjectInput{Bucket: bucket, Key: key}))
		same(bytes.Equal(must(io.ReadAll(got.Body)), content), true, "the content")
		same(checksumIn(*got, algorithm), checksumIn(*done, algorithm), "the checksum of GET")
	}
}

// Objects in one request, under a key with everything that an address escapes.
func objects() {
	key := aws.String("a b/ü+%2F")
	put := must(client.PutObject(ctx, &s3.PutObjectInput{Bucket: bucket, Key: key, Body: strings.NewReader("hello"), Metadata: map[string]string{"colour": "blue"}}))
	same(aws.ToString(put.ETag), etag([]byte("hello")), "the ETag")
	same(aws.ToString(put.ChecksumCRC32), crc32Of([]byte("hello")), "the checksum")
	refused("PreconditionFailed", http.StatusPreconditionFailed, second(client.PutObject(ctx, &s3.PutObjectInput{Bucket: bucket, Key: key, Body: strings.NewReader("other"), IfNoneMatch: aws.String("*")})))
	got := must(client.GetObject(ctx, &s3.GetObjectInput{Bucket: bucket, Key: key}))
	same(string(must(io.ReadAll(got.Body))), "hello", "the content")
	same(got.Metadata["colour"], "blue", "the metadata")
	same(aws.ToString(got.ChecksumCRC32), crc32Of([]byte("hello")), "the checksum of GET")
	head := must(client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: bucket, Key: key, ChecksumMode: types.ChecksumModeEnabled}))
	same(aws.ToString(head.ChecksumCRC32), crc32Of([]byte("hello")), "the checksum of HEAD")
	must(client.PutObject(ctx, &s3.PutObjectInput{Bucket: bucket, Key: aws.String("empty"), Body: strings.NewReader("")}))
	copied := must(client.CopyObject(ctx, &s3.CopyObjectInput{Bucket: bucket, Key: aws.String("copy"), CopySource: aws.String(*bucket + "/a%20b/%C3%BC%2B%252F")}))
	same(aws.ToString(copied.CopyObjectResult.ChecksumCRC32), crc32Of([]byte("hello")), "the checksum of the copy")
	known := must(client.GetObjectAttributes(ctx, &s3.GetObjectAttributesInput{Bucket: bucket, Key: key, ObjectAttributes: []types.ObjectAttributes{"ETag", "Checksum", "ObjectSize"}}))
	same(aws.ToString(known.Checksum.ChecksumCRC32), crc32Of([]byte("hello")), "the checksum among the attributes")
	same(aws.ToInt64(known.ObjectSize), int64(5), "the size among the attributes")
	refused("NoSuchKey", http.StatusNotFound, second(client.GetObject(ctx, &s3.GetObjectInput{Bucket: bucket, Key: aws.String("never there")})))
	var keys []string
	pages := s3.NewListObjectsV2Paginator(client, &s3.ListObjectsV2Input{Bucket: bucket, MaxKeys: aws.Int32(2)})
	for pages.HasMorePages() {
		for _, object := range must(pages.NextPage(ctx)).Contents {
			keys = append(keys, aws.ToString(object.Key))
		}
	}
	same(keys, []string{aws.ToString(key), "copy", "empty"}, "the keys")
	var all []types.ObjectIdentifier
	for _, key := range append(keys, "never there") {
		all = append(all, types.ObjectIdentifier{Key: aws.String(key)})
	}
	gone := must(client.DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: bucket, Delete: &types.Delete{Objects: all}}))
	same(len(gone.Deleted), len(all), "the number of objects deleted")
	same(len(gone.Errors), 0, "the number of objects not deleted")
	must(client.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: bucket}))
}

// A URL that writes only what is not there yet.
func presigned() {
	request := must(s3.NewPresignClient(client).PresignPutObject(ctx, &s3.PutObjectInput{Bucket: bucket, Key: aws.String("by url"), IfNoneMatch: aws.String("*"), Metadata: map[string]string{"colour": "blue"}}))
	for _, expected := range []int{http.StatusOK, http.StatusPreconditionFailed} {
		put := must(http.NewRequest(request.Method, request.URL, strings.NewReader("by url")))
		put.Header = request.SignedHeader.Clone()
		same(must(http.DefaultClient.Do(put)).StatusCode, expected, "the status of a presigned PUT")
	}
	got := must(client.GetObject(ctx, &s3.GetObjectInput{Bucket: bucket, Key: aws.String("by url")}))
	same(string(must(io.ReadAll(got.Body))), "by url", "the content")
	same(got.Metadata["colour"], "blue", "the metadata")
}

func pattern(size int) []byte {
	bytes := make([]byte, size)
	for at := range bytes {
		bytes[at] = byte(at % 251)
	}
	return bytes
}

func etag(content []byte) string {
	sum := md5.Sum(content)
	return strconv.Quote(hex.EncodeToString(sum[:]))
}

func multipartETag() string {
	var sums []byte
	for _, part := range parts {
		sum := md5.Sum(part)
		sums = append(sums, sum[:]...)
	}
	sum := md5.Sum(sums)
	return fmt.Sprintf(`"%x-%d"`, sum, len(parts))
}

func crc32Of(content []byte) string {
	return base64.StdEncoding.EncodeToString(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(content)))
}

func crc64Of(content []byte) string {
	nvme := crc64.MakeTable(0x9a6c9329ac4bc9b5)
	return base64.StdEncoding.EncodeToString(binary.BigEndian.AppendUint64(nil, crc64.Checksum(content, nvme)))
}

// The member of an answer or a part that holds its checksum of an algorithm.
func checksumIn(holder any, algorithm types.ChecksumAlgorithm) string {
	return aws.ToString(reflect.ValueOf(holder).FieldByName("Checksum" + string(algorithm)).Interface().(*string))
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func second[T any](_ T, err error) error { return err }

func refused(code string, status int, err error) {
	var refusal smithy.APIError
	if !errors.As(err, &refusal) {
		panic(fmt.Sprintf("not refused with %s: %v", code, err))
	}
	same(refusal.ErrorCode(), code, "the code")
	var response interface{ HTTPStatusCode() int }
	same(errors.As(err, &response) && response.HTTPStatusCode() == status, true, "the status of "+code)
}

func same[T any](found, expected T, what string) {
	if !reflect.DeepEqual(found, expected) {
		panic(fmt.Sprintf("%s: %v, not %v", what, found, expected))
	}
}
