#!/bin/sh
# Makes the tables of a Temporal server in PostgreSQL, or brings them up to the
# version of the tool; the databases are there already. SQL_HOST, SQL_PORT,
# SQL_USER and SQL_PASSWORD say where, SQL_PLUGIN is postgres12.
set -eu
export SQL_PLUGIN="${SQL_PLUGIN:-postgres12}"
for part in temporal visibility; do
	SQL_DATABASE=temporal
	[ $part = temporal ] || SQL_DATABASE=temporal_visibility
	export SQL_DATABASE
	# Fails where the tables are there, which the next command then updates; if
	# it failed for another reason, the next one does too.
	temporal-sql-tool setup-schema --version 0.0 >/dev/null 2>&1 || true
	temporal-sql-tool update-schema --schema-name "postgresql/v12/$part"
done
