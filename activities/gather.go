package activities

import (
	"context"
	"encoding/hex"
	"errors"
	"iter"
	"sync"
	"sync/atomic"
	"time"

	"go.temporal.io/sdk/activity"
	"golang.org/x/sync/errgroup"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/intake"
	"github.com/caseload/caseload/document/pipeline"
	"github.com/caseload/caseload/store"
)

const (
	// gatherPage is how many files are looked up, and recorded, at once.
	gatherPage = 500
	// gatherReaders is how many files are hashed at once.
	gatherReaders = 4
)

// gathering is one attempt at gathering what is new.
type gathering struct {
	*Intake
	in       GatherInput
	policies batch.Policies // in force
	attempt  int
	found    GatherResult
	rowNo    int                 // of the last row
	taken    map[contentKey]bool // contents of this attempt's rows

	looked, hashed atomic.Int64 // files, for heartbeats
}

// contentKey is half of a SHA-256: enough to tell contents apart, in half the
// memory.
type contentKey [16]byte

func keyOf(sha256 string) (k contentKey) {
	_, _ = hex.Decode(k[:], []byte(sha256[:2*len(k)])) // a hash is hexadecimal
	return k
}

// gatherBeat is what a heartbeat tells.
type gatherBeat struct {
	Looked int64 `json:"looked"`
	Hashed int64 `json:"hashed"`
}

// heartbeat beats until stop is called.
func (g *gathering) heartbeat(ctx context.Context) (stop func()) {
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		tick := time.NewTicker(heartbeatEvery)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				activity.RecordHeartbeat(ctx, gatherBeat{g.looked.Load(), g.hashed.Load()})
			}
		}
	})
	return func() { close(done); wg.Wait() }
}

// listedFile is a file of the source.
type listedFile struct {
	intake.Item
	uri, name string // as the store takes them
	before    store.SeenFile
	sum       string         // "" if it could not be read
	failure   *batch.Failure // why not
	passing   bool           // whether the failure may pass: its row is run
	gone      bool           // since it was listed
}

// sameVersion says whether the file is as it was seen before, as far as can be
// told without reading it.
func (f *listedFile) sameVersion() bool {
	return f.Version != "" && f.Version == f.before.Version && f.before.SHA256 != ""
}

// settled says whether the file needs no row, going by what was seen at its URI.
func (f *listedFile) settled() bool {
	if !f.before.Settled || f.sum != f.before.SHA256 {
		return false
	}
	return f.sum != "" || f.failure.Type == f.before.Failure && f.Version == f.before.Version
}

// rows are the rows to register, and records what was seen.
func (g *gathering) rows(ctx context.Context, src *intake.Intake) iter.Seq2[store.Row, error] {
	return func(yield func(store.Row, error) bool) {
		page := make([]*listedFile, 0, gatherPage)
		flush := func() bool {
			rows, err := g.sift(ctx, page)
			page = page[:0]
			if err != nil {
				yield(store.Row{}, err)
				return false
			}
			for _, r := range rows {
				if !yield(r, nil) {
					return false
				}
			}
			return true
		}
		for item, err := range src.Items(ctx) {
			if err != nil {
				g.asked(ctx, g.in.Intake.Source, err)
				yield(store.Row{}, err)
				return
			}
			f := &listedFile{Item: item}
			f.uri, f.name = item.Stored()
			if page = append(page, f); len(page) == gatherPage && !flush() {
				return
			}
		}
		flush()
	}
}

// sift is the rows of those files on the page that are new. What was seen is
// recorded first: it counts once the batch is registered.
func (g *gathering) sift(ctx context.Context, page []*listedFile) ([]store.Row, error) {
	if err := g.recall(ctx, page); err != nil {
		return nil, err
	}
	if err := g.read(ctx, page); err != nil {
		// What has been hashed need not be hashed again.
		return nil, errors.Join(err, g.keep(context.WithoutCancel(ctx), page))
	}
	var rows []store.Row
	var seen []store.Seen
	known, err := g.known(ctx, page)
	if err != nil {
		return nil, err
	}
	for _, f := range page {
		if f.gone {
			continue
		}
		now, row := g.decide(f, known)
		if row != nil {
			rows = append(rows, *row)
		}
		if now != f.before.Seen {
			seen = append(seen, now)
		}
	}
	return rows, g.Store.SaveSeen(ctx, g.in.Intake.Project, seen)
}

// recall looks up what was seen of the files before.
func (g *gathering) recall(ctx context.Context, page []*listedFile) error {
	uris := make([]string, len(page))
	for i, f := range page {
		uris[i] = f.uri
	}
	before, err := g.Store.SeenFiles(ctx, g.in.Intake.Project, uris)
	if err != nil {
		return err
	}
	for _, f := range page {
		f.before = before[f.uri]
	}
	return nil
}

