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
	drain := p.drain(p.Evidence.elapsed(now))
	ends := p.Evidence.estimate(p.Counts.Pending+p.Counts.Running, now, drain)
	if ends != nil && (p.InWork == nil || RecognizedEnough(p.Stages)) {
		return ends
	}
	work, waiting := p.stageWork()
	stages := work.estimate(p.Evidence.elapsed(now), drain)
	switch {
	case stages == nil || ends != nil && !waiting:
		return ends
	case ends == nil:
		return stages
	}
	return &Estimate{Remaining: stages.Remaining, Low: min(ends.Low, stages.Low), High: max(ends.High, stages.High)}
}

// gone is how many documents with OCR have ended since those in work were counted.
func (p Progress) gone() float64 {
	if p.InWork == nil {
		return 0
	}
	return max(float64(stageOf(p.Stages, StageOCR).Documents-p.InWork.Ended), 0)
}

// drain is how the batch will end, by the stage that takes most of the time.
func (p Progress) drain(elapsed time.Duration) drain {
	var most StageProgress
	var total time.Duration
	for _, s := range Stages() {
		one, now := stageOf(p.Stages, s), stageOf(p.InWork.stages(), s)
		n := max(now.Documents-int(p.gone()), 0)
		one.Documents, one.Total, one.Slowest = one.Documents+n, one.Total+time.Duration(n)*now.Mean(), max(one.Slowest, now.Slowest)
		if total += one.Total; one.Total > most.Total {
			most = one
		}
	}
	left := p.Counts.Pending + p.Counts.Running
	if p.Counts.Running > 0 {
		left = min(left, p.Counts.Running)
	}
	slowest := 0.0
	if most.Total > 0 { // of the other stages, as much as they take of all
		slowest = most.Slowest.Seconds() * total.Seconds() / most.Total.Seconds()
	}
	return newDrain(elapsed.Seconds(), total.Seconds(), float64(most.Documents), slowest, float64(left))
}

// stageWork is what was done, and is left to do, of each stage that documents have
// finished: how many documents, and their mean time in seconds.
type stageWork []struct{ done, left, mean float64 }

// stageWork is empty as long as no OCR is done: what it takes is not known, and all
// other documents end soon after they begin. waiting says that documents are known
// to wait for it.
func (p Progress) stageWork() (work stageWork, waiting bool) {
	scans, gone := 0.0, p.gone()
	ended := float64(stageOf(p.Stages, StageOCR).Documents)
	if p.InWork != nil {
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
// wide as that is little to go by. Work of several stages is a sum of such times, and so
// is the end of a batch, when fewer documents are in work (see drain): their degrees of
// freedom are those of one with the same mean and variance (Satterthwaite, "An
// approximate distribution of estimates of variance components", 1946). Of documents
// that differ less, n counts as more, and half of each in work is done; for Low, they all
// are all but done. High, and half of
// Remaining, are as of documents that differ as much as they may.
func (w stageWork) estimate(elapsed time.Duration, d drain) *Estimate {
	var done, left, doneSquares, leftSquares float64
	for _, s := range w {
		done, doneSquares = done+s.done*s.mean, doneSquares+s.done*s.mean*s.mean
		left, leftSquares = left+s.left*s.mean, leftSquares+s.left*s.mean*s.mean
	}
	if done == 0 || left == 0 || elapsed <= 0 || d.atOnce == 0 {
		return nil
	}
	r, n := max(left*left/leftSquares, 1), max(done*done/doneSquares, 1)
	at := func(z float64, d drain) float64 {
		worked := n + (1-min(d.cv2, 1))*d.atOnce/2
		g := elapsed.Seconds() * left / done / r * n / worked
		mean, variance := d.left(r)
		df1, df2 := max(2*mean*mean/variance, 2), max(min(2*worked/max(d.cv2, 0.1), steadiest), 2)
		return g * mean * fisher(z, df1, df2)
	}
	return &Estimate{
		Remaining: seconds((at(0, d) + at(0, d.widened())) / 2),
		Low:       seconds(at(-normal80, d) * n / (n + min(d.atOnce, r) - 1)),
		High:      seconds(at(normal80, d.widened())),
	}
}

// steadiest bounds the degrees of freedom of a pace that may change: its standard
// deviation is 20 % at least.
const steadiest = 50

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
