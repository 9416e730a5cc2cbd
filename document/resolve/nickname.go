package resolve

import (
	"slices"
	"strings"
)

// formalNames are the given names that a short one may stand for: the common ones of
// English, some of other languages, a choice of our own. A table that knows more
// joins more people wrongly. A fuller list is github.com/carltonnorthern/nicknames, by the Web
// Science and Digital Libraries group of Old Dominion University.
var formalNames = readNicknames(nicknames)

func readNicknames(table string) map[string][]string {
	m := map[string][]string{}
	for line := range strings.Lines(table) {
		formal, short, _ := strings.Cut(strings.TrimSpace(line), ": ")
		for _, s := range strings.Fields(short) {
			m[s] = append(m[s], formal)
		}
	}
	return m
}

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
john: jack johnny jon
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
zachary: zach
charles: chas
george: geo
benjamin: benj
edward: edw
alexander: alexr
frederick: fredk
aaron: ronnie
agnes: aggie
alan: al
alejandro: alex
aleksandr: alex sasha
alexei: alyosha
alice: allie
amanda: mandy
anastasia: nastya
angela: angie
ann: annie
antonio: tony tono
arthur: art
bernard: bernie
bertram: bert
caroline: carrie
cecilia: cece
clifford: cliff
clinton: clint
concepcion: concha
dmitri: dima mitya
dolores: lola
eduardo: eddie lalo
edwin: ed eddie
ekaterina: katya
eleanor: ellie nell nora
enrique: quique
ernest: ernie
ferdinand: ferdi
florence: flo
francisco: frank paco pancho
friedrich: fritz
gabriel: gabe
gabrielle: gabby
geoffrey: geoff jeff
giuseppe: beppe
guadalupe: lupe
guillermo: memo
heinrich: heinz
herbert: herb
howard: howie
ignacio: nacho
irving: irv
isabella: bella izzy
ivan: vanya
jesus: chuy
johannes: hans jan
jose: pepe
josef: sepp
katharina: kathe
leonardo: leo
leopold: leo
lillian: lily
louise: lou
lucille: lucy
luis: lucho
manuel: manny manolo
maria: masha
marjorie: margie marge
maximilian: max
maxwell: max
melissa: missy
mikhail: misha
mitchell: mitch
mohammed: mo
natalia: natasha
nikolai: kolya
norman: norm
pavel: pasha
penelope: penny
priscilla: cilla
rafael: rafa
ramon: moncho
randall: randy
randolph: randy
reginald: reg reggie
roberto: beto
rodney: rod
roger: rog
rosemary: rosie
rudolph: rudy
russell: russ
salvatore: sal
sarah: sally
sebastian: seb bastian
sergei: seryozha
sidney: sid
stanley: stan
sylvester: sly
teresa: tess tessa
tobias: toby
valentina: valya
august: gus
augustus: gus
constantine: gus dino
konstantinos: gus kostas
evgenia: zhenya
yevgenia: zhenya
tatiana: tanya
nicolas: nick nico
nikolaos: nick nikos
nikolas: nick
valerie: val
veronica: ronnie
virginia: ginny
vladimir: vova volodya vlad
wilhelm: willi
winston: win
yevgeny: zhenya
yuri: yura`

// nicknameOf says whether one of a and b is a short form of the other.
func nicknameOf(a, b string) bool {
	return slices.Contains(formalNames[a], b) || slices.Contains(formalNames[b], a)
}
