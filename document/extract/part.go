package extract

import (
	"errors"
	"io/fs"
	"syscall"

	"github.com/caseload/caseload/batch"
)

// PartError categorises an error of writing an attachment to the work folder.
func PartError(err error) error {
	switch {
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return batch.NewError(batch.Configuration, "WorkFolder", "the work folder may not be written to; check its permissions").Wrap(err)
	case errors.Is(err, fs.ErrNotExist):
		return batch.NewError(batch.Transient, "WorkFolder", "the work folder is gone; it is made again").Wrap(err)
	}
	return batch.NewError(batch.Resource, "WorkFolder", "an attachment cannot be written to the work folder; free some space").Wrap(err)
}
