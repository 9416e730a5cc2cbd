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
//	DURATION       ISO 8601: "P2Y" for "two (2) years", "P30D"
//	EMAIL          lower case
//	PHONE          E.164: "+14155539319"
//
// Roles are what the text says of a name, here and, where only the place in the
// document tells, in package relate; several are parted by commas. Of people and
// organisations: plaintiff, defendant, petitioner, respondent, appellant, appellee,
// intervenor, amicus, debtor, creditor, movant, trustee, receiver; party (to a contract);
// attorney, firm, witness, signatory, clerk; sender, recipient. Of dates: filed, decided,
// argued, submitted, entered, dated, signed, served, effective, due, expires, hearing. Of
// places: governing-law. Of durations: term (of a contract), notice (that ends it).
//
// Names on no list are known by what stands beside them: posts ("its president is"),
// registers of attorneys, formulas of declarations, signatures, captions, preambles,
// headers of mails, closings of letters. A span is the name without title, article or
// role.
//
// A document's own words count wherever they stand in it: a short form that it defines
// (Acme Marine, Inc. ("Acme")) is a mention of the full name, so are the name without
// its form and its first word where that is no word of the document in lower case;
// a person named in full once is found again by the whole name or the surname, and
// in mails by the given name. Cells and columns, set apart by a tab or three spaces,
// hold no name together.
//
// Names of parties inside the name of a cited case are no mentions: they belong
// to the authority, not to the matter.
package entity
