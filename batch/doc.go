// Package batch is Caseload's vocabulary and public contract: priorities,
// outcomes, error categories and their retry policies, progress, the names of
// workflows, queries and search attributes, workflow IDs, and a Go client.
//
// It is the package that a program imports to use Caseload, and the only one
// whose names cross a process boundary. It depends on the Temporal SDK and the
// standard library alone.
package batch
