// Package cite reads citations of legal authorities: cases in full, short form,
// Id. and supra, statutes and regulations, constitutions, rules, session laws,
// registers and law reviews. It also tells which court a name or abbreviation
// means.
//
// A text is read in one pass. The tables of abbreviations are one trie, which is
// walked from every number and every capital; what follows a hit is read by
// patterns that are anchored there and see a bounded window. So the work is
// linear in the text, whatever is in it.
//
// The tables under tables/ are lists of facts written for this project. Their
// sources are The Bluebook (tables T1, T2, T13), the Indigo Book, and the Free Law
// Project's reporters-db and courts-db (BSD-2-Clause), whose abbreviations and
// court identifiers are used as the canonical ones.
package cite