// read hashes the files whose content is not known, and notes why one cannot be
// read. Its error is one that may pass.
func (g *gathering) read(ctx context.Context, page []*listedFile) error {
	readers, ctx := errgroup.WithContext(ctx)
	readers.SetLimit(gatherReaders)
	for _, f := range page {
		g.looked.Add(1)
		switch {
		case f.sameVersion() && (f.before.Settled || f.Problem == nil):
			f.sum = f.before.SHA256
		case f.Problem != nil:
			p := f.Problem
			readers.Go(func() error { return g.cannotRead(f, batch.NewError(p.Category, p.Type, "%s", p.Message)) })
		default:
			readers.Go(func() error { return g.hash(ctx, f) })
		}
	}
	return readers.Wait()
}

func (g *gathering) hash(ctx context.Context, f *listedFile) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err := g.throttles.mayAsk(ctx, g.Store, f.URI); err != nil {
		return g.cannotRead(f, err)
	}
	got, err := g.Source.Hash(ctx, f.URI)
	g.asked(ctx, f.URI, err)
	switch e, _ := batch.AsError(err); {
	case err == nil:
		f.sum = got.SHA256
		g.hashed.Add(1)
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case e != nil && e.Type == "NotFound":
		f.gone = true
		return nil
	}
	return g.cannotRead(f, err)
}

// asked notes how the service that holds uri answered.
func (g *gathering) asked(ctx context.Context, uri string, answer error) {
	if err := g.throttles.asked(ctx, g.Store, g.policies[batch.RateLimit], uri, answer); err != nil && ctx.Err() == nil {
		g.Log.Warn("throttle not noted", "error", pipeline.FailureOf(batch.StageFetch, err).Message)
	}
}

// cannotRead notes why the file cannot be read, or returns err if another
// attempt may fare better.
func (g *gathering) cannotRead(f *listedFile, err error) error {
	failure := batch.NewFailure(batch.StageFetch, g.Errors.Classify(err))
	f.failure = &failure
	if f.settled() {
		return nil
	}
	switch failure.Category {
	case batch.Transient, batch.Resource, batch.RateLimit:
		f.passing = true
		if _, again := g.policies[failure.Category].Delay(g.attempt, 0); again {
			return err
		}
	}
	return nil
}

// keep records the hashes of files whose page was not finished.
func (g *gathering) keep(ctx context.Context, page []*listedFile) error {
	var seen []store.Seen
	for _, f := range page {
		if f.sum != "" && !f.settled() {
			seen = append(seen, store.Seen{URI: f.uri, Version: f.Version, SHA256: f.sum, Batch: store.Undecided})
		}
	}
	return g.Store.SaveSeen(ctx, g.in.Intake.Project, seen)
}

// contents are what is known of contents that are not settled where they are.
type contents struct {
	taken map[string]bool // by the row of another file
	held  map[string]bool // by the project
}

func (g *gathering) known(ctx context.Context, page []*listedFile) (contents, error) {
	var sums []string
	for _, f := range page {
		if f.sum != "" && !f.settled() {
			sums = append(sums, f.sum)
		}
	}
	taken, err := g.Store.SeenContent(ctx, g.in.Intake.Project, sums)
	if err != nil {
		return contents{}, err
	}
	known := contents{taken, map[string]bool{}}
	for _, sum := range sums {
		if taken[sum] || g.taken[keyOf(sum)] {
			continue
		}
		_, held, err := g.Store.FindContent(ctx, g.in.Intake.Project, sum, document.PipelineVersion)
		if err != nil {
			return contents{}, err
		}
		known.held[sum] = held
	}
	return known, nil
}

// decide counts the file, and says what to record of it and which row it becomes,
// if any.
func (g *gathering) decide(f *listedFile, known contents) (store.Seen, *store.Row) {
	g.found.Listed++
	now := store.Seen{URI: f.uri, Version: f.Version, SHA256: f.sum}
	if f.failure != nil {
		now.Failure = f.failure.Type
	}
	switch {
	case f.settled():
		now.Batch, now.Row = f.before.Batch, f.before.Row
		if f.sum == "" {
			g.found.Unreadable++
		} else {
			g.found.Unchanged++
		}
		return now, nil
	case f.sum != "" && (g.taken[keyOf(f.sum)] || known.taken[f.sum]):
		now.Batch = store.Undecided
		g.found.Unchanged++
		return now, nil
	case f.sum != "" && known.held[f.sum]:
		g.found.Unchanged++
		return now, nil
	}
	if f.sum != "" {
		g.taken[keyOf(f.sum)] = true
	}
	g.rowNo++
	now.Batch, now.Row = g.in.Batch, g.rowNo
	row := &store.Row{Row: g.rowNo, URI: f.uri, Name: f.name, Bytes: f.Bytes}
	if f.failure != nil && !f.passing {
		row.Failure, row.StartedAt, row.FinishedAt = f.failure, g.in.At, g.in.At
	}
	return now, row
}
