package resolve

import (
	"slices"
	"strings"

	"github.com/hbollon/go-edlib"
)

// liability is what kind of body a legal form makes, alike in all countries.
type liability int

const (
	anyKind     liability = iota // a word that many forms go by: company, limited
	stock                        // shares that may be offered to the public
	private                      // a company of a closed circle of members
	partnership                  // partners, some of them liable
	cooperative
	professional // licensed people: doctors, lawyers
)

// A legalForm is a legal form as a name has it.
type legalForm struct {
	short   string // one for all spellings
	country string // "" where several countries have it
	kind    liability
}

// legalForms are the legal forms of companies by their spellings, as words without
// dots and accents. Source: the ISO 20275 list of entity legal forms that GLEIF
// keeps, as facts; a choice of the common ones.
//
// Each line: country, kind, short form, then spellings separated by "|".
var legalForms, longestForm = readForms(`
us stock inc: inc | incorporated | incorporation
- any corp: corp | corporation
- any co: co | company | compania | compagnie | cia | cie | cos | companies
- any ltd: ltd | limited | ltee | limitee | limited company | unlimited
us private llc: llc | lc | limited liability company | limited liability co | limited liability society | society with limited liability
us professional pllc: pllc | professional limited liability company
us professional pc: pc | professional corporation
us professional pa: professional association
us partnership gp: general partnership
us partnership lp: lp | limited partnership
us partnership llp: llp | limited liability partnership
us partnership lllp: lllp | limited liability limited partnership
us any na: national association
gb stock plc: plc | public limited company
gb private pvtltd: pvt ltd | private limited | pte ltd | pty ltd | proprietary limited | co ltd | company limited | company ltd | co limited | coltd | ltd co | pvt limited | private ltd | pte | pty | private company limited by shares
de stock ag: ag | aktiengesellschaft
de private gmbh: gmbh | gesmbh | ges mbh | gesellschaft mit beschraenkter haftung | gesellschaft mit beschrankter haftung | ggmbh | mbh
de private ug: ug | unternehmergesellschaft
de partnership kg: kg | kommanditgesellschaft | gmbh and co kg | gmbh co kg | ag and co kg
de partnership kgaa: kgaa | kommanditgesellschaft auf aktien
de partnership ohg: ohg | offene handelsgesellschaft
de cooperative eg: eg | eingetragene genossenschaft
de any ev: ev | eingetragener verein
- stock se: se | societas europaea
- stock sa: sa | societe anonyme | sociedad anonima | sociedade anonima | spolka akcyjna | sau
- private sarl: sarl | societe a responsabilite limitee
fr stock sas: sas | societe par actions simplifiee | sasu
fr private eurl: eurl
fr partnership sca: sca | scs | societe en commandite simple | societe en commandite par actions
fr partnership snc: snc | societe en nom collectif
- private srl: srl | societa a responsabilita limitata | sociedad de responsabilidad limitada | s de rl | srls
mx stock sadecv: sa de cv | sapi de cv | sab de cv
mx private srldecv: srl de cv | s de rl de cv
it stock spa: spa | societa per azioni
es private sl: sl | sociedad limitada | slu | sociedad limitada unipersonal
pt private lda: lda | ltda | limitada
nl stock nv: nv | naamloze vennootschap
nl private bv: bv | besloten vennootschap
nl partnership cv: commanditaire vennootschap | vof | vennootschap onder firma
nl cooperative coop: coop | cooperatieve | cooperatie ua
ch private sagl: sagl
br private eireli: eireli
pe stock sac: sac | saa
be private bvba: bvba | sprl
dk stock as: a s | as | aktieselskab | aksjeselskap
no stock asa: asa | allmennaksjeselskap
is private ehf: ehf | einkahlutafelag
is stock hf: hf
dk private aps: aps | anpartsselskab
se partnership kb: kommanditbolag | handelsbolag
se stock ab: ab | aktiebolag | publ ab
fi stock oy: oy | oyj | osakeyhtio
pl partnership spk: sp k | spk | spolka komandytowa | sp j | spj | spolka jawna
pl private spzoo: sp z oo | sp zoo | spzoo | spolka z oo | spolka z ograniczona odpowiedzialnoscia
cz private sro: sro | spol sro | spolecnost s rucenim omezenym
sk stock askova: akciova spolecnost | akciova spolocnost
hu private kft: kft | korlatolt felelossegu tarsasag
hu stock zrt: zrt | nyrt
hr private doo: doo | доо | drustvo s ogranicenom odgovornoscu | drustvo sa ogranicenom odgovornoscu
hr stock dd: dd | dionicko drustvo
bg private ood: ood | eood | оод | еоод
bg stock ad: ad | ead | ад | еад | akcionarsko drustvo
lt private uab: uab | uzdaroji akcine bendrove
lv private sia: sia | sabiedriba ar ierobezotu atbildibu
lv stock asl: akciju sabiedriba
ee private ou: ou | osauhing
kz private too: too | тоо | tovarishchestvo s ogranichennoi otvetstvennostyu
ua stock at: ат | пат | прат | зат | ват | pat | prat
ru any fgup: fgup | фгуп | гуп | gup | federal state unitary enterprise | state unitary enterprise
tr stock asti: a s | anonim sirketi
- stock jsc: jsc | joint stock company | joint stock co | joint stock | open joint stock company | ojsc | private joint stock company | public joint stock company | pjsc | closed joint stock company | cjsc | public jsc | private jsc | closed jsc | open jsc | pub jsc
ru stock zao: zao | зао | закрытое акционерное общество | zakrytoe aktsionernoe obshchestvo
ru stock ao: ao | ао | акционерное общество | aktsionernoe obshchestvo | oao | оао | открытое акционерное общество | otkrytoe aktsionernoe obshchestvo | pao | пао | публичное акционерное общество | publichnoe aktsionernoe obshchestvo
ru private ooo: ooo | ооо | общество с ограниченной ответственностью | obshchestvo s ogranichennoi otvetstvennostiu | obshchestvo s ogranichennoy otvetstvennostyu
ua private tov: tov | тов | товариство з обмеженою відповідальністю
gr stock ae: ae | αε | ανωνυμη εταιρεια
jp private gk: godo kaisha | 合同会社 | 有限会社 | yugen kaisha
jp stock kk: kk | kabushiki kaisha | kabushiki gaisha | 株式会社
cn private youxian: 有限公司 | 有限责任公司 | youxian gongsi
cn stock gufen: 股份有限公司
kr stock jusik: 주식회사
us partnership rllp: rllp
ca private ulc: ulc | unlimited liability company
gb any cic: cic | community interest company
fr any sci: sci | societe civile immobiliere
fr any gie: gie | groupement dinteret economique
be any asbl: asbl | vzw
dk partnership ks: k s | kommanditselskab
dk partnership is: i s | interessentskab
se partnership hb: hb
gr private epe: epe | επε
hu partnership bt: bt | beteti tarsasag
hr private jdoo: jdoo
al private shpk: shpk | sh p k
al stock sha: sh a
mk private dooel: dooel
tr private ltdsti: ltd sti | limited sirketi | ltd sirketi
ve stock ca: compania anonima
pe private eirl: eirl | empresa individual de responsabilidad limitada
bh stock bsc: bsc | bsc c
kw stock ksc: ksc | kscp | kscc
ae private fze: fze | fzco | fzc | fz llc | fze llc | dmcc | jlt | fzc llc
qa private wll: wll
om stock saog: saog | saoc
lb stock sal: sal
eg stock sae: sae
- stock berhad: bhd | berhad | sdn bhd
id private pt: pt | tbk | pt tbk | perseroan terbatas
th stock pcl: pcl | public company limited
- private sarl: sa rl | sa r l | s a r l
hu stock zrt: zartkoruen mukodo reszvenytarsasag | nyilvanosan mukodo reszvenytarsasag | reszvenytarsasag
vn private tnhh: cong ty tnhh | tnhh | cong ty trach nhiem huu han | cong ty tnhh mtv | cong ty tnhh mot thanh vien
vn stock ctcp: cong ty co phan | ctcp | cong ty cp
ro stock sa: societate pe actiuni
ro private srl: societate cu raspundere limitata
kr private yuhan: 유한회사 | yuhan hoesa
kr stock jusik: jusik hoesa | chusik hoesa
cn private youxian: youxian zeren gongsi
cn stock gufen: gufen youxian gongsi
tw private ltdco: ltd company
gb partnership lp: scottish limited partnership
gb any cio: cio | charitable incorporated organisation
ie private dac: dac | designated activity company
ie any clg: clg | company limited by guarantee
ie private teo: teoranta
ie stock cpt: cuideachta phoibli theoranta
za private pty: pty
nz any lp: nz limited
de partnership partgmbb: partgmbb | partg mbb | partg | partnerschaftsgesellschaft
de partnership gbr: gbr | gesellschaft burgerlichen rechts | gesellschaft buergerlichen rechts
de partnership kg: gmbh and cokg | gmbh und co kg | ag und co kg | se and co kg | ug and co kg
at private flexco: flexco
ch stock ag: akg
fr stock sca: societe en commandite par actions
fr any sc: societe civile
fr any selarl: selarl | selas
it partnership snc: societa in nome collettivo
it partnership sas: societa in accomandita semplice
it cooperative scarl: scarl | scrl | societa cooperativa | soc coop
es cooperative scoop: sociedad cooperativa | s coop
es private sll: sll | sociedad limitada laboral
pt private unipessoal: unipessoal lda | sociedade unipessoal lda | sociedade unipessoal
br private ltda: ltda | sociedade limitada
br stock sab: sa de capital aberto
co private sascol: sociedad por acciones simplificada
cl private spa: sociedad por acciones
ar private srl: soc de resp ltda
nl private bv: beperkte aansprakelijkheid
be stock nv: nvsa | sanv
be any aisbl: aisbl | ivzw
lu private sarls: sarls
lu partnership scsp: scsp | societe en commandite speciale
dk private ivs: ivs | ivaerksaetterselskab
no any ans: ans | ansvarlig selskap
no cooperative sa-no: samvirkeforetak
se cooperative ekfor: ekonomisk forening
fi partnership ky: ky | kommandiittiyhtio
fi cooperative osk: osk | osuuskunta
ee stock as: aktsiaselts
lv stock as: akciju sabiedriba
lt private uab: uzdaroji akcine bendrove
lt private mb: mazoji bendrija
cz stock as-cz: a s | akciova spolecnost
cz any vos: vos | verejna obchodni spolecnost
si private doo: druzba z omejeno odgovornostjo
si stock dd: delniska druzba
rs stock ad: akcionarsko drustvo
ba private doo: drustvo s ograniceno odgovornoscu
bg private ood: druzhestvo s ogranichena otgovornost
bg stock ad: aktsionerno druzhestvo
by private ooo: obshchestvo s dopolnitelnoi otvetstvennostiu | одо
ru any nko: нко | ано | ano
ru private ip: ип | individualnyi predprinimatel
kz stock jsc: aktsionerlik qogamy
uz private mchj: mchj | masuliyati cheklangan jamiyat
ge private shps: შპს | shps
ge stock ss: სს
am private spy: spy | սպը
il private baam: בעמ | baam | bm
ae private llc: ذمم | شذمم | شمم | ذ م م | ش م م | ش ذ م م
eg stock sae: شمم مصرية
ma private sarlau: sarl au
dz private eurl: eurl
ir stock sahami: sahami am | سهامی عام
ir private sahamikhas: sahami khass | سهامی خاص
in private pvtltd: p ltd | private limited company | pvt limited company
in partnership llp: llp
pk private pvtltd: smc pvt ltd
my private sdnbhd: sendirian berhad
ph stock inc: incorp
sg private pvtltd: private limited company
th private coltd: borisat chamkat | บริษัท | จำกัด
us private llc: limited liability corporation | ltd liability co | ltd liability company | limited liab co
us stock inc: incorporation | incorporated company
us stock pbc: pbc | public benefit corporation
us professional psc: professional service corporation | professional services corporation
us partnership lp: ltd partnership
us any na: natl assn | national assn
`)

