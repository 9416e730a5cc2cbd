package extract

// A row of an RTF table has no beginning of its own: it is the paragraphs marked
// \intbl, cut by \cell, up to \row. Inside notes and text boxes tables are
// written as lines with tabs.

// enterCell opens the cell that text in a table belongs to.
func (p *rtfParser) enterCell() {
	if !p.group().inTable || p.asides > 0 || p.cellOpen {
		return
	}
	if !p.rowOpen {
		p.flow.newLine()
		p.flow.openRow()
		p.rowOpen = true
	}
	p.flow.openCell()
	p.cellOpen = true
}

func (p *rtfParser) endCell() {
	p.enterCell()
	if !p.cellOpen || p.asides > 0 {
		p.flow.text("\t")
		return
	}
	p.endBoxes()
	p.flow.closeCell()
	p.cellOpen = false
}

func (p *rtfParser) endRow() {
	if !p.rowOpen || p.asides > 0 {
		p.flow.newLine()
		return
	}
	if p.cellOpen {
		p.flow.closeCell()
		p.cellOpen = false
	}
	p.flow.closeRow(true)
	p.rowOpen = false
}

// paragraph ends a paragraph. One outside a table ends a row that was left open.
func (p *rtfParser) paragraph() {
	if p.rowOpen && p.asides == 0 && !p.group().inTable {
		p.endRow()
	}
	p.flow.paragraph()
	p.endBoxes()
}

// endBoxes writes the text boxes that were met in the paragraph.
func (p *rtfParser) endBoxes() {
	if p.asides > 0 {
		return
	}
	for _, text := range p.boxes {
		p.flow.block(text)
	}
	p.boxes = nil
}
