//go:build !linux

package ocr

// limitMemory does nothing: where memory cannot be bounded, time alone is.
func limitMemory(int, int64) {}
