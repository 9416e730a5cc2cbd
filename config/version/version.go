// Package version tells which Caseload a program is.
package version

import "runtime/debug"

// linked is set when a release or an image is built:
// -ldflags "-X github.com/caseload/caseload/config/version.linked=v1.2.3".
var linked string

// String is the version that the program was linked with, or else that of its
// module, which Go takes from the tag or commit it was built from; "devel" if
// neither is known.
func String() string {
	if linked != "" {
		return linked
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "devel"
}
