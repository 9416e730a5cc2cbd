// Command modelserver serves the test double of an OpenAI-compatible endpoint, to try
// the language model stage without an account. It is no language model.
package main

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/caseload/caseload/test/modelserver"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:8235", "host and port")
	key := flag.String("key", "", "the API key that calls must have (default: none)")
	mode := flag.String("mode", string(modelserver.Honest), fmt.Sprintf("how to answer: one of %v; fail*3 fails three times", modelserver.Modes()))
	delay := flag.Duration("delay", 0, "how long each answer takes")
	flag.Parse()
	m, calls, err := modelserver.ParseMode(*mode)
	if err != nil {
		fmt.Fprintln(os.Stderr, "modelserver:", err)
		os.Exit(2)
	}
	s := &modelserver.Server{Key: *key, Delay: *delay}
	s.Set(m, calls)
	fmt.Fprintf(os.Stderr, "A test double, no language model: it finds capitalised words. model.url is http://%s/v1\n", *listen)
	server := &http.Server{Addr: *listen, Handler: s, ReadHeaderTimeout: time.Minute}
	if err := server.ListenAndServe(); err != nil {
		fmt.Fprintln(os.Stderr, "modelserver:", err)
		os.Exit(1)
	}
}
