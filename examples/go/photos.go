// Package photos is an album of photos in a bucket: the program under test.
package photos

import (
	"bytes"
	"context"
	"errors"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// ErrNoPhoto says that the album has no photo of a name.
var ErrNoPhoto = errors.New("no such photo")

// Album keeps photos in a bucket.
type Album struct {
	Client *s3.Client
	Bucket string
}

// Add keeps a photo under its name.
func (a Album) Add(ctx context.Context, name string, image []byte) error {
	_, err := a.Client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &a.Bucket,
		Key:    aws.String("photos/" + name),
		Body:   bytes.NewReader(image),
	})
	return err
}

// Image is the photo of that name, or ErrNoPhoto.
func (a Album) Image(ctx context.Context, name string) ([]byte, error) {
	object, err := a.Client.GetObject(ctx, &s3.GetObjectInput{Bucket: &a.Bucket, Key: aws.String("photos/" + name)})
	var missing *types.NoSuchKey
	if errors.As(err, &missing) {
		return nil, ErrNoPhoto
	}
	if err != nil {
		return nil, err
	}
	defer object.Body.Close()
	return io.ReadAll(object.Body)
}
