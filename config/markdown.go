package config

import (
	"fmt"
	"strings"
)

//go:generate go test -run TestDocumentationIsUpToDate -update .

const markdownIntro = "# Configuration\n" + `
For each key, the first of these that has a value wins:

1. a flag, such as ` + "`--data-dir`" + ` (see ` + "`--help`" + ` of each command);
2. an environment variable; an empty one counts as not set;
3. the file: the one that ` + "`--config`" + ` names, or else ` + "`" + FileEnv + "`" + `, or else ` + "`" + DefaultFile + "`" + ` in the working directory, if there is one;
4. the default.

The file is YAML (and so may be JSON). What stands before the dot of a key is a section:

` + "```yaml" + `
data_dir: /srv/caseload
worker:
  queues: [high, normal]
  stop_timeout: 1m
sources:
  max_bytes: 1GiB
  roots:
    - /srv/matters
` + "```" + `

A key that does not exist, a value of the wrong type and one out of its range are errors, which name the key, where the
value comes from and what is allowed. Lists are YAML lists in the file, and separated by commas elsewhere. Durations take
the units ms, s, m and h; sizes B, KiB, MiB, GiB, TiB (powers of 1024) and kB, MB, GB, TB (powers of 1000). A path may begin
with ` + "`~/`" + `.

Secrets are best given by files (` + "`redis.password_file`" + ` and the like) or the environment; no command takes one as a flag, and
none is printed or logged.

This page is made from the code, by ` + "`go generate ./config`" + `.
`

// Markdown is the documentation of the keys: docs/configuration.md.
func Markdown() string {
	var b strings.Builder
	b.WriteString(markdownIntro)
	section := ""
	for _, d := range Keys() {
		name, _, nested := strings.Cut(d.Key, ".")
		if !nested {
			name = "general"
		}
		if name != section {
			section = name
			fmt.Fprintf(&b, "\n## %s\n\n| key | environment | type | default | allowed | meaning |\n|---|---|---|---|---|---|\n", section)
		}
		row := []string{
			code(d.Key), "`" + strings.Join(d.Env, "`, `") + "`", d.Type, code(d.Default), d.Allowed, d.Description,
		}
		for i := range row {
			row[i] = strings.ReplaceAll(row[i], "|", `\|`)
		}
		fmt.Fprintf(&b, "| %s |\n", strings.Join(row, " | "))
	}
	return b.String()
}

func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + s + "`"
}
