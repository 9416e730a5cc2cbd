package batch

import (
	"math"
	"time"
)

// InWork is what documents have done that have no outcome yet. Those that wait for
// OCR, which takes many times as long as the other stages, are most of them.
type InWork struct {
	At     time.Time       `json:"at"`               // when this was counted
	Scans  int             `json:"scans"`            // documents that were extracted and need OCR
	Stages []StageProgress `json:"stages,omitempty"` // that these have finished
	Ended  int             `json:"ended,omitempty"`  // documents whose OCR was done and that had ended by then
}

func (w *InWork) stages() []StageProgress {
	if w == nil {
		return nil
	}
	return w.Stages
}

// RecognizedEnough says whether ends tell of OCR, so that what is in work is no
// longer needed for an estimate.
func RecognizedEnough(ended []StageProgress) bool {
	return stageOf(ended, StageOCR).Documents >= minBlocks
}

func stageOf(all []StageProgress, s Stage) StageProgress {
	for _, p := range all {
		if p.Stage == s {
			return p
		}
	}
	return StageProgress{Stage: s}
}

// estimate is the time that is left: by the ends of documents, and by their stages
// as long as those ends do not tell of the OCR that others wait for.
func (p Progress) estimate(now time.Time) *Estimate {
	ends := p.Evidence.Estimate(p.Counts.Pending+p.Counts.Running, now)
	if ends != nil && (p.InWork == nil || RecognizedEnough(p.Stages)) {
		return ends
	}
	work, waiting := p.stageWork()
	stages := work.estimate(p.Evidence.elapsed(now))
	switch {
	case stages == nil || ends != nil && !waiting:
		return ends
	case ends == nil:
		return stages
	}
	return &Estimate{Remaining: stages.Remaining, Low: min(ends.Low, stages.Low), High: max(ends.High, stages.High)}
}

// stageWork is what was done, and is left to do, of each stage that documents have
// finished: how many documents, and their mean time in seconds.
type stageWork []struct{ done, left, mean float64 }

// stageWork is empty as long as no OCR is done: what it takes is not known, and all
// other documents end soon after they begin. waiting says that documents are known
// to wait for it.
func (p Progress) stageWork() (work stageWork, waiting bool) {
	var scans, gone float64 // gone ended since those in work were counted
	ended := float64(stageOf(p.Stages, StageOCR).Documents)
	if p.InWork != nil {
		gone = max(ended-float64(p.InWork.Ended), 0)
		scans = max(float64(p.InWork.Scans)-gone, 0)
	}
	if ended+float64(stageOf(p.InWork.stages(), StageOCR).Documents) == 0 {
		return nil, scans > 0
	}
	extracted := max(float64(stageOf(p.Stages, StageExtract).Documents), ended)
	share := (scans + ended) / (scans + extracted) // of the documents need OCR
	left := float64(p.Counts.Pending + p.Counts.Running)
	for _, s := range Stages() {
		before, now := stageOf(p.Stages, s), stageOf(p.InWork.stages(), s)
		n := max(float64(now.Documents)-gone, 0)
		done := float64(before.Documents) + n
		if done == 0 {
			continue // short, like all stages but OCR
		}
		todo := max(left-n, 0)
		if s == StageOCR {
			todo = max(scans-n, 0) + share*max(left-scans, 0)
		}
		mean := (before.Total.Seconds() + n*now.Mean().Seconds()) / done
		work = append(work, struct{ done, left, mean float64 }{done, todo, mean})
	}
	return work, scans > 0
}

// estimate is the time that what is left will take after what was done took
// elapsed, or nil if nothing is left, or known.
//
// With exponential times, r documents take elapsed·r/n·F after n, where F has
// Fisher's distribution with 2r and 2n degrees of freedom: the exact prediction
// interval for a Poisson process (Meeker, Hahn and Escobar, "Statistical
// intervals", 2nd edition, ch. 7). It holds from the first document on, and is as
// wide as that is little to go by. Work of several stages is a sum of such times, and its degrees of freedom are those of
// one with the same mean and variance (Satterthwaite, "An approximate distribution
// of estimates of variance components", 1946). How many documents are in work at
// once is not known: for Low, atOnce of them are all but done, and for High the last
// of them end as in Estimator.Estimate.
func (w stageWork) estimate(elapsed time.Duration) *Estimate {
	var done, left, doneSquares, leftSquares float64
	for _, s := range w {
		done, doneSquares = done+s.done*s.mean, doneSquares+s.done*s.mean*s.mean
		left, leftSquares = left+s.left*s.mean, leftSquares+s.left*s.mean*s.mean
	}
	if done == 0 || left == 0 || elapsed <= 0 {
		return nil
	}
	r, n := max(left*left/leftSquares, 1), max(done*done/doneSquares, 1)
	g := elapsed.Seconds() * left / done / r
	at := func(z float64) float64 { return g * r * fisher(z, 2*r, 2*n) }
	return &Estimate{
		Remaining: seconds(at(0)),
		Low:       seconds(at(-normal80) * n / (n + min(atOnce, r) - 1)),
		High:      seconds(at(0) + math.Hypot(at(normal80)-at(0), g*stragglers(r))),
	}
}

// normal80 is the quantile of the normal distribution that an interval for 80 %
// takes.
const normal80 = 1.2816

// fisher is the quantile of Fisher's F with df1 and df2 degrees of freedom, at least
// 2 each, that corresponds to the normal quantile z (Abramowitz and Stegun,
// 26.6.15, solved for F).
func fisher(z, df1, df2 float64) float64 {
	c1, c2 := 2/(9*df1), 2/(9*df2)
	a1, a2 := 1-c1, 1-c2
	root := (a1*a2 + z*math.Sqrt(a2*a2*c1+a1*a1*c2-z*z*c1*c2)) / (a2*a2 - z*z*c2)
	return root * root * root
}
