package batch_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
)

// categoryConstants are the categories by the names of their constants.
var categoryConstants = map[string]batch.Category{
	"Transient": batch.Transient, "Resource": batch.Resource, "RateLimit": batch.RateLimit,
	"Configuration": batch.Configuration, "Data": batch.Data, "Permanent": batch.Permanent,
}

// TestErrorTypesAreThoseOfTheProgram reads the program's own source: each error
// that is made with a category and a type must be in the table, and no other.
func TestErrorTypesAreThoseOfTheProgram(t *testing.T) {
	t.Parallel()
	made := map[string]map[batch.Category]bool{}
	consts := map[string]string{} // of error types, by package.Name
	var files []*ast.File
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != ".." && (strings.HasPrefix(d.Name(), ".") || slices.Contains([]string{"tools", "test", "testdata", "storetest"}, d.Name())) {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, src, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		files = append(files, f)
		ast.Inspect(f, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok && len(spec.Names) == len(spec.Values) {
				for i, name := range spec.Names {
					if v, ok := literal(spec.Values[i]); ok && strings.HasPrefix(strings.ToLower(name.Name), "type") {
						consts[f.Name.Name+"."+name.Name] = v
					}
				}
			}
			return true
		})
		return nil
	})
	require.NoError(t, err)
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			var args []ast.Expr
			switch n := n.(type) {
			case *ast.CallExpr:
				if name(n.Fun) == "NewError" {
					args = n.Args
				}
			case *ast.CompositeLit:
				if name(n.Type) == "verdict" {
					args = n.Elts
				}
			}
			if call, ok := n.(*ast.CallExpr); ok && f.Name.Name == "classify" && name(call.Fun) == "text" && len(call.Args) == 5 {
				args = call.Args[1:]
			}
			if len(args) < 2 {
				return true
			}
			c, ok := categoryConstants[name(args[0])]
			typ, isLiteral := literal(args[1])
			if !isLiteral {
				typ, isLiteral = consts[qualified(f, args[1])]
			}
			if ok && isLiteral {
				if made[typ] == nil {
					made[typ] = map[batch.Category]bool{}
				}
				made[typ][c] = true
			}
			return true
		})
	}
	got := map[string][]batch.Category{}
	for typ, cs := range made {
		for _, c := range batch.Categories() {
			if cs[c] {
				got[typ] = append(got[typ], c)
			}
		}
	}
	got["ConfiguredPattern"] = append(got["ConfiguredPattern"], batch.Categories()...) // a configured pattern may give any
	if os.Getenv("PRINT_TYPES") != "" {
		for _, typ := range slices.Sorted(maps.Keys(got)) {
			t.Logf("%q: %v", typ, got[typ])
		}
	}
	assert.Equal(t, got, batch.ErrorTypes())
}

func name(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// qualified is the name of a constant with its package's.
func qualified(f *ast.File, e ast.Expr) string {
	if sel, ok := e.(*ast.SelectorExpr); ok {
		return name(sel.X) + "." + sel.Sel.Name
	}
	return f.Name.Name + "." + name(e)
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}
