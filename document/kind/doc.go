// Package kind tells what sort of legal document a text is: by its title, which
// stands in capitals near the top of the first page or beside the caption, and by
// the phrases that such documents consist of. Titles and phrases are those of the
// forms that courts publish (the Federal Rules of Civil Procedure, rules 3, 7, 10, 45
// and 56, and the official forms of the federal courts), and of ordinary letters
// and agreements.
package kind
