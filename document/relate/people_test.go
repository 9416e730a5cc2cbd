package relate_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/relate"
)

func TestPeopleAndOrganisations(t *testing.T) {
	t.Parallel()
	const caption = "No. «DOCKET_NUMBER:22-1801»\n«PERSON/plaintiff:Ann Lee»,\nPlaintiff,\nv.\n«ORG/defendant:Acme Corp.»,\nDefendant.\n\n"
	tests := []struct {
		name, text string
		want, not  []string
	}{
		{"a post behind the name", "«PERSON:Dana Quist», chief financial officer of «ORG:Acme Corp.», wrote.", []string{"dana quist officer_of acme corp."}, nil},
		{"an organisation's post before the name", "«ORG:Acme Corp.»'s plant manager, «PERSON:Dana Quist», wrote.", []string{"dana quist officer_of acme corp."}, nil},
		{"a name, then whose post", "«PERSON:Dana Quist» is «ORG:Acme Corp.»'s managing member.", []string{"dana quist officer_of acme corp."}, nil},
		{"its president", "«ORG:Acme Corp.» is a company. Its president is «PERSON:Dana Quist».", []string{"dana quist officer_of acme corp."}, nil},
		{"no post", "«PERSON:Dana Quist», a customer of «ORG:Acme Corp.», wrote.", nil, []string{"dana quist officer_of acme corp."}},
		{"a block with its firm", caption + "/s/ «PERSON:Pia Poe»\n«ORG=poe:Poe & Roe LLP»\n12 Main Street\nAttorneys for Defendant\n",
			[]string{"pia poe represents acme corp.", "poe represents acme corp.", "pia poe member_of poe"}, nil},
		{"two blocks in columns", caption + "«PERSON:Pia Poe»               «PERSON:Jon Doe»\n«ORG=poe:The Poe Firm»          «ORG=doe:Doe LLP»\nCounsel for Plaintiff          Counsel for Defendant\n",
			[]string{"pia poe represents ann lee", "pia poe member_of poe", "jon doe represents acme corp.", "jon doe member_of doe"}, []string{"jon doe represents ann lee", "pia poe member_of doe"}},
		{"a list of appearances", caption + "APPEARANCES:\n\nFOR THE PLAINTIFF:\n   «PERSON:Pia Poe», ESQ.\n   «ORG=poe:Poe LLP»\n   12 Main Street\n\nFOR THE DEFENDANT:\n   «PERSON:Jon Doe»\n",
			[]string{"pia poe represents ann lee", "poe represents ann lee", "pia poe member_of poe", "jon doe represents acme corp."}, nil},
		{"one line of appearances", caption + "For the Plaintiff: «PERSON:Pia Poe» of «ORG=poe:Poe LLP»\n", []string{"pia poe represents ann lee", "poe represents ann lee", "pia poe member_of poe"}, nil},
		{"counsel in brackets", caption + "cc:  «PERSON:Jon Doe», «ORG=doe:Doe & Roe» (for Defendant)\n", []string{"jon doe represents acme corp.", "doe represents acme corp.", "jon doe member_of doe"}, nil},
		{"heads in columns", caption + "For Plaintiff:            For Defendant:\n\n/s/ «PERSON:Pia Poe»               /s/ «PERSON:Jon Doe»\n«ORG=poe:Poe & Roe»               «ORG=doe:Doe & Fay»\n",
			[]string{"pia poe represents ann lee", "pia poe member_of poe", "jon doe represents acme corp.", "doe represents acme corp."}, []string{"pia poe represents acme corp."}},
		{"of a firm for a client", caption + "Appearing were «PERSON:Pia Poe» of «ORG=poe:Poe Law» for Plaintiff, and «PERSON:Jon Doe», of «ORG=doe:Doe Legal», for Defendant.\n",
			[]string{"poe represents ann lee", "jon doe represents acme corp.", "jon doe member_of doe"}, []string{"poe represents acme corp."}},
		{"a firm shares its attorney's client", caption + "«ORG:Acme Corp.»'s counsel, «PERSON:Jon Doe», called.\n\nThen «PERSON:Jon Doe» of «ORG=doe:Doe LLP» wrote.\n", []string{"doe represents acme corp."}, nil},
		{"no v.", "In re:                    )\n«PERSON:Ann Lee» and          )   Case No. «DOCKET_NUMBER:24-20618»\n«PERSON:Bo Lee»,                )\n              Debtors.    )\n",
			[]string{"ann lee party_to 24-20618", "bo lee party_to 24-20618"}, nil},
		{"counsel beside the caption", "No. «DOCKET_NUMBER:22-1801»\n«ORG:Acme Corp.»                              «PERSON:Pia Poe»\n\nv.\n\n«PERSON:Ann Lee»\nDefendant.\n", []string{"acme corp. party_to 22-1801"}, []string{"pia poe party_to 22-1801"}},
		{"a post between commas", "«PERSON:Dana Quist», paralegal, «ORG:Acme Corp.»", []string{"dana quist officer_of acme corp."}, nil},
		{"further counsel beneath a gap", caption + "«PERSON:Pia Poe»\n12 Main Street\n\nCounsel for Plaintiff\n\n«PERSON:Jon Doe»\n14 Main Street\n\nCounsel for Plaintiff\n",
			[]string{"pia poe represents ann lee", "jon doe represents ann lee"}, []string{"pia poe represents jon doe"}},
		{"an attorney beneath", caption + "«PERSON:Pia Poe»\nCounsel for Plaintiff\n«PERSON/attorney:Jon Doe»\nCounsel for Plaintiff\n",
			[]string{"pia poe represents ann lee"}, []string{"pia poe represents jon doe"}},
		{"a client beneath a gap", "«PERSON:Pia Poe»\n\nAttorneys for Plaintiff\n\n«ORG:Beta Corp.»\n", []string{"pia poe represents beta corp."}, nil},
		{"represented by", caption + "Defendant was represented by «PERSON:Jon Doe» of «ORG=doe:Doe LLP».\n", []string{"jon doe represents acme corp.", "doe represents acme corp.", "jon doe member_of doe"}, nil},
		{"whose counsel", caption + "«ORG:Acme Corp.»'s counsel, «PERSON:Jon Doe», called.\n", []string{"jon doe represents acme corp."}, nil},
		{"several clients", "Attorneys for Plaintiffs «ORG:Acme Corp.», «PERSON:Ann Lee» and «PERSON:Bo Ray»\n«PERSON:Pia Poe»\n",
			[]string{"pia poe represents acme corp.", "pia poe represents ann lee", "pia poe represents bo ray"}, nil},
		{"a government's attorney", "No. «DOCKET_NUMBER:22-1801»\n«ORG:UNITED STATES OF AMERICA»,\nPlaintiff,\nv.\n«PERSON:Ann Lee»,\nDefendant.\n\nBy: «PERSON:Pia Poe»\nAssistant United States Attorney\n",
			[]string{"pia poe represents united states of america"}, nil},
		{"a witness", caption + "«PERSON:Priya Rao», a nurse, testified that he came.\n", []string{"priya rao testifies_in 22-1801"}, nil},
		{"a signature for an organisation", "«ORG:ACME CORP.»                    «ORG:BETA LP»\n\nBy: /s/ «PERSON:Dana Quist»            By: /s/ «PERSON:Bo Ray»\nTitle: President                       Title: Manager\n",
			[]string{"dana quist signs_for acme corp.", "dana quist officer_of acme corp.", "bo ray signs_for beta lp", "bo ray officer_of beta lp"}, []string{"bo ray signs_for acme corp."}},
		{"parties of a contract", "«ORG/party:Acme Corp.» and «PERSON/party:Ann Lee» agree.", []string{"acme corp. contracts_with ann lee"}, nil},
		{"an appeal", "No. «DOCKET_NUMBER:22-1801»\nAppeal from the «COURT:Circuit Court»\nNo. «DOCKET_NUMBER:1711-CC00064»\n", []string{"22-1801 appeal_from 1711-cc00064"}, []string{"22-1801 appeal_from circuit court"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := typed(read(tt.text))
			assert.Subset(t, got, tt.want)
			for _, not := range tt.not {
				assert.NotContains(t, got, not)
			}
		})
	}
}

