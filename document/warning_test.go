package document_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/document"
)

// source calls look with each node of this folder's programs, and of those below.
func source(t *testing.T, look func(file string, n ast.Node)) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err == nil {
			ast.Inspect(f, func(n ast.Node) bool { look(path, n); return true })
		}
		return err
	}))
}

// constants are the values of this package's constants by the beginning of their names.
func constants(t *testing.T, prefix string) []string {
	t.Helper()
	var all []string
	source(t, func(file string, n ast.Node) {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || filepath.Dir(file) != "." {
			return
		}
		for i, name := range spec.Names {
			if strings.HasPrefix(name.Name, prefix) && i < len(spec.Values) {
				if lit, ok := spec.Values[i].(*ast.BasicLit); ok {
					s, err := strconv.Unquote(lit.Value)
					require.NoError(t, err)
					all = append(all, s)
				}
			}
		}
	})
	require.NotEmpty(t, all)
	return all
}

func TestListsHaveAllThatThereIs(t *testing.T) {
	t.Parallel()
	assert.ElementsMatch(t, constants(t, "Warn"), document.WarningCodes())
	var formats, kinds []string
	for _, f := range document.Formats() {
		formats = append(formats, string(f))
	}
	for _, k := range document.Kinds() {
		kinds = append(kinds, string(k))
	}
	assert.ElementsMatch(t, constants(t, "Format"), formats)
	assert.ElementsMatch(t, constants(t, "Kind"), kinds)
}

func TestWarningsHaveAListedCode(t *testing.T) {
	t.Parallel()
	source(t, func(file string, n ast.Node) {
		kv, ok := n.(*ast.KeyValueExpr)
		if !ok {
			return
		}
		if key, ok := kv.Key.(*ast.Ident); ok && key.Name == "Code" && filepath.Dir(file) != "cite" {
			_, literal := kv.Value.(*ast.BasicLit)
			assert.False(t, literal, "%s has a warning whose code is no constant of package document", file)
		}
	})
}
