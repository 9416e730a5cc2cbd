package opinion_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/document/opinion"
)

const thirdCircuit = `                  UNITED STATES COURT OF APPEALS
                      FOR THE THIRD CIRCUIT
                             No. 22-3112
                     UNITED STATES OF AMERICA
                                  v.
                         DARNELL WHITLOCK, Appellant

           On Appeal from the United States District Court
               for the Eastern District of Pennsylvania
                   (D.C. No. 2-19-cr-00417-001)
         District Judge: Honorable Gerald J. Pappert

                    Argued: September 12, 2023
      Before: HARDIMAN, PORTER, and FREEMAN, Circuit Judges
                   (Filed: January 22, 2024)

PORTER, Circuit Judge.
`

const indiana = `          IN THE COURT OF APPEALS OF INDIANA

Rosalind Keene,                                   February 28, 2024
Appellant-Plaintiff,                              Court of Appeals Case No.
        v.                                        23A-CT-1187
Wabash Valley Hospital, Inc.,                     Appeal from the Vigo Superior Court
Appellee-Defendant.                               The Honorable John T. Roach, Judge
                                                  Trial Court Cause No.
                                                  84D01-2005-CT-2871
`

func texts(values []opinion.Value) []string {
	var all []string
	for _, v := range values {
		all = append(all, v.Text)
	}
	return all
}

func TestHeadReadsACaption(t *testing.T) {
	t.Parallel()
	f := opinion.Head(thirdCircuit)
	assert.Equal(t, []string{"22-3112"}, texts(f.Dockets))
	assert.Equal(t, "2024-01-22", f.Filed.Day)
	assert.Equal(t, "2023-09-12", f.Argued.Day)
	assert.Empty(t, f.Decided.Day)
	assert.Equal(t, "United States District Court for the Eastern District of Pennsylvania", f.LowerCourt.Text)
	assert.Equal(t, []string{"2-19-cr-00417-001"}, texts(f.LowerDockets))
	assert.Equal(t, "Gerald J. Pappert", f.LowerJudge.Text)
	assert.Equal(t, []string{"HARDIMAN", "PORTER", "FREEMAN"}, texts(f.Panel))
	assert.Equal(t, "PORTER", f.Author.Text)
	assert.False(t, f.PerCuriam)
}

func TestHeadReadsAColumnAtATime(t *testing.T) {
	t.Parallel()
	f := opinion.Head(indiana)
	assert.Equal(t, []string{"23A-CT-1187"}, texts(f.Dockets))
	assert.Equal(t, "2024-02-28", f.Decided.Day)
	assert.Equal(t, "Vigo Superior Court", f.LowerCourt.Text)
	assert.Equal(t, []string{"84D01-2005-CT-2871"}, texts(f.LowerDockets))
	assert.Equal(t, "John T. Roach", f.LowerJudge.Text)
}

func TestSpansAreOfTheText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{thirdCircuit, indiana} {
		f := opinion.Head(text)
		all := append(append(append([]opinion.Value{f.LowerCourt, f.LowerJudge, f.Author}, f.Dockets...), f.LowerDockets...), f.Panel...)
		for _, v := range all {
			if v.Text != "" {
				require.NotZero(t, v.Span.Len(), v.Text)
				assert.Equal(t, v.Text, strings.Join(strings.Fields(text[v.Span.Start:v.Span.End]), " "))
			}
		}
		for _, d := range []opinion.Date{f.Filed, f.Decided, f.Argued} {
			if d.Day != "" {
				assert.Contains(t, text[d.Span.Start:d.Span.End], d.Day[:4])
			}
		}
	}
}

func TestHeadReadsWhatIsBelow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, court, number, judge string }{
		{"IN THE COURT OF APPEAL\nOF THE STATE OF CALIFORNIA\nDIVISION ONE\nA123456\n\nAppeal from a judgment of the Superior Court of Kern County, Jane T. Roe, Judge.\n", "Superior Court of Kern County", "", "Jane T. Roe"},
		{"COURT OF APPEALS\nAppeal from the Circuit Court of St. Clair County\nNo. 19-CV-100\n", "Circuit Court of St. Clair County", "19-CV-100", ""},
		{"SUPREME COURT\nAppeal by Permission from the Court of Appeals\nChancery Court for Roe County\nNo. 19-3-114\n", "Court of Appeals", "19-3-114", ""},
		{"THE STATE OF SOUTH CAROLINA\nIn The Supreme Court\n\nON WRIT OF CERTIORARI TO THE COURT OF APPEALS\n\nAppeal From Roe County\nJane T. Roe, Circuit Court Judge\n", "Roe County", "", "Jane T. Roe"},
		{"UNITED STATES COURT OF APPEALS\nAppeal from the United States District Court for the District of Oregon, D.C. No. 3:20-cv-\n01123-MO\n", "United States District Court for the District of Oregon", "3:20-cv-01123-MO", ""},
	} {
		f := opinion.Head(c.text)
		assert.Equal(t, c.court, f.LowerCourt.Text, c.text)
		assert.Equal(t, c.number, strings.Join(texts(f.LowerDockets), " "), c.text)
		assert.Equal(t, c.judge, f.LowerJudge.Text, c.text)
	}
}

