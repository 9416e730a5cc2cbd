package analysis

// MostPercent is the share of the failures that the few causes cover, in percent:
// the usual 80 of a Pareto analysis.
const MostPercent = 80

// Few is how many of the largest counts it takes to cover at least percent of
// their sum: the smallest number there is. counts are in descending order and
// not negative; percent is 0 to 100. It is 0 if the sum is.
func Few(counts []int, percent int) int {
	sum := 0
	for _, n := range counts {
		sum += n
	}
	covered := 0
	for i, n := range counts {
		if covered*100 >= sum*percent {
			return i
		}
		covered += n
	}
	return len(counts)
}

// Cumulative is the share of their sum, 0 to 1, that counts cover up to and
// including each. It is 0 everywhere if the sum is.
func Cumulative(counts []int) []float64 {
	sum := 0
	for _, n := range counts {
		sum += n
	}
	shares := make([]float64, len(counts))
	covered := 0
	for i, n := range counts {
		covered += n
		if sum > 0 {
			shares[i] = float64(covered) / float64(sum)
		}
	}
	return shares
}
