// Package entity finds the legal entities that a document's text names, by rules
// and tables: no model, no network, the same answer every time.
//
// Each mention has a byte span, the span's text, a normal form and a confidence
// between 0 and 1: how seldom the rule that found it is wrong. Mentions are in
// order, do not overlap, never cross a page break and cross at most single line
// breaks, since lines of a PDF's text are wrapped. Where readings overlap the
// more specific wins: a citation over a date inside it, a court over an
// organisation, a judge over a person.
//
// Normal forms by type (whitespace is always single spaces):
//
//	CASE_CITATION  volume, reporter, first page: "410 U.S. 113"; "2019 WL 123456"; "2014-Ohio-1234".
//	               The span runs on over pin cites and a court and year in parentheses. A short
//	               form ("410 U.S., at 153", "Id. at 153", "Wade, supra") has the normal form of the
//	               citation it repeats, or "410 U.S. at 153" where the text holds none. Package cite
//	               reads citations
//	STATUTE        "42 U.S.C. § 1983", "29 C.F.R. § 1614.105", "Fed. R. Civ. P. 12(b)(6)",
//	               "U.S. Const. amend. XIV, § 1", "Cal. Civ. Code § 1750", "Pub. L. No. 117-58",
//	               "135 Stat. 429", "86 Fed. Reg. 12345", "Securities Exchange Act of 1934 § 10(b)".
//	               A bare "§ 1983" counts only after the full form, whose normal form it has
//	DOCKET_NUMBER  "1:19-cv-01234": hyphens, lower case, five digits, no judge's initials; "14-556"
//	COURT          the full name: "United States District Court for the Northern District of California"
//	JUDGE, PERSON  the name in title case without titles: "Jane Roe", "Mario Rossi Jr."
//	ORG            the name with a canonical suffix: "Acme Corp."
//	LOCATION       "California", "Oakland, California"
//	DATE           ISO 8601: "2021-03-03", or "2021-03" without a day
//	MONEY          ISO 4217 code and amount: "USD 1234.56"
//	EMAIL          lower case
//	PHONE          E.164: "+14155539319"
//
// Roles are what the text itself says next to a name: of people and
// organisations plaintiff, defendant, petitioner, respondent, appellant,
// appellee, intervenor, amicus, debtor, movant, attorney, witness, clerk; of
// dates filed, decided, argued, submitted, dated, effective, entered, signed.
//
// A document's own words count from where they stand: a short form that it defines
// (Acme Marine, Inc. ("Acme")) is a mention of the full name, and a person named in
// full once is found again without what gave the name away. Cells and columns, set
// apart by a tab or three spaces, hold no name together.
//
// Names of parties inside the name of a cited case are no mentions: they belong
// to the authority, not to the matter.
package entity