func TestHeadReadsListsOfJudgesAndDates(t *testing.T) {
	t.Parallel()
	f := opinion.Head("SJC-13314\n\nCOMMONWEALTH vs. PAUL J. STANWOOD.\n\nEssex.     January 9, 2023. - May 22, 2023.\n\nCourt\n\nROE, C. J.,\nDOE, P. J., and POE, J.\n")
	assert.Equal(t, []string{"SJC-13314"}, texts(f.Dockets))
	assert.Equal(t, "2023-01-09", f.Argued.Day)
	assert.Equal(t, "2023-05-22", f.Decided.Day)
	assert.Equal(t, []string{"ROE", "DOE", "POE"}, texts(f.Panel))
	assert.Empty(t, opinion.Head("BEFORE THE PATENT TRIAL AND APPEAL BOARD\n").Panel)
}

func TestAContractHasNoHead(t *testing.T) {
	t.Parallel()
	f := opinion.Head("SERVICES AGREEMENT\n\nThis Agreement is made by and between Acme Widgets, Inc. and Jane Roe.\n1. Term. The term is 12 months and may be renewed.\n" +
		"2. Fees. Invoice No. 4471 is due in 30 days. Section No. 12 applies.\n")
	assert.Equal(t, opinion.Fields{}, f)
}

func TestHeadReadsTheFirstPageAlone(t *testing.T) {
	t.Parallel()
	f := opinion.Head(thirdCircuit + "\n\f\nDocket No. 99-9999\n")
	assert.Equal(t, []string{"22-3112"}, texts(f.Dockets))
	assert.Empty(t, opinion.Head(strings.Repeat("x ", opinion.MaxHead)+"Case No. 22-3112").Dockets)
}

func FuzzHead(f *testing.F) {
	f.Add(thirdCircuit)
	f.Add(indiana)
	f.Add("No. \nNo. ,\xff\xc3 Before: and, and\n\fFiled 1/1/1")
	f.Fuzz(func(t *testing.T, text string) {
		head := opinion.Head(text)
		for _, v := range append(head.Dockets, head.Panel...) {
			if v.Span.Start < 0 || v.Span.End > len(text) || v.Span.Start > v.Span.End {
				t.Fatalf("span %v of %d bytes", v.Span, len(text))
			}
		}
	})
}

func BenchmarkHead(b *testing.B) {
	text := thirdCircuit + strings.Repeat("The district court held that the plaintiff had not shown that Smith v. Jones, 5 F.3d 10 (3d Cir. 1999), applied to it.\n", 60)
	b.SetBytes(opinion.MaxHead)
	for b.Loop() {
		opinion.Head(text)
	}
}

func TestHeadReadsFormsOfSingleCourts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, court, number, judge string }{
		{"United States Court of Appealsfor the Fifth Circuit____________No. 24-40217Summary Calendar____________Orrin T. Vasko,Plaintiff—Appellant,versusBluebonnet Grain,Defendant—Appellee.______________________________Appeal from the United States District Courtfor the Eastern District of TexasUSDC No. 6:22-CV-318______________________________Before Higgins, Ames, and Delacroix, Circuit Judges.\n",
			"United States District Court for the Eastern District of Texas", "6:22-CV-318", ""},
		{"COURT OF APPEAL\nFIRST CIRCUIT\n2022 CA 0818\n\nAppealed from the\n19th Judicial District Court\nState of Louisiana\nCase No. C689117\n", "19th Judicial District Court State of Louisiana", "C689117", ""},
		{"IN THE SUPREME COURT OF DELAWARE\n\nROBERT ROE,                §\n                           §  Court Below—Superior Court\n    v.                     §  of the State of Delaware\nJANE DOE,                  §  Cr. ID No. 1905017733\n", "Superior Court of the State of Delaware", "1905017733", ""},
		{"THE SUPREME COURT OF NEW HAMPSHIRE\n_______________\n\nMerrimack\nCase No. 2022-0417\n\nROE v. DOE\n", "Merrimack", "", ""},
		{"Order, Supreme Court, Bronx County (Jane T. Roe, J.), entered March 4, 2022, unanimously affirmed.\n", "Supreme Court, Bronx County", "", "Jane T. Roe"},
		{"COURT OF APPEALS\nNo. COA22-614\nWake County, No. 19 CRS 210733\n\nAppeal by defendant from judgment entered 3 May 2021 by Judge Jane T. Roe in Wake County Superior Court.\n", "Wake County Superior Court", "19 CRS 210733", "Jane T. Roe"},
		{"COURT OF CRIMINAL APPEALS\nNO. WR-93,417-01\nON APPLICATION FOR A WRIT OF HABEAS CORPUS\nCAUSE NO. 1577331-A IN THE 228TH DISTRICT COURT\nFROM HARRIS COUNTY\n", "228TH DISTRICT COURT", "1577331-A", ""},
		{"IN THE COURT OF APPEALS\n\nROE, Petitioner,\nv.\nDOE, Respondent.\n\nWorkers' Compensation Board\n2002117; A177718\n", "Workers' Compensation Board", "2002117", ""},
		{"SUPREME COURT OF WISCONSIN\nCASE NO.: 2020AP417\nREVIEW OF A DECISION OF THE COURT OF APPEALS\n", "COURT OF APPEALS", "", ""},
		{"UNITED STATES COURT OF APPEALS\nOn Petition for Review of a Final Rule\nof the Pipeline Safety Administration\n", "Pipeline Safety Administration", "", ""},
	} {
		f := opinion.Head(c.text)
		assert.Equal(t, c.court, f.LowerCourt.Text, c.text)
		assert.Equal(t, c.number, strings.Join(texts(f.LowerDockets), " "), c.text)
		assert.Equal(t, c.judge, f.LowerJudge.Text, c.text)
	}
}