func TestReadGivesRolesThatPlacesTell(t *testing.T) {
	t.Parallel()
	in := read("No. «DOCKET_NUMBER:22-1801»\n«PERSON/plaintiff:Ann Lee»,\nPlaintiff,\nv.\n«ORG/defendant:Acme Corp.»,\nDefendant.\n\nDEFENDANT'S MOTION TO DISMISS\n\n/s/ «PERSON/signatory:Pia Poe»\n«ORG:Poe & Roe LLP»\nAttorneys for Defendant\n")
	in.Kind = document.KindMotion
	mentions, _ := relate.Read(in)
	roles := map[string]string{}
	for _, m := range mentions {
		roles[m.Text] = m.Role
	}
	assert.Equal(t, "signatory,attorney", roles["Pia Poe"])
	assert.Equal(t, "firm", roles["Poe & Roe LLP"])
	assert.Equal(t, "defendant,movant", roles["Acme Corp."])
	assert.Empty(t, in.Mentions[4].Role, "what was given is left as it is")
}

func TestANoticeSaysWhoAppeals(t *testing.T) {
	t.Parallel()
	in := read("No. «DOCKET_NUMBER:22-1801»\n«PERSON/plaintiff:Ann Lee»,\nPlaintiff,\nv.\n«ORG/defendant:Acme Corp.» and «PERSON/defendant:Bo Ray»,\nDefendants.\n\nNOTICE OF APPEAL\n\n«ORG:Acme Corp.», defendant, appeals to the «COURT:Court of Appeals».\n")
	in.Kind = document.KindNotice
	mentions, _ := relate.Read(in)
	var appellants, appellees []string
	for _, m := range mentions {
		switch m.Role {
		case "appellant", "defendant,appellant":
			appellants = append(appellants, m.Entity)
		case "plaintiff,appellee":
			appellees = append(appellees, m.Entity)
		}
	}
	assert.Equal(t, []string{"acme corp."}, appellants)
	assert.Equal(t, []string{"ann lee"}, appellees)
}
