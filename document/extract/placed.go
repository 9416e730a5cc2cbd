package extract

// PlacedWord is a word and where a page shows it.
type PlacedWord struct {
	Text string
	// Left, Right and Top are the lower left, lower right and upper left corner of the
	// box that it stands in, as it is read: a word on its side has Right above or below
	// Left.
	Left, Right, Top Spot
}

// Spot is a place on a page as it is shown, from its upper left corner: 0 to 1 of its
// width and height.
type Spot struct{ X, Y float64 }

// Resolution bounds the dots per inch that pages are drawn at. A page of pictures is
// drawn at theirs within the bounds, so that no dot is lost and none is made up.
type Resolution struct{ Least, Most int }