var kinds = map[string]liability{
	"any": anyKind, "stock": stock, "private": private, "partnership": partnership, "cooperative": cooperative, "professional": professional,
}

// readForms reads the table, and says how many words the longest spelling has.
func readForms(table string) (forms map[string]legalForm, longest int) {
	forms = map[string]legalForm{}
	for line := range strings.Lines(table) {
		head, spellings, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok {
			continue
		}
		h := strings.Fields(head)
		form := legalForm{short: h[2], country: strings.Trim(h[0], "-"), kind: kinds[h[1]]}
		for spelling := range strings.SplitSeq(spellings, " | ") {
			w := strings.Fields(spelling)
			if key := strings.Join(w, " "); forms[key].short == "" {
				forms[key] = form
			}
			longest = max(longest, len(w))
		}
	}
	return forms, longest
}

// takeForms takes the legal forms out of a name's words. The first word is one
// only if a name is left, and there are others.
func takeForms(w []string) (rest []string, forms []legalForm) {
	for i := 0; i < len(w); {
		n := min(longestForm, len(w)-i)
		for ; n > 0; n-- {
			if f, ok := legalForms[strings.Join(w[i:i+n], " ")]; ok && len(w) > n && formStands(w, i, n, f) {
				forms = append(forms, f)
				break
			}
		}
		if n == 0 {
			rest = append(rest, w[i])
			n = 1
		}
		i += n
	}
	if len(rest) == 0 {
		return w, nil
	}
	if len(forms) > 1 {
		// "Co., Ltd." and "Corporation, Joint Stock Company" are as the telling one.
		telling := slices.DeleteFunc(slices.Clone(forms), func(f legalForm) bool { return f.kind == anyKind })
		if len(telling) > 0 {
			forms = telling
		}
	}
	return rest, forms
}

