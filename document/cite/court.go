package cite

// CourtID is the short identifier of the court that a name or abbreviation means,
// such as "ca9" or "nysd"; empty if it is not known.
func CourtID(name string) string { return "" }
