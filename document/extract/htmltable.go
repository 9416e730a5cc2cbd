package extract

// htmlTable is an open table. Its rows and cells need not be closed by tags.
type htmlTable struct{ row, cell bool }

func (w *htmlWalker) startTable() {
	w.flow.paragraph()
	if w.tooDeep > 0 || w.flow.deep() {
		w.tooDeep++
		return
	}
	w.tables = append(w.tables, htmlTable{})
}

func (w *htmlWalker) endTable() {
	switch {
	case w.tooDeep > 0:
		w.tooDeep--
	case len(w.tables) > 0:
		w.endRow()
		w.tables = w.tables[:len(w.tables)-1]
	}
	w.flow.paragraph()
}

// table is the innermost open table whose structure is kept, nil if there is
// none.
func (w *htmlWalker) table() *htmlTable {
	if w.tooDeep > 0 || len(w.tables) == 0 {
		return nil
	}
	return &w.tables[len(w.tables)-1]
}

func (w *htmlWalker) startRow() {
	t := w.table()
	if t == nil {
		w.flow.newLine()
		return
	}
	w.endRow()
	w.flow.openRow()
	t.row = true
}

func (w *htmlWalker) startCell() {
	t := w.table()
	if t == nil {
		w.flow.newLine()
		return
	}
	if !t.row {
		w.startRow()
	}
	w.endCell()
	w.flow.openCell()
	t.cell = true
}

func (w *htmlWalker) endCell() {
	if t := w.table(); t != nil && t.cell {
		w.flow.closeCell()
		t.cell = false
	}
}

func (w *htmlWalker) endRow() {
	w.endCell()
	if t := w.table(); t != nil && t.row {
		w.flow.closeRow(true)
		t.row = false
	}
}
