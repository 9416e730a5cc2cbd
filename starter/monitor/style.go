package monitor

import (
	"image/color"

	"charm.land/lipgloss/v2"

	"github.com/caseload/caseload/batch"
)

// Theme is how parts of the screen are set off. Colour never tells what words do
// not: the zero Theme is legible.
type Theme struct {
	title, dim, good, warn, bad, cursor, dialog *lipgloss.Style
}

// Coloured uses the terminal's own 16 colours, which its user has chosen.
// Terminals that have fewer get none.
func Coloured() Theme {
	colour := func(c color.Color) *lipgloss.Style {
		s := lipgloss.NewStyle().Foreground(c)
		return &s
	}
	bold, faint, reverse := lipgloss.NewStyle().Bold(true), lipgloss.NewStyle().Faint(true), lipgloss.NewStyle().Reverse(true)
	return Theme{
		title: &bold, dim: &faint, cursor: &bold, dialog: &reverse,
		good: colour(lipgloss.Green), warn: colour(lipgloss.Yellow), bad: colour(lipgloss.Red),
	}
}

func paint(s *lipgloss.Style, text string) string {
	if s == nil || text == "" {
		return text
	}
	return s.Render(text)
}

// status sets off a batch's state.
func (t Theme) status(s batch.Status, failed int, text string) string {
	switch {
	case s == batch.StatusHeld || s == batch.StatusFailed || s == batch.StatusStopping || s == batch.StatusStopped:
		return paint(t.bad, text)
	case s.Waiting() || s.Ending() || s == batch.StatusCancelled || failed > 0:
		return paint(t.warn, text)
	case s == batch.StatusCompleted:
		return paint(t.good, text)
	}
	return text
}
