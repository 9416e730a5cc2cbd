// Package deploy has the checks of docker-compose.yml, the Dockerfile, .env.example
// and deploy/: they need libraries that the programs do not.
package deploy