func TestASectionSignIsNoColumn(t *testing.T) {
	t.Parallel()
	f := opinion.Head("SUPREME COURT\nNo. 214PA21\nOn discretionary review pursuant to N.C.G.S. § 7A-31 of a decision of\nthe Court of Appeals, 280 N.C. App. 118.\n")
	assert.Equal(t, "Court of Appeals", f.LowerCourt.Text)
}

func TestHeadReadsColumnsOfSingleSpaces(t *testing.T) {
	t.Parallel()
	f := opinion.Head("United States Court of Appeals\nFor the Seventh Circuit\n\nBy the Court:\nNo. 21-2417\n\nIN RE: ] Appeal from the United\nLARKSPUR FREIGHT, ] States District Court for\nINC. WAGE LITIGATION ] the Northern District\n] of Indiana, South Bend\n] Division.\n" +
		"JANE ROE, et al., ]\nPlaintiffs-Appellants, ] No. 3:17-cv-00595-RLM-MGG\n]\nv. ] Paul R. Doe, Jr., Judge.\n]\nLARKSPUR FREIGHT, INC., ]\nDefendant-Appellee. ]\n\nO R D E R\n")
	assert.Equal(t, []string{"21-2417"}, texts(f.Dockets))
	assert.Equal(t, "United States District Court for the Northern District of Indiana, South Bend Division", f.LowerCourt.Text)
	assert.Equal(t, []string{"3:17-cv-00595-RLM-MGG"}, texts(f.LowerDockets))
	assert.Equal(t, "Paul R. Doe, Jr.", f.LowerJudge.Text)
	assert.Empty(t, f.Panel)

	f = opinion.Head("In the Missouri Court of Appeals\nEastern District\n\nJANE ROE, ) No. ED118783\n)\nAppellant, ) Appeal from the Circuit Court of\n) St. Charles County, Missouri\nvs. ) No. 1711-CC00064\n)\nSTATE OF MISSOURI, ) Honorable Ann B. Doe\n)\nRespondent. ) Filed: January 19, 2021\n")
	assert.Equal(t, "Circuit Court of St. Charles County, Missouri", f.LowerCourt.Text)
	assert.Equal(t, "Ann B. Doe", f.LowerJudge.Text)
	assert.Equal(t, []string{"1711-CC00064"}, texts(f.LowerDockets))
	assert.Equal(t, []string{"ED118783"}, texts(f.Dockets))
}

func TestHeadKeepsOtherCourtsAndAgenciesApart(t *testing.T) {
	t.Parallel()
	f := opinion.Head("United States Court of Appeals for the Second Circuit\nDate: October 31, 2017\nDocket #: 17-3517\nShort Title: Roe v. Doe\nDC Docket #: 17-cv-6761\nDC Court: SDNY\nDC Judge: Farrow\n\nDOCKETING NOTICE\n")
	assert.Equal(t, "Farrow", f.LowerJudge.Text)
	assert.Empty(t, f.Author.Text)

	f = opinion.Head("WORKERS’ COMPENSATION APPEALS BOARD\n\nCharles R. Roe ) Docket No. 2017-03-1235\nv. State File No. 80097-2017\nDoe Driver’s Services, Inc., et al.\nAppeal from the Court of Workers’\n\nCompensation Claims\nLisa A. Doe, Judge\n")
	assert.Equal(t, []string{"2017-03-1235"}, texts(f.Dockets))
	assert.Empty(t, f.LowerDockets)
	assert.Equal(t, "Court of Workers’ Compensation Claims", f.LowerCourt.Text)
	assert.Equal(t, "Lisa A. Doe", f.LowerJudge.Text)
}