// formStands says whether the n words at i stand where a legal form does: at the
// end, at the beginning if it is no word of every day, or before a bracketed part.
func formStands(w []string, i, n int, f legalForm) bool {
	switch {
	case i+n == len(w):
		return true
	case fillers[w[i+n]] && w[i+n] != "and":
		return false // "Int'l Bhd. of Teamsters"
	case i == 0:
		return f.kind != anyKind
	}
	return f.kind != anyKind || restIsForms(w[i+n:])
}

func restIsForms(w []string) bool {
	for len(w) > 0 {
		n := min(longestForm, len(w))
		for ; n > 0; n-- {
			if _, ok := legalForms[strings.Join(w[:n], " ")]; ok {
				break
			}
		}
		if n == 0 {
			return false
		}
		w = w[n:]
	}
	return true
}

// forms compares legal forms. A form that is missing or of no certain kind
// contradicts none; two forms of one country do, and two of different kinds.
func (f *finding) forms(a, b []legalForm) {
	switch {
	case len(a) == 0 && len(b) == 0:
	case len(a) == 0 || len(b) == 0:
		f.doubt(0.05, "only one has a legal form")
	default:
		x, y := a[len(a)-1], b[len(b)-1]
		switch {
		case x.short == y.short:
		case x.kind == anyKind || y.kind == anyKind:
			f.doubt(0.05, "legal forms are written differently: %s, %s", x.short, y.short)
		case x.short == "pvtltd" && eastern[y.country] || y.short == "pvtltd" && eastern[x.country]:
			f.doubt(0.05, "legal forms may mean one: %s, %s", x.short, y.short)
		case x.kind != y.kind:
			f.contradict("legal forms differ in kind: %s, %s", x.short, y.short)
		case x.country != "" && x.country == y.country:
			f.contradict("legal forms differ: %s, %s", x.short, y.short)
		default:
			f.doubt(0.05, "legal forms mean one kind: %s, %s", x.short, y.short)
		}
	}
}

// eastern are countries whose companies of all forms call themselves "Co., Ltd." in English.
var eastern = set(`cn hk jp kr tw th vn`)

// writtenForms takes a misspelt legal form off what is left of a name that has
// none, where the other has it: "Aktiengeselschaft".
func writtenForms(rest []word, own, others []legalForm) ([]word, []legalForm) {
	if len(rest) != 1 || len(own) > 0 || len(others) == 0 {
		return rest, own
	}
	form := others[len(others)-1]
	for spelling, f := range legalForms {
		if f.short == form.short && edlib.OSADamerauLevenshteinDistance(spelling, rest[0].text) <= max(1, len(spelling)/6) {
			return nil, others
		}
	}
	return rest, own
}
