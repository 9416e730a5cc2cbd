#!/bin/sh
# Makes the roles and databases of Caseload and of Temporal; PostgreSQL's image
# runs it once, when its volume is empty. Elsewhere: PGUSER=postgres with the two
# passwords in the environment.
set -eu
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "${PGUSER:-postgres}" --dbname postgres <<'SQL'
\getenv caseload CASELOAD_DB_PASSWORD
\getenv temporal TEMPORAL_DB_PASSWORD
CREATE ROLE caseload LOGIN PASSWORD :'caseload';
CREATE ROLE temporal LOGIN PASSWORD :'temporal';
CREATE DATABASE caseload OWNER caseload ENCODING 'UTF8' TEMPLATE template0;
CREATE DATABASE temporal OWNER temporal ENCODING 'UTF8' TEMPLATE template0;
CREATE DATABASE temporal_visibility OWNER temporal ENCODING 'UTF8' TEMPLATE template0;
REVOKE CONNECT ON DATABASE caseload, temporal, temporal_visibility FROM PUBLIC;
SQL
