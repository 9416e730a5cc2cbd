package resolve

import "strings"

// muslimNames are given names of Arabic, Persian and Turkic origin, of which one is seldom
// a misspelling of another however few letters differ; spellings of one name stand in one
// line. A choice of our own.
const muslimNames = `wahid waheed
wahab wahhab
karim kareem
rahim raheem
rahman
halim haleem
salim saleem selim salem
hakim hakeem
hamid hameed
majid majeed
rashid rasheed rachid
rashad
habib
aziz
azim azeem
nasir nasser nasr
nazir nazeer
basir baseer
bashir basheer
munir muneer
amir ameer
amin ameen
yasin yaseen yassin
yasir yasser
jalil jaleel
jamil jameel
jamal gamal
kamal kemal
kamil kameel
khalil khaleel
khalid khaled
walid waleed
farid fareed
farouk faruk farooq
faisal faysal
hasan hassan
hussein hussain husayn hossein
muhsin mohsen
ahmad ahmed
hamad
hamdan
hamza
mahmud mahmoud
mahdi mehdi
masud masood
mansur mansour
maruf
mustafa
murtaza murtada
qasim qassem
qadir qadeer
latif lateef
zahir zaheer
zahid
sadiq sadeq
sabir
samir sameer
sami
said saeed
saad sad
sayed
ali
ala
umar omar
ammar
anwar
akbar
akram
asad
asif
arif aref
atif
ayub ayoub
yunus younis
yusuf yousef
yaqub yacoub
ibrahim
ismail
ishaq
idris
ilyas
imran
irfan
usman osman
adnan
adil adel
tahir taher
tariq
talib taleb
jabir jaber
jafar
haidar haider
hadi
hani
haji
daud dawood
dost
fazl
ghani
ghazi
nur noor
nabi
nabil
naim naeem
rafiq
rauf
riaz riyad
sharif
shakir
shams
sultan
zaki
zia`

// distinctPairs are given names of few letters' difference that two people have: a man's
// and a woman's, or two of one sound.
const distinctPairs = `francis frances
gabriel gabrielle
igor egor
igor yegor
oleg olga
marin maria
carlo carla
adrian adriana
adrian adrienne
michel michelle
rene renee
andre andrea
emil emily
emile emilie
noel noelle
daniel daniela
marcel marcelle
pascal pascale
simon simone
jean jeanne
jean jane
jan jana
joan john
joan juan
leon leona
louis louise
luis luisa
paul paula
pavel pavla
philip philippa
roman romana
valentin valentina
valery valerie
vera vero
yves yvette
yvon yvonne
alexis alexa
angel angela
antoine antoinette
bernard bernadette
claude claudette
claudio claudia
dennis denise
dominic dominique
eugene eugenie
fabien fabienne
georges georgette
gerard geraldine
henri henriette
ivan ivana
julien julienne
justin justine
lucien lucienne
martin martine
maxim maxine
nicolas nicole
olivier olivia
robert roberta
stefan stefanie
thomas thomasina
victor victoria
vivien vivienne`

// oneOf maps each word of a line to the line's first.
func oneOf(lines string) map[string]string {
	m := map[string]string{}
	for line := range strings.Lines(lines) {
		all := strings.Fields(line)
		for _, w := range all {
			m[w] = all[0]
		}
	}
	return m
}

var muslim = oneOf(muslimNames)

var distinct = func() map[[2]string]bool {
	m := map[[2]string]bool{}
	for line := range strings.Lines(distinctPairs) {
		if w := strings.Fields(line); len(w) == 2 {
			m[[2]string{w[0], w[1]}], m[[2]string{w[1], w[0]}] = true, true
		}
	}
	return m
}()

// twoNames says whether a and b, which differ in a few letters, are two names that people
// have, and no misspelling.
func twoNames(a, b string) bool {
	if distinct[[2]string{a, b}] {
		return true
	}
	x, y := muslim[a], muslim[b]
	return x != "" && y != "" && x != y
}

// surnameEnds are endings that many surnames of a language share: letters in which two
// surnames agree there tell nothing.
var surnameEnds = strings.Fields("ovich evich ovych enko sky ski skiy skyi skij skii ova eva ina ov ev in off eff shvili dze yan ian son sen sson stein berg mann " +
	"ов ев ин ова ева ина ский ская енко ович евич ян дзе швили")

// stemsApart says whether two surnames of one ending differ in half of what is before it,
// or more: "Kozlov", "Krylov".
func stemsApart(a, b string, edits int) bool {
	for _, end := range surnameEnds {
		x, okX := strings.CutSuffix(a, end)
		y, okY := strings.CutSuffix(b, end)
		if okX && okY && x != "" && y != "" {
			return edits > 1 && edits*2 >= min(len([]rune(x)), len([]rune(y)))
		}
	}
	return false
}

// pinyinApart says whether two given names of two Chinese syllables each have another
// second one: "Jianguo", "Jianhua".
func pinyinApart(a, b string, edits int) bool {
	return edits > 1 && twoSyllables(a) && twoSyllables(b)
}

func twoSyllables(s string) bool { return len(s) >= 5 && pinyinTwo.MatchString(s) }
