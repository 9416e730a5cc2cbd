package resolve

import "strings"

// formalNames are the given names that a short one may stand for. Only common ones
// of English are here, a choice of our own: a table that knows more joins more
// people wrongly. A fuller list is github.com/carltonnorthern/nicknames, by the Web
// Science and Digital Libraries group of Old Dominion University.
var formalNames = func() map[string][]string {
	m := map[string][]string{}
	for line := range strings.Lines(nicknames) {
		formal, short, _ := strings.Cut(strings.TrimSpace(line), ": ")
		for _, s := range strings.Fields(short) {
			m[s] = append(m[s], formal)
		}
	}
	return m
}()

const nicknames = `abigail: abby
albert: al bert
alexander: alex sandy
alexandra: alex sandy
alfred: al fred
andrew: andy drew
anthony: tony
barbara: barb
benjamin: ben benny
bradley: brad
catherine: cathy kate katie
charles: charlie chuck
christina: chris tina
christine: chris
christopher: chris
cynthia: cindy
daniel: dan danny
david: dave
deborah: deb debbie
dennis: denny
donald: don donnie
dorothy: dot dottie
douglas: doug
edward: ed eddie ted
elizabeth: beth betsy betty eliza liz lizzie
eugene: gene
francis: frank
franklin: frank
frederick: fred freddie
gerald: gerry jerry
gregory: greg
harold: hal harry
henry: hank harry
jacob: jake
jacqueline: jackie
james: jim jimmy jamie
janet: jan
jeffrey: jeff
jennifer: jen jenny
jerome: jerry
john: jack johnny
jonathan: jon
joseph: joe joey
joshua: josh
judith: judy
katherine: kate kathy katie
kathleen: kathy
kenneth: ken kenny
kimberly: kim
lawrence: larry
leonard: len lenny
louis: lou
margaret: maggie meg peg peggy
martha: marty
martin: marty
matthew: matt
megan: meg
michael: mickey mike
nancy: nan
nathaniel: nate nat
nicholas: nick
pamela: pam
patricia: pat patty tricia
patrick: pat
peter: pete
philip: phil
phillip: phil
raymond: ray
rebecca: becky
richard: dick rich rick ricky
robert: bob bobby rob robbie
ronald: ron ronnie
samantha: sam
samuel: sam sammy
sandra: sandy
stephen: steve
steven: steve
stuart: stu
susan: sue susie
theodore: ted teddy
theresa: terry
terrence: terry
thomas: tom tommy
timothy: tim
victoria: vicky
vincent: vince
walter: walt
william: bill billy will
zachary: zach`

// nicknameOf says whether one of a and b is a short form of the other.
func nicknameOf(a, b string) bool {
	for _, formal := range formalNames[a] {
		if formal == b {
			return true
		}
	}
	for _, formal := range formalNames[b] {
		if formal == a {
			return true
		}
	}
	return false
}
