package deploy_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"
)

// stackSettings are the settings that the development stack gives its server, by
// its source.
func stackSettings(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, "starter/devstack/server.go"), nil, 0)
	require.NoError(t, err)
	var settings []string
	ast.Inspect(file, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok || v.Names[0].Name != "dynamicConfig" {
			return true
		}
		for _, e := range v.Values[0].(*ast.CompositeLit).Elts {
			s, err := strconv.Unquote(e.(*ast.BasicLit).Value)
			require.NoError(t, err)
			settings = append(settings, strings.ReplaceAll(s, `"`, ""))
		}
		return false
	})
	require.NotEmpty(t, settings)
	return settings
}

func TestTemporalHasTheSettingsOfTheDevelopmentStack(t *testing.T) {
	t.Parallel()
	var file map[string][]struct {
		Value       any            `json:"value"`
		Constraints map[string]any `json:"constraints"`
	}
	require.NoError(t, yaml.Unmarshal([]byte(read(t, "deploy/temporal/dynamicconfig.yaml")), &file))
	var settings []string
	for key, values := range file {
		require.Len(t, values, 1, key)
		assert.Empty(t, values[0].Constraints, key)
		settings = append(settings, fmt.Sprintf("%s=%v", key, values[0].Value))
	}
	assert.ElementsMatch(t, stackSettings(t), settings)
	var mounted bool
	temporal := project(t).Services["temporal"]
	for _, v := range temporal.Volumes {
		mounted = mounted || filepath.Base(v.Source) == "dynamicconfig.yaml" && v.Target == *temporal.Environment["DYNAMIC_CONFIG_FILE_PATH"]
	}
	assert.True(t, mounted)
}

// The tables are made in the databases that there are.
func TestTemporalSchemaIsOfItsDatabases(t *testing.T) {
	t.Parallel()
	for _, database := range []string{"temporal", "temporal_visibility"} {
		assert.Contains(t, read(t, "deploy/postgres/databases.sh"), "CREATE DATABASE "+database+" OWNER temporal")
		assert.Contains(t, read(t, "deploy/temporal/schema.sh"), "SQL_DATABASE="+database+"\n")
	}
	assert.Contains(t, read(t, "deploy/postgres/databases.sh"), "CREATE DATABASE caseload OWNER caseload")
	assert.Contains(t, *project(t).Services["setup"].Environment["CASELOAD_DATABASE_URL"], "/caseload?")
}
