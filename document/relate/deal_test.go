package relate_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/document"
)

func TestContractsLettersAndTranscripts(t *testing.T) {
	t.Parallel()
	const caption = "No. «DOCKET_NUMBER:22-1801»\n«PERSON/plaintiff:Ann Lee»,\nPlaintiff,\nv.\n«ORG/defendant:Acme Corp.»,\nDefendant.\n\n"
	const deal = "This Agreement is between «ORG/party:Acme Corp.», a company (the \"Company\"), and «PERSON/party:Ann Lee» (\"Executive\").\n\n"
	tests := []struct {
		name, text string
		kind       document.Kind
		want, not  []string
	}{
		{"appearances beside their label", caption + "For the Plaintiff:       «ORG=poe:POE LLP»\n                         By: «PERSON:Pia Poe», Esq.\n\nFor the Defendant:       «PERSON:Jon Doe»\n", "",
			[]string{"poe represents ann lee", "pia poe represents ann lee", "pia poe member_of poe", "jon doe represents acme corp."}, []string{"pia poe represents acme corp."}},
		{"a block below another's label", caption + "«ORG=poe:POE LLP»\nBY: «PERSON:Pia Poe», ESQ.\nAttorneys for the Plaintiff\n\n«ORG=doe:DOE LLC»\nBY: «PERSON:Jon Doe», ESQ.\nAttorneys for Defendant\n", "",
			[]string{"pia poe represents ann lee", "doe represents acme corp."}, []string{"poe represents doe", "pia poe represents doe"}},
		{"a pronoun's counsel", "«ORG:Acme Corp.» denied the claim. It is represented by «PERSON:Jon Doe» of «ORG=doe:Doe LLP».\n", "",
			[]string{"jon doe represents acme corp.", "doe represents acme corp."}, nil},
		{"the company's president", deal + "She reports to «PERSON:Bo Ray», the Company's president.\n", document.KindContract, []string{"bo ray officer_of acme corp.", "acme corp. contracts_with ann lee"}, nil},
		{"whom the company employs", deal + "The Company employs the Executive as its treasurer.\n", document.KindContract, []string{"ann lee officer_of acme corp."}, nil},
		{"copies of notices", deal + "Notices to the Company: with a copy to its counsel, «ORG=doe:Doe LLP», Attention: «PERSON:Jon Doe», Esq.\n", document.KindContract,
			[]string{"doe represents acme corp.", "jon doe member_of doe"}, []string{"jon doe officer_of acme corp."}},
		{"a guaranty by two", "Guaranty by «PERSON/party:Ann Lee» and «ORG/party:Beta LP» for the benefit of «ORG/party:Acme Bank».\n", document.KindContract,
			[]string{"acme bank contracts_with ann lee", "acme bank contracts_with beta lp"}, []string{"ann lee contracts_with beta lp"}},
		{"who signs is a party", "«ORG:ACME CORP.»                    «ORG:BETA LP»\n\nBy: /s/ «PERSON:Dana Quist»            By: /s/ «PERSON:Bo Ray»\n", document.KindContract,
			[]string{"acme corp. contracts_with beta lp"}, nil},
		{"the lawyers of a letterhead", "«ORG=poe:POE & ROE»\nATTORNEYS AT LAW\n\n«PERSON:Pia Poe»\n«PERSON:Rex Roe»\n\n«DATE/dated:May 1, 2024»\n\nDear Sir:\n", document.KindLetter,
			[]string{"pia poe member_of poe", "rex roe member_of poe"}, nil},
		{"an addressee who is a lawyer", "«DATE/dated:May 1, 2024»\n\n«PERSON/recipient:Jon Doe», Esq.\n«ORG=doe:Doe LLP»\n\nRe: Your client: «ORG:Acme Corp.»\n\nDear Mr. Doe:\n", document.KindLetter,
			[]string{"jon doe member_of doe", "jon doe represents acme corp.", "doe represents acme corp."}, nil},
		{"a letter's terms, accepted", "«ORG:Poe LLP»\n\nDear Sir:\n\nAGREED AND ACCEPTED:\n\n«ORG:ACME CORP.»\nBy: /s/ «PERSON:Dana Quist»\n", document.KindLetter,
			[]string{"acme corp. contracts_with poe llp"}, nil},
		{"a suit that a contract tells of", "No. «DOCKET_NUMBER:22-1801». WHEREAS, «PERSON:Ann Lee» filed an action against «ORG:Acme Corp.» and «ORG:Beta LP»;\n", document.KindContract,
			[]string{"ann lee party_to 22-1801", "acme corp. party_to 22-1801", "beta lp party_to 22-1801"}, nil},
		{"a post that a witness has", caption + "«PERSON/witness:BO RAY», sworn.\nQ.  What do you do for «ORG:Acme Corp.»?\nA.  I'm the plant manager.\nQ.  And before?\nA.  I was a buyer for «ORG:Beta LP».\n", "",
			[]string{"bo ray officer_of acme corp.", "bo ray officer_of beta lp"}, nil},
		{"directors of a board", "«ORG:ACME CORP.»\nMINUTES OF A MEETING OF THE BOARD OF DIRECTORS\n\nDirectors present: «PERSON:Dana Quist» (Chair)\n                   «PERSON:Bo Ray»\nAlso present:      «PERSON:Ann Lee», Secretary\n                   «PERSON:Jon Doe» of «ORG=doe:Doe LLP»\n\n", "",
			[]string{"dana quist officer_of acme corp.", "bo ray officer_of acme corp.", "ann lee officer_of acme corp."}, []string{"jon doe officer_of acme corp."}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := read(tt.text)
			in.Kind = tt.kind
			got := typed(in)
			assert.Subset(t, got, tt.want)
			for _, not := range tt.not {
				assert.NotContains(t, got, not)
			}
		})
	}
}
